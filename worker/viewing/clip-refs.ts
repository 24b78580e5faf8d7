import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../core/keyring.ts';

/** A clip's key, then a signature of 16 bytes. */
const refPattern = /^(?<key>[0-9a-f]{64})(?<signature>[\w-]{22})$/;

const signatureOf = (keyring: Keyring, key: string, link: string): string =>
  Buffer.from(keyring('clip-ref', { key, link }), 'hex').subarray(0, 16).toString('base64url');

/** The name under which viewers by one link, and by no other, ask for a clip. @param link its random part. */
export function writeClipRef(keyring: Keyring, key: string, link: string): string {
  return key + signatureOf(keyring, key, link);
}

/** The key of a clip whose name was signed for this link; `undefined` for anything else. */
export function readClipRef(keyring: Keyring, ref: string, link: string): string | undefined {
  const { key, signature } = refPattern.exec(ref)?.groups ?? {};
  if (key === undefined || signature === undefined) return undefined;
  const expected = signatureOf(keyring, key, link);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature)) ? key : undefined;
}
