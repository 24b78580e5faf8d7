import { InvalidRequest } from './invalid-request.ts';

/** Deeper than anything that is asked for, and shallow enough for any recursive reader. */
const deepest = 32;

const refuse = (message: string): InvalidRequest =>
  new InvalidRequest('request-invalid', message, [{ pointer: '', message }]);

/** Whether brackets are nested deeper than `limit`; one pass over the bytes, nothing is built. */
function isDeeperThan(bytes: Buffer, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return false;
}

/** Where in the text a parser gave up, as a person finds it. */
function describePlace(text: string, error: unknown): string {
  const offset = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  const before = text.slice(0, offset === undefined ? text.length : Number(offset));
  const line = before.split('\n').length;
  return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
}

/**
 * Reads a JSON body: UTF-8, nested at most 32 deep. An empty body is `undefined`.
 *
 * @throws InvalidRequest that says where the text stops being JSON, but not what stands there.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (isDeeperThan(bytes, deepest)) throw refuse(`The body is nested deeper than ${deepest} levels.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('The body is not encoded as UTF-8.');
  }
  try {
    return JSON.parse(text, (name, value: unknown) => {
      // It would reach a prototype where values are copied carelessly.
      if (name === '__proto__') throw refuse('The body holds a field named "__proto__".');
      return value;
    });
  } catch (error) {
    if (error instanceof InvalidRequest) throw error;
    throw refuse(`The body is not JSON: reading stopped at ${describePlace(text, error)}.`);
  }
}
