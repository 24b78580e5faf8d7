import type { Keyring } from '../core/keyring.ts';
import { isSigned, sign, signaturePattern } from '../core/signature.ts';

/** A clip's key, then a signature. */
const refPattern = new RegExp(`^(?<key>[0-9a-f]{64})${signaturePattern}$`);

/** The name under which viewers by one link, and by no other, ask for a clip. @param link its random part. */
export function writeClipRef(keyring: Keyring, key: string, link: string): string {
  return key + sign(keyring, 'clip-ref', { key, link });
}

/** The key of a clip whose name was signed for this link; `undefined` for anything else. */
export function readClipRef(keyring: Keyring, ref: string, link: string): string | undefined {
  const { key, signature } = refPattern.exec(ref)?.groups ?? {};
  if (key === undefined || signature === undefined) return undefined;
  return isSigned(keyring, 'clip-ref', { key, link }, signature) ? key : undefined;
}
