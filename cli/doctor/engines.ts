import { stat } from 'node:fs/promises';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { connectPgliteTables, openPglite } from '../../worker/adapters/database/pglite.ts';
import { connectPostgresTables } from '../../worker/adapters/database/postgres.ts';
import { connectRedis } from '../../worker/adapters/queue/redis.ts';
import { ownWorkspace } from '../../worker/adapters/workspace/owner.ts';
import { loadSecret } from '../../worker/adapters/workspace/secret.ts';
import type { Workspace } from '../../worker/adapters/workspace/workspace.ts';
import type { Config } from '../../worker/config.ts';
import type { Log } from '../../worker/core/ports.ts';
import { fail, ok, warn, type Finding } from './check.ts';

const startupMs = 5_000;

/** Checks that Redis answers and keeps its jobs, or that the queue is embedded. */
export async function checkQueue({ redisUrl }: Config, log: Log): Promise<Finding> {
  if (redisUrl === undefined) return ok('Queue', 'embedded (set REDIS_URL to share work between machines)');
  const engine = await connectRedis({ url: redisUrl, log, startupMs });
  await engine.close();
  return ok('Queue', `Redis at ${new URL(redisUrl).host}, noeviction`);
}

/** Opens the tables. Those of a workspace that another process uses are not opened. */
export async function checkDatabase(
  { databaseUrl }: Config,
  workspace: Workspace,
  log: Log,
): Promise<Finding> {
  if (databaseUrl !== undefined) {
    const tables = await connectPostgresTables({ url: databaseUrl, log, startupMs });
    await tables.close();
    return ok('Database', `PostgreSQL at ${new URL(databaseUrl).host}`);
  }
  try {
    const owner = await ownWorkspace(workspace.root, workspace.owner, 'bespoke doctor');
    try {
      const database = await openPglite(workspace.database);
      try {
        const tables = await connectPgliteTables(database);
        await tables.close();
      } finally {
        await database.close();
      }
    } finally {
      await owner.release();
    }
  } catch (error) {
    if (!(error instanceof BespokeError) || error.code !== 'workspace-held') throw error;
    return warn('Database', `embedded; ${error.message}`, error.hint);
  }
  return ok('Database', `embedded in ${workspace.root}`);
}

/** Checks that the secret is long enough and private. Never shows it. */
export async function checkSecret({ secret }: Config, { secret: file }: Workspace): Promise<Finding> {
  if (secret !== undefined) {
    await loadSecret(file, secret);
    return ok('Secret', 'set in BESPOKE_SECRET');
  }
  const before = await stat(file).catch(() => undefined);
  if (before === undefined) return ok('Secret', 'created on first use');
  const open = (before.mode & 0o077) !== 0;
  await loadSecret(file, undefined);
  if (!open) return ok('Secret', `${file}, readable by you only`);
  return (await stat(file)).mode & 0o077
    ? fail('Secret', `${file} is readable by others`, `chmod 600 ${file}`)
    : warn(
        'Secret',
        `${file} was readable by others; its permissions were corrected`,
        'Anyone who has read it can guess links.',
      );
}
