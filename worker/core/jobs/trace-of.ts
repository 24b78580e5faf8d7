/** Causes beyond this many are of no help. */
const mostErrors = 5;

/**
 * What kind of error it was, what caused it, and where they arose, for the log: names and codes on one
 * line, then stack frames. Messages are left out, since those of drivers and scenes quote the values
 * that they failed on.
 */
export function traceOf(error: unknown): string {
  const kinds: string[] = [];
  const frames: string[] = [];
  let each: unknown = error;
  while (each instanceof Error && kinds.length < mostErrors) {
    const { name, message, stack = '' } = each;
    kinds.push('code' in each && typeof each.code === 'string' ? `${name} ${each.code}` : name);
    const lines = stack.replace(message, '').split('\n');
    frames.push(...lines.filter((line) => /^\s+at /.test(line)));
    each = each.cause;
  }
  return kinds.length === 0 ? `a thrown ${typeof error}` : [kinds.join(', caused by '), ...frames].join('\n');
}
