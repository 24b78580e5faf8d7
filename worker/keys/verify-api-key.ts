import { timingSafeEqual } from 'node:crypto';
import type { ApiKey, Keys, Scope } from '../core/keys.ts';
import { hashSecret } from './make-api-key.ts';

const pattern = /^bsp_(?<id>[0-9a-f]{12})_(?<secret>[A-Za-z0-9_-]{43})$/;

/** How long a key that was found is remembered, so that a busy client does not cost a query per request. */
const rememberedMs = 2_000;
const rememberedKeys = 1_000;

/** Whether a key may do what needs `scope`. `admin` may do everything. */
export function allows(key: ApiKey, scope: Scope): boolean {
  return key.scopes.includes(scope) || key.scopes.includes('admin');
}

/**
 * Finds keys by their texts. A revoked key is refused after two seconds at the latest, because found keys are
 * remembered that long; unknown texts are looked up each time.
 */
export function createKeyVerifier(
  keys: Pick<Keys, 'find'>,
  now: () => Date,
): (text: string) => Promise<ApiKey | undefined> {
  const remembered = new Map<string, { readonly key: ApiKey; readonly until: number }>();

  async function find(id: string): Promise<ApiKey | undefined> {
    const time = now().getTime();
    const known = remembered.get(id);
    if (known !== undefined && known.until > time) return known.key;
    remembered.delete(id);
    const key = await keys.find(id);
    if (key === undefined || key.revokedAt !== undefined) return undefined;
    if (remembered.size >= rememberedKeys) remembered.clear();
    remembered.set(id, { key, until: time + rememberedMs });
    return key;
  }

  return async (text) => {
    const { id, secret } = pattern.exec(text)?.groups ?? {};
    if (id === undefined || secret === undefined) return undefined;
    const key = await find(id);
    if (key === undefined) return undefined;
    return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(key.hash, 'hex'))
      ? key
      : undefined;
  };
}
