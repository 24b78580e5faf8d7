import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../core/keyring.ts';

/** A clip's key, then a signature of 16 bytes. */
const refPattern = /^(?<key>[0-9a-f]{64})(?<signature>[\w-]{22})$/;

const signatureOf = (keyring: Keyring, key: string, video: string): string =>
  Buffer.from(keyring('clip-ref', { key, video }), 'hex').subarray(0, 16).toString('base64url');

/** The name under which viewers of one video, and of no other, ask for a clip. */
export function writeClipRef(keyring: Keyring, key: string, video: string): string {
  return key + signatureOf(keyring, key, video);
}

/** The key of a clip that viewers of this video were told of; `undefined` for anything else. */
export function readClipRef(keyring: Keyring, ref: string, video: string): string | undefined {
  const { key, signature } = refPattern.exec(ref)?.groups ?? {};
  if (key === undefined || signature === undefined) return undefined;
  const expected = signatureOf(keyring, key, video);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature)) ? key : undefined;
}
