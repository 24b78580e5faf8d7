import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { createRepositories } from '../../worker/compose.ts';
import { connectPostgresTables } from '../../worker/adapters/database/postgres.ts';
import { freePort } from '../services/free-port.ts';
import { startTestPostgres } from '../services/postgres-server.ts';
import { silent } from './queue-bench.ts';
import {
  clipDraft,
  deliveriesOf,
  keysOf,
  newCampaign,
  newDatabase,
  campaignDraft,
  renderDraft,
  progressOf,
} from './tables-bench.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function connect(url: string, settings = {}) {
  const connection = await connectPostgresTables({ url, log: silent, ...settings });
  cleanups.push(() => connection.close());
  return connection;
}

describe('PostgreSQL', () => {
  it('is migrated once when several start at once', async () => {
    const url = await newDatabase(inject('postgresUrl'));
    await Promise.all([1, 2, 3, 4].map(() => connect(url)));
    const client = new Client({ connectionString: url });
    await client.connect();
    const applied = await client.query('select hash from bespoke_migrations.applied');
    await client.end();
    expect(new Set(applied.rows.map(({ hash }: { hash: string }) => hash)).size).toBe(applied.rows.length);
    expect(applied.rows.length).toBeGreaterThan(0);
  });

  it('is waited for without a time limit while another process makes its tables', async () => {
    const url = await newDatabase(inject('postgresUrl'));
    const other = new Client({ connectionString: url });
    await other.connect();
    await other.query('select pg_advisory_lock(4213077121)');
    const connecting = connect(url, { statementMs: 200, startupMs: 500 });
    // Longer than a statement may take, and than an answer is waited for after that.
    const first = await Promise.race([connecting, sleep(5_500, 'waits')]);
    await other.end();
    expect(first).toBe('waits');
    const { database } = await connecting;
    await expect(database.execute(sql`select pg_sleep(1)`)).rejects.toThrow();
  });

  it('that is too busy for one more connection still answers: a slow statement is waited for', async () => {
    const url = new URL(await newDatabase(inject('postgresUrl')));
    const role = keysOf('busy').busy.replace('-', '_');
    const admin = new Client({ connectionString: url.href });
    await admin.connect();
    await admin.query(`create role "${role}" login connection limit 1`);
    await admin.query(`grant create on database "${url.pathname.slice(1)}" to "${role}"`);
    await admin.end();
    url.username = role;
    const { persist, forRequests } = await connect(url.href, { connections: 1 });
    await persist(() => forRequests.database.execute(sql`select 1`));
    await forRequests.persist(() => forRequests.database.execute(sql`select pg_sleep(4.5)`));
  });

  it('is left alone when an older version made its tables', async () => {
    const url = await newDatabase(inject('postgresUrl'));
    const { database } = await connect(url);
    await database.execute(sql`update bespoke_migrations.applied set hash = 'earlier', created_at = 1`);
    await expect(connectPostgresTables({ url, log: silent })).rejects.toMatchObject({
      code: 'database-older',
    });
  });

  it('is left alone when a newer version has changed its tables', async () => {
    const url = await newDatabase(inject('postgresUrl'));
    const { database } = await connect(url);
    await database.execute(
      sql`insert into bespoke_migrations.applied (hash, created_at) values ('later', 32503680000000)`,
    );
    await expect(connectPostgresTables({ url, log: silent })).rejects.toMatchObject({
      code: 'database-newer',
    });
  });

  it('may be away for a while in the middle: operations wait and then succeed', async () => {
    const server = await startTestPostgres();
    cleanups.push(() => server.remove());
    const db = createRepositories(await connect(server.url), false);
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    await db.renders.record(campaign, [renderDraft(1, [a])], [clipDraft(a)]);
    await server.stop('SIGKILL');
    const completed = db.clips.complete(a, { bytes: 1, renderMs: 1 });
    const submitted = db.renders.record(campaign, [renderDraft(2, [b])], [clipDraft(b)]);
    const progress = progressOf(db, campaign);
    await sleep(1_500);
    await server.start();
    expect((await completed).released).toHaveLength(1);
    expect((await submitted).clips).toEqual([b]);
    expect((await progress).clips.wanted).toBeGreaterThan(0);
    expect((await db.renders.list(campaign, 0, 10)).map(({ status }) => status.state)).toEqual([
      'ready',
      'waiting',
    ]);
  });

  it('may be away while campaigns are placed and ended: each is there once, and told once', async () => {
    const server = await startTestPostgres();
    cleanups.push(() => server.remove());
    const connection = await connect(server.url);
    const db = createRepositories(connection, false);
    const { campaigns } = db;
    const [ending, placing] = [campaignDraft({ rows: 0 }), campaignDraft()];
    await campaigns.place(ending, undefined);
    await campaigns.planned(ending.id);
    await server.stop('SIGKILL');
    const key = { apiKey: 'k', key: 'once', fingerprint: 'f' };
    const settled = Promise.all([campaigns.settle([ending.id]), campaigns.settle([ending.id])]);
    const placed = Promise.all([1, 2, 3].map(() => campaigns.place(placing, key)));
    await sleep(1_000);
    await server.start();
    const [[owed]] = await settled;
    expect((await deliveriesOf(db, ending.id)).map(({ id }) => id)).toEqual([owed]);
    expect((await placed).map(({ outcome }) => outcome)).toEqual(['placed', 'placed', 'placed']);
    expect((await campaigns.list('campaign', undefined, 9)).campaigns.map(({ id }) => id)).toEqual([
      placing.id,
      ending.id,
    ]);
  });

  it('that is read-only is found by writing to it, and taken for a server that is away', async () => {
    const url = await newDatabase(inject('postgresUrl'));
    const db = createRepositories(await connect(url, { patienceMs: 0 }), false);
    await db.deployment.checkSecret('f');
    await db.deployment.probe();
    const name = new URL(url).pathname.slice(1);
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(`alter database "${name}" set default_transaction_read_only = on`);
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    );
    await admin.end();
    await vi.waitFor(() => progressOf(db, 'any'), { timeout: 10_000 });
    await expect(db.deployment.probe()).rejects.toMatchObject({ code: 'postgres-away', retryable: true });
  });

  it('that stays away is told as a failure that a retry may heal', async () => {
    const server = await startTestPostgres();
    cleanups.push(() => server.remove());
    const db = createRepositories(await connect(server.url, { patienceMs: 1_000 }), false);
    await server.stop('SIGKILL');
    const begun = Date.now();
    await expect(progressOf(db, 'any')).rejects.toMatchObject({
      code: 'postgres-away',
      retryable: true,
    });
    expect(Date.now() - begun).toBeLessThan(6_000);
  });

  it('that is not there at the start is told within the time allowed, without its password', async () => {
    const port = await freePort();
    const url = `postgres://me:hush@127.0.0.1:${port}/db`;
    const missing = connectPostgresTables({ url, log: silent, startupMs: 700 });
    await expect(missing).rejects.toMatchObject({ code: 'postgres-away' });
    await expect(missing).rejects.toThrow(`127.0.0.1:${port}/db`);
    await expect(missing).rejects.not.toThrow('hush');
  });

  it('refuses an unknown database, and says so at once', async () => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = 'no_such_database';
    const refused = connectPostgresTables({ url: url.href, log: silent });
    await expect(refused).rejects.toMatchObject({ code: 'postgres-refused' });
  });

  it('refuses a user who may not make tables', async () => {
    const url = await newDatabase(inject('postgresUrl'));
    const { nobody } = keysOf('nobody');
    const role = nobody.replace('-', '_');
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(`create role "${role}" login`);
    await admin.end();
    const theirs = new URL(url);
    theirs.username = role;
    const refused = connectPostgresTables({ url: theirs.href, log: silent });
    await expect(refused).rejects.toMatchObject({ code: 'postgres-refused' });
  });
});
