import path from 'node:path';
import { startTestPostgres } from '../tests/services/postgres-server.ts';
import { startTestRedis } from '../tests/services/redis-server.ts';

/** Runs with a Redis and a PostgreSQL of its own, which every pipeline opened meanwhile uses. */
export async function withSharedEngines<T>(folder: string, run: () => Promise<T>): Promise<T> {
  const redis = await startTestRedis();
  const postgres = await startTestPostgres();
  const environment = {
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    BESPOKE_STORE: path.join(folder, 'shared-store'),
    BESPOKE_SECRET: 'a secret of the benchmark, 32 characters and more',
  };
  Object.assign(process.env, environment);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    await postgres.remove();
    await redis.remove();
  }
}
