import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { makeFolder, privateModes } from '../store/make-folder.ts';
import { storageError } from '../store/storage-error.ts';

/** The paths in a workspace folder, all absolute. */
export interface Workspace {
  readonly root: string;
  /** The embedded database's files. */
  readonly database: string;
  /** The embedded store. */
  readonly store: string;
  /** Sockets of the process that owns the embedded engines. */
  readonly owner: string;
  /** Bundles and other files that can be made again. */
  readonly cache: string;
  readonly secret: string;
}

/** The paths in a workspace; nothing is created or read. */
export function workspaceAt(folder: string): Workspace {
  const root = resolve(folder);
  return {
    root,
    database: join(root, 'database'),
    store: join(root, 'store'),
    owner: join(root, 'owner'),
    cache: join(root, 'cache'),
    secret: join(root, 'secret'),
  };
}

/**
 * Opens a workspace folder, and creates it if it is missing: private to this user, and ignored by git.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full`.
 */
export async function openWorkspace(folder: string): Promise<Workspace> {
  const workspace = workspaceAt(folder);
  const { root } = workspace;
  try {
    for (const each of [root, workspace.owner, workspace.cache]) await makeFolder(each, privateModes.folder);
    const probe = join(root, `probe-${randomBytes(6).toString('hex')}`);
    await writeFile(probe, '');
    await rm(probe);
    await writeFile(join(root, '.gitignore'), '*\n', { mode: privateModes.file });
  } catch (error) {
    throw storageError(error, root);
  }
  return workspace;
}
