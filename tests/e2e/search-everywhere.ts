import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Deployment } from './deployment.ts';

/** Runs a statement. @returns its rows. */
type Ask = (statement: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Every line of every table, as text, under the table's name. */
async function searchTables(ask: Ask, words: readonly string[]): Promise<readonly string[]> {
  const tables = await ask(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const lines = await ask(`select t::text as line from ${String(name)} t`);
    const held = words.filter((word) => lines.some(({ line }) => String(line).includes(word)));
    found.push(...held.map((word) => `${word} in table ${String(name)}`));
  }
  return found;
}

/** Looks for words in the names and bytes of all files of a folder. */
export async function searchFolder(folder: string, words: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    found.push(...words.filter((word) => entry.name.includes(word)).map((word) => `${word} names ${file}`));
    if (!entry.isFile()) continue;
    const bytes = await readFile(file);
    found.push(...words.filter((word) => bytes.includes(word)).map((word) => `${word} in ${file}`));
  }
  return found;
}

/** Looks for words in keys and values of whatever type. */
export async function searchRedis(url: string, words: readonly string[]): Promise<readonly string[]> {
  const redis = new Redis(url);
  try {
    const found: string[] = [];
    // What is dumped would be compressed, and words in it hidden.
    await redis.config('SET', 'rdbcompression', 'no');
    for (const key of await redis.keys('*')) {
      const value = (await redis.dumpBuffer(key)) ?? Buffer.alloc(0);
      const held = words.filter((word) => key.includes(word) || value.includes(word));
      found.push(...held.map((word) => `${word} in Redis ${key}`));
    }
    return found;
  } finally {
    redis.disconnect();
  }
}

/**
 * Looks for words in all that a deployment keeps: every table, every file of a folder that is its store by
 * name and bytes, logs, and Redis. What a deployment on embedded engines keeps can be searched while it is closed.
 */
export async function searchEverywhere(
  { config }: Pick<Deployment, 'config'>,
  words: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  if (config.databaseUrl === undefined) {
    const database = await PGlite.create(path.join(config.workspace, 'database'));
    found.push(
      ...(await searchTables(
        async (statement) => (await database.query<Record<string, unknown>>(statement)).rows,
        words,
      )),
    );
    await database.close();
  } else {
    const client = new pg.Client({ connectionString: config.databaseUrl });
    await client.connect();
    found.push(
      ...(await searchTables(
        async (statement) => (await client.query<Record<string, unknown>>(statement)).rows,
        words,
      )),
    );
    await client.end();
  }
  if (config.redisUrl !== undefined) found.push(...(await searchRedis(config.redisUrl, words)));
  if (config.store.kind === 'folder') found.push(...(await searchFolder(config.store.folder, words)));
  const logs = path.join(config.workspace, 'logs');
  found.push(...(await searchFolder(logs, words).catch(() => [])));
  return found;
}
