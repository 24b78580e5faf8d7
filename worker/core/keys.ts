import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key may do. `admin` includes the others; of these, none includes another. */
export type Scope = 'render' | 'read' | 'conversions' | 'admin';

/** A key as it is remembered: never the key itself. */
export interface ApiKey {
  /** Shown in lists and part of the key's text; not secret. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the secret part, hex. It holds 256 random bits, so a slow hash would protect nothing. */
  readonly hash: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | undefined;
}

/** The keys of a deployment. */
export interface Keys {
  readonly add: (key: Omit<ApiKey, 'createdAt' | 'revokedAt'>) => Promise<ApiKey>;
  /** Adds it where no key was ever made. @returns whether it did, exactly once in a deployment. */
  readonly addFirst: (key: Omit<ApiKey, 'createdAt' | 'revokedAt'>) => Promise<boolean>;
  /** Revoked ones too. */
  readonly find: (id: string) => Promise<ApiKey | undefined>;
  /** Oldest first, revoked ones too. */
  readonly list: () => Promise<readonly ApiKey[]>;
  /** @returns whether the key exists; one that was revoked before stays as it is. */
  readonly revoke: (id: string) => Promise<boolean>;
}

/** SHA-256 of a key's secret part, hex. */
function hashSecret(secret: string): string {
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
