import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { sql } from 'drizzle-orm';
import { query, type DatabaseConnection } from '../../worker/adapters/database/database.ts';
import { connectPostgresTables, lookAtSession } from '../../worker/adapters/database/postgres.ts';
import { startTestPooler, type TestPooler } from '../services/pgbouncer-server.ts';
import journal from '../../worker/adapters/database/migrations/meta/_journal.json' with { type: 'json' };
import { silent } from './queue-bench.ts';
import { newDatabase } from './tables-bench.ts';

const limitRow = z.object({ limit: z.string() });

/** What limits a statement on sessions that are used at the same time. */
const limitsOf = async ({ database }: DatabaseConnection): Promise<readonly string[]> => {
  const found = await Promise.all(
    Array.from({ length: 4 }, () =>
      query(database, limitRow, sql`select current_setting('statement_timeout') as limit from pg_sleep(0.1)`),
    ),
  );
  return [...new Set(found.flat().map(({ limit }) => limit))];
};

describe('PostgreSQL behind PgBouncer in transaction mode', () => {
  let pooler: TestPooler;
  beforeAll(async () => {
    pooler = await startTestPooler(inject('postgresUrl'));
  });
  afterAll(() => pooler?.remove());

  it('gets its tables once from processes that start at once, and no lock or setting stays in its sessions', async () => {
    const own = await newDatabase(inject('postgresUrl'));
    const url = pooler.urlOf(own);
    const open = () => connectPostgresTables({ url, log: silent });
    const connections = await Promise.all([open(), open(), open()]);
    connections.push(await open());
    for (const each of connections) expect(await limitsOf(each)).toEqual(['0']);

    const admin = new Client({ connectionString: own });
    await admin.connect();
    const { rows: locks } = await admin.query(`select pid from pg_locks where locktype = 'advisory'`);
    expect(locks).toEqual([]);
    const { rows: applied } = await admin.query(
      'select count(*)::int as times from bespoke_migrations.applied group by hash',
    );
    expect(applied).toEqual(journal.entries.map(() => ({ times: 1 })));
    await admin.query(`alter database ${path.basename(new URL(own).pathname)} set statement_timeout = '7s'`);
    await admin.end();
    for (const each of connections) await each.close();

    expect(await lookAtSession(url)).toMatchObject({ pooled: true });
    expect(await lookAtSession(own)).toEqual({ pooled: false, statementMs: 7_000 });
  });

  it('differs from a session of our own, in which statements are limited', async () => {
    const connection = await connectPostgresTables({
      url: await newDatabase(inject('postgresUrl')),
      log: silent,
      statementMs: 42_000,
    });
    expect(await limitsOf(connection)).toEqual(['42s']);
    await connection.close();
  });

  it('says what the pooler said when it has no server', async () => {
    const gone = await startTestPooler('postgres://bespoke@127.0.0.1:1');
    const name = `none_${randomBytes(4).toString('hex')}`;
    const refused = connectPostgresTables({
      url: gone.urlOf(`postgres://bespoke@127.0.0.1:1/${name}`),
      log: silent,
      startupMs: 1_500,
    });
    await expect(refused).rejects.toMatchObject({ code: 'postgres-away' });
    await expect(refused).rejects.toThrow(/did not answer for 2 s/);
    await gone.remove();
  });
});
