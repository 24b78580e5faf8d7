import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Destination, Store } from '../../core/ports.ts';
import { storageError } from '../store/storage-error.ts';
import { exportedMode, place } from './folder-destination.ts';

/**
 * One file on this machine that receives a single video, without poster, teaser and captions.
 *
 * @throws BespokeError `directory-not-writable` when its folder is not there or cannot be written to.
 */
export async function openFileDestination(file: string, store: Store): Promise<Destination> {
  const target = path.resolve(file);
  const folder = path.dirname(target);
  const present = await stat(target).catch(() => undefined);
  if (present?.isDirectory() === true) {
    throw new BespokeError('directory-not-writable', `${target} is a folder; name a file in it.`);
  }
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'does not exist' : 'cannot be written to';
    throw new BespokeError('directory-not-writable', `The folder ${folder} ${why}.`, { cause: error });
  }
  return {
    name: target,
    withPictures: false,
    holds: async () => (await stat(target).catch(() => undefined))?.isFile() === true,
    deliver: async (_fileName, files) => {
      try {
        await place(await store.fetch('videos', files.video), target, await exportedMode(folder));
      } catch (error) {
        throw storageError(error, folder);
      }
    },
  };
}
