import { copyFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Shelf, Store } from '../ports.ts';

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
    // Published, it has moved; a file that cannot be removed is swept with its process.
    await unlink(file).catch(() => undefined);
  }
}

/** Publishes a copy of a local file as `derived`: a power cut may lose it, and it can be made again. */
export async function publishCopy(
  store: Pick<Store, 'scratch' | 'publish'>,
  shelf: Shelf,
  name: string,
  source: string,
): Promise<void> {
  await withScratch(store, path.extname(name).slice(1), async (file) => {
    await copyFile(source, file);
    await store.publish(shelf, name, file, { derived: true });
  });
}
