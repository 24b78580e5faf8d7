import type { Namespace } from '../../core/ports.ts';

const shelfFolders: Readonly<Record<Namespace, string>> = {
  clips: 'clips',
  mixes: 'mixes',
  sounds: 'sounds',
  images: 'images',
  videos: 'videos',
  posters: 'posters',
  teasers: 'teasers',
  captions: 'captions',
  stills: 'stills',
  speech: 'speech',
  inputs: 'inputs',
};

const namePattern = /^[0-9a-z][0-9a-z_-]{0,127}\.[0-9a-z]{1,8}$/;

/**
 * The path of a file below a store's root: `<shelf>/<first two characters>/<name>`, the same in a folder
 * and in a bucket, so that one can be copied to the other.
 *
 * @throws RangeError for a name that is not a key with its extension; no path is built from data.
 */
export function objectName(shelf: Namespace, name: string): string {
  if (!namePattern.test(name)) throw new RangeError(`"${name}" is no name for a stored file.`);
  return `${shelfFolders[shelf]}/${name.slice(0, 2)}/${name}`;
}
