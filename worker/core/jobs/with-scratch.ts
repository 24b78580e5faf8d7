import { unlink } from 'node:fs/promises';
import type { Store } from '../ports.ts';

/** Makes a temporary file and publishes it. @param use publishes it, which moves it away. */
export async function withScratch<T>(
  store: Pick<Store, 'scratch'>,
  extension: string,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = await store.scratch(extension);
  try {
    return await use(file);
  } catch (error) {
    // A file that cannot be removed is swept with its process.
    await unlink(file).catch(() => undefined);
    throw error;
  }
}
