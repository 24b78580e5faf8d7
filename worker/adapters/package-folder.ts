import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * The `node_modules` folders in which a module looks for packages, nearest first. If this project is itself an
 * installed package, its dependencies may be in the folder that contains it.
 *
 * @param from an absolute folder.
 */
export const packageFolders = (from: string): readonly string[] =>
  createRequire(path.join(from, 'package.json')).resolve.paths('any') ?? [];

/** The folder of an installed package, as a module in the folder `from` finds it, or `undefined`. */
export const packageFolder = (name: string, from: string): string | undefined =>
  packageFolders(from)
    .map((folder) => path.join(folder, name))
    .find((folder) => existsSync(path.join(folder, 'package.json')));
