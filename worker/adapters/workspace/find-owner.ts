import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, storageError } from '../store/storage-error.ts';
import { knock, type Holder } from './knock.ts';
import { shortPathTo } from './short-path.ts';

/** An owner that serves the API of its workspace. */
export type ServingOwner = Holder & { readonly api: NonNullable<Holder['api']> };

/** The longest name of a socket in a workspace. */
export const longestSocketName = 32;

/**
 * Looks for an owner of a workspace that serves the API to its user. Changes nothing.
 *
 * @param folder only for sockets of the workspace; it need not exist.
 */
export async function findOwner(folder: string): Promise<ServingOwner | undefined> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(error, folder);
  }
  if (names.length === 0) return undefined;
  const short = await shortPathTo(folder, longestSocketName);
  try {
    for (const name of names) {
      const { holder } = (await knock(join(short.folder, name))) ?? {};
      if (holder?.api !== undefined) return { ...holder, api: holder.api };
    }
    return undefined;
  } finally {
    await short.drop();
  }
}
