/** Ends with 0 when the process of this container answers in time, with 1 when it does not. */
setTimeout(() => process.exit(1), 4_000);
const answer = await fetch('http://127.0.0.1:8787/healthz').catch(() => undefined);
process.exit(answer?.ok === true ? 0 : 1);
