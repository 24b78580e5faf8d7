/** What a key may do. `admin` includes the others; `render` does not include `read`. */
export type Scope = 'render' | 'read' | 'admin';

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
