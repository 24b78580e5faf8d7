import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import { openFolderStore } from '../../worker/adapters/store/folder-store.ts';
import type { S3Config } from '../../worker/adapters/store/s3-client.ts';
import { openS3Store, type S3Options } from '../../worker/adapters/store/s3-store.ts';
import type { Log, Store } from '../../worker/core/ports.ts';
import type { S3Access } from '../services/s3-server.ts';

/** A log that nobody reads. */
export const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** A bucket's configuration with a prefix of its own. */
export function s3Config(access: S3Access, changes: Partial<S3Config> = {}): S3Config {
  return {
    kind: 's3',
    bucket: access.bucket,
    prefix: `${randomUUID()}/`,
    endpoint: access.endpoint,
    publicEndpoint: undefined,
    region: 'us-east-1',
    credentials: access.credentials,
    cacheBytes: 1e9,
    ...changes,
  };
}

/** Opens a store whose files of this machine lie in `folder`, with times that suit a test. */
export function openTestS3(config: S3Config, folder: string, times: S3Options['times'] = {}): Promise<Store> {
  const cacheFolder = join(folder, 'cache');
  return openS3Store(config, {
    cacheFolder,
    log: silent,
    times: { patienceMs: 5_000, silenceMs: 1_000, ...times },
  });
}

/** One kind of store and how many machines see the same one. */
export interface StoreKind {
  /** Opens the store of the test that owns `root`, as a machine with files of its own. */
  readonly open: (root: string, machine?: string) => Promise<Store>;
}

const folderKind: StoreKind = { open: (root) => openFolderStore(join(root, 'store')) };

const s3Kind: StoreKind = {
  open: (root, machine = 'one') =>
    openTestS3(s3Config(inject('s3'), { prefix: `${root.split('/').at(-1)}/` }), join(root, machine)),
};

/** Every kind of store there is, for tests that each of them must pass. */
export const storeKinds: readonly (readonly [string, StoreKind])[] = [
  ['a folder', folderKind],
  ['a bucket', s3Kind],
];
