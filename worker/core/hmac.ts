import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../video/story/canonical-json.ts';

/** What is hashed. Hashes of different purposes never meet, even over equal content. */
export type HmacPurpose =
  | 'clip'
  /** What all clips of a scene have in common. */
  | 'scene'
  | 'mix'
  | 'terms'
  | 'video'
  | 'image-url'
  | 'audio-url'
  | 'secret-fingerprint'
  | 'row-id'
  /** A customer, by the operator's id for them. */
  | 'person'
  /** What someone did, by the client's key for it or by all that it consists of. */
  | 'conversion'
  | 'link'
  /** Whose link it is: a customer in a campaign. */
  | 'link-owner'
  /** Which customers are held out. */
  | 'holdout'
  /** Which variant of a story a customer is assigned to. */
  | 'variant'
  /** A scene's cut, by its parts and the scene's code. */
  | 'cut'
  /** Which parts are drawn again. */
  | 'proof'
  | 'pass'
  | 'clip-ref'
  | 'sound'
  /** What a voice says. */
  | 'speech'
  | 'story'
  | 'request'
  | 'still'
  | 'webhook-secret'
  | 'webhook-endpoint'
  /** What a video shows, for clients. */
  | 'content';

/**
 * Names content without revealing it: HMAC-SHA-256 over its canonical JSON, 64 hex digits. A plain
 * hash of a first name could be guessed; this cannot without the deployment's secret.
 */
export type Hmac = (purpose: HmacPurpose, content: unknown) => string;

/** @param secret at least 32 bytes. */
export function hmacWith(secret: Buffer): Hmac {
  if (secret.length < 32) throw new RangeError('The secret must hold at least 32 bytes.');
  return (purpose, content) =>
    createHmac('sha256', secret)
      .update(`${purpose}\n${canonicalJson(content)}`)
      .digest('hex');
}

/** How a signature looks within a pattern: 16 bytes of an HMAC as 22 digits of base64url. */
export const signaturePattern = String.raw`(?<signature>[\w-]{22})`;

/** Signs content for one purpose. The result is safe in addresses. */
export const sign = (hmac: Hmac, purpose: HmacPurpose, content: unknown): string =>
  Buffer.from(hmac(purpose, content), 'hex').subarray(0, 16).toString('base64url');

/** Whether a signature, of 22 digits, is that of the content. Compares in constant time. */
export function isSigned(hmac: Hmac, purpose: HmacPurpose, content: unknown, signature: string): boolean {
  return timingSafeEqual(Buffer.from(sign(hmac, purpose, content)), Buffer.from(signature));
}

/** A 64-digit hex key as 16 characters: 128 bits distinguish any number of keys with a third of the memory. */
export const compactKey = (key: string): string => Buffer.from(key.slice(0, 32), 'hex').toString('latin1');
