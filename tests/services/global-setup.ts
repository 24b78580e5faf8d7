import type { TestProject } from 'vitest/node';
import { startTestPostgres } from './postgres-server.ts';
import { startTestRedis } from './redis-server.ts';
import { startTestS3, type S3Access } from './s3-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A Redis of this run. Tests tell their queues apart by random names. */
    redisUrl: string;
    /** A PostgreSQL of this run. Tests make databases of their own on it. */
    postgresUrl: string;
    /** A bucket of this run. Tests keep apart by random prefixes. */
    s3: S3Access;
  }
}

/** Starts the servers that a test run shares, and ends them with it. */
export default async function startServices(project: TestProject): Promise<() => Promise<void>> {
  const redis = await startTestRedis();
  const postgres = await startTestPostgres();
  const s3 = await startTestS3();
  project.provide('redisUrl', redis.url);
  project.provide('postgresUrl', postgres.url);
  project.provide('s3', s3.access);
  return async () => {
    await Promise.all([redis.remove(), postgres.remove(), s3.remove()]);
  };
}
