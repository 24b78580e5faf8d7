import { timingSafeEqual } from 'node:crypto';
import type { KeyPurpose, Keyring } from './keyring.ts';

/** How a signature looks within a pattern: 16 bytes of an HMAC as 22 digits of base64url. */
export const signaturePattern = String.raw`(?<signature>[\w-]{22})`;

/** Signs content for one purpose. The result is safe in addresses. */
export const sign = (keyring: Keyring, purpose: KeyPurpose, content: unknown): string =>
  Buffer.from(keyring(purpose, content), 'hex').subarray(0, 16).toString('base64url');

/** Whether a signature, of 22 digits, is that of the content. Compares in constant time. */
export function isSigned(
  keyring: Keyring,
  purpose: KeyPurpose,
  content: unknown,
  signature: string,
): boolean {
  return timingSafeEqual(Buffer.from(sign(keyring, purpose, content)), Buffer.from(signature));
}
