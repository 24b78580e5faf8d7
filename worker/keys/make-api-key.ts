import { createHash, randomBytes } from 'node:crypto';
import type { ApiKey, Scope } from '../core/keys.ts';

/** SHA-256 of a key's secret part, hex. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * Makes an API key. Its text is shown to its owner once and stored nowhere; the database stores `key`.
 *
 * @returns the text `bsp_<id>_<secret>`, and the argument of `ApiKeys.add`.
 */
export function makeApiKey(
  name: string,
  scopes: readonly Scope[],
): { readonly text: string; readonly key: Omit<ApiKey, 'createdAt' | 'revokedAt'> } {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { text: `bsp_${id}_${secret}`, key: { id, name, scopes, hash: hashSecret(secret) } };
}
