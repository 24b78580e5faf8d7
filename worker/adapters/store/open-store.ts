import type { StoreConfig } from '../../config.ts';
import type { Log, Store } from '../../core/ports.ts';
import { openFolderStore } from './folder-store.ts';

/** What a store needs besides its configuration. */
export interface StoreOptions {
  /** A folder of this machine for copies of remote files; several processes may share it. */
  readonly cacheFolder: string;
  readonly log: Log;
}

/**
 * Opens the store that is configured.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`. A remote store is not contacted yet; `probe` does that.
 */
export async function openStore(config: StoreConfig, options: StoreOptions): Promise<Store> {
  switch (config.kind) {
    case 'folder':
      return openFolderStore(config.folder);
    case 's3': {
      // The SDK takes a while to load, and commands without a bucket do not need it.
      const { openS3Store } = await import('./s3-store.ts');
      return openS3Store(config, options);
    }
    default:
      return config satisfies never;
  }
}
