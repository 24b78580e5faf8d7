import { createHmac } from 'node:crypto';
import { canonicalJson } from '../../video/story/canonical-json.ts';

/** What a key stands for. Keys of different purposes never meet, even over equal content. */
export type KeyPurpose =
  | 'clip'
  /** What all clips of a scene have in common. */
  | 'scene'
  | 'mix'
  | 'terms'
  | 'video'
  | 'image-url'
  | 'campaign'
  | 'secret-fingerprint'
  | 'row-id'
  /** A customer, by the operator's id for them. */
  | 'person'
  | 'link'
  | 'pass'
  | 'clip-ref'
  | 'sound'
  | 'story'
  | 'request'
  | 'webhook-secret'
  /** What a video shows, for clients. */
  | 'content';

/**
 * Names content without revealing it: HMAC-SHA-256 over its canonical JSON, 64 hex digits. A plain
 * hash of a first name could be guessed; this cannot without the deployment's secret.
 */
export type Keyring = (purpose: KeyPurpose, content: unknown) => string;

/** @param secret at least 32 bytes. */
export function createKeyring(secret: Buffer): Keyring {
  if (secret.length < 32) throw new RangeError('The secret must hold at least 32 bytes.');
  return (purpose, content) =>
    createHmac('sha256', secret)
      .update(`${purpose}\n${canonicalJson(content)}`)
      .digest('hex');
}
