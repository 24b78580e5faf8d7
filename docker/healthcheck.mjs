/** Ends with 0 when the process of this container answers, with 1 when it does not. */
const answer = await fetch('http://127.0.0.1:8787/healthz', { signal: AbortSignal.timeout(4_000) }).catch(
  () => undefined,
);
process.exit(answer?.ok === true ? 0 : 1);
