import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import project from '../../package.json' with { type: 'json' };
import { connectPgliteTables, openPglite } from '../../worker/adapters/database/pglite.ts';
import { connectPglite } from '../../worker/adapters/queue/pglite.ts';

/** Bundles, the unpacked browser and empty databases, which all tests share. */
export const sharedCache = path.resolve('node_modules/.cache/bespoke');

/** What an empty database depends on. */
async function fingerprint(): Promise<string> {
  const folder = fileURLToPath(new URL('../../worker/adapters/database/migrations/', import.meta.url));
  const { '@electric-sql/pglite': pglite, bullmq } = project.dependencies;
  const hash = createHash('sha256').update(`${pglite} ${bullmq}`);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'));
  for (const file of files.sort()) hash.update(await readFile(path.join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Makes a file or folder that is not there yet. Other processes may do so at the same time. */
async function madeOnce(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const home = path.join(sharedCache, `${name}-${await fingerprint()}`);
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

/** A database as a deployment leaves it that was opened and closed. */
const makeEmptyDatabase = (): Promise<string> =>
  madeOnce('empty-database', async (draft) => {
    const database = await openPglite(draft);
    await connectPglite(database);
    await connectPgliteTables(database);
    await database.close();
  });

/** Copies a database that nobody has used yet to a folder: making one takes seconds. */
export async function copyEmptyDatabase(folder: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', await makeEmptyDatabase(), folder]);
}

/** Opens a database in memory that nobody has used yet. */
export async function openEmptyDatabase(): Promise<PGlite> {
  const dump = await madeOnce('empty-database-dump', async (draft) => {
    const copy = `${draft}.database`;
    await copyEmptyDatabase(copy);
    const database = await openPglite(copy);
    const dumped = await database.dumpDataDir('none');
    await database.close();
    await rm(copy, { recursive: true });
    await writeFile(draft, Buffer.from(await dumped.arrayBuffer()));
  });
  return PGlite.create({ loadDataDir: new Blob([await readFile(dump)]) });
}
