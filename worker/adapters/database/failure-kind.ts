/** What a failed statement means for the next step. */
export type FailureKind = 'away' | 'refused' | 'conflict' | 'disk-full' | 'slow' | 'other';

const connectionCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '53300', // too many connections
  '57P01', // shut down by an administrator
  '57P02', // crashed
  '57P03', // starting up
  '57P05', // idle session ended
  '25006', // the server is a standby now; the address may soon lead to another server
]);

const refusedCodes: ReadonlySet<string> = new Set(['3D000', '42501', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
const conflictCodes: ReadonlySet<string> = new Set(['40001', '40P01', '55P03']);
const connectionMessage = /Connection terminated|timeout exceeded when trying to connect|Query read timeout/i;
const refusedMessage = /does not support SSL|no encryption|certificate|SASL|password must be a string/i;

function kindOf(error: Error): FailureKind {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (connectionCodes.has(code) || code.startsWith('08')) return 'away';
  if (conflictCodes.has(code)) return 'conflict';
  // The server ended a statement that passed its time limit.
  if (code === '57014') return 'slow';
  if (code === '53100' || code === 'ENOSPC') return 'disk-full';
  if (refusedCodes.has(code) || code.startsWith('28')) return 'refused';
  if (connectionMessage.test(error.message)) return 'away';
  if (refusedMessage.test(error.message)) return 'refused';
  return 'other';
}

/** Looks through the causes of an error, since drivers and query builders wrap theirs. */
export function failureKind(error: unknown): FailureKind {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const kind = kindOf(each);
    if (kind !== 'other') return kind;
    if (each instanceof AggregateError && each.errors.length > 0) return failureKind(each.errors[0]);
  }
  return 'other';
}
