import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import project from '../../package.json' with { type: 'json' };

/** Bundles, the unpacked browser and empty databases, which all tests share. */
export const sharedCache = path.resolve('node_modules/.cache/bespoke');

/** Makes a file or folder that is not there yet. Other processes may do so at the same time. */
async function madeOnce(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const home = path.join(sharedCache, `${name}-${project.dependencies['@electric-sql/pglite']}`);
  if (existsSync(home)) return home;
  await mkdir(sharedCache, { recursive: true });
  const draft = `${home}.${randomUUID()}.tmp`;
  await make(draft);
  await rename(draft, home).catch(async (error: unknown) => {
    if (!existsSync(home)) throw error;
    await rm(draft, { recursive: true });
  });
  return home;
}

/** Copies a database that nobody has used yet to a folder: making one takes seconds. */
export async function copyEmptyDatabase(folder: string): Promise<void> {
  const empty = await madeOnce('empty-database', async (draft) => (await PGlite.create(draft)).close());
  await promisify(execFile)('cp', ['-a', empty, folder]);
}

/** Opens a database in memory that nobody has used yet. */
export async function openEmptyDatabase(): Promise<PGlite> {
  const empty = await madeOnce('empty-database-dump', async (draft) => {
    const database = await PGlite.create();
    const dump = await database.dumpDataDir('none');
    await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
    await database.close();
  });
  return PGlite.create({ loadDataDir: new Blob([await readFile(empty)]) });
}
