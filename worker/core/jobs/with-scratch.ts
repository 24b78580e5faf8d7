import { rm } from 'node:fs/promises';
import type { Store } from '../ports.ts';

/** A temporary file that is gone afterwards, whatever happens to it in between. */
export async function withScratch<T>(
  store: Pick<Store, 'scratch'>,
  extension: string,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = await store.scratch(extension);
  try {
    return await use(file);
  } finally {
    await rm(file, { force: true });
  }
}
