import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PGlite } from '@electric-sql/pglite';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { connectPgliteTables, maintainPglite, openPglite } from '../../worker/adapters/database/pglite.ts';
import { bullmqQueueDefaults } from '../../worker/adapters/queue/bullmq-engine.ts';
import { createBullmqQueue } from '../../worker/adapters/queue/bullmq-queue.ts';
import { connectPglite } from '../../worker/adapters/queue/pglite.ts';
import { createRepositories } from '../../worker/compose.ts';
import type { JobQueue } from '../../worker/core/ports.ts';
import { reconcile } from '../../worker/core/reconcile.ts';
import { copyEmptyDatabase } from '../services/shared-cache.ts';
import { handlersWith, oneEach, silent } from './queue-bench.ts';
import {
  clipDraft,
  keysOf,
  newCampaign,
  renderDraft,
  type TablesBackend,
  progressOf,
} from './tables-bench.ts';

/** Of one file of the write-ahead log. */
const segmentBytes = 16 * 1024 * 1024;
const made = { bytes: 1, renderMs: 1 };
let folder: string;
let db: TablesBackend;
let database: PGlite;
let queue: JobQueue;

async function open(): Promise<void> {
  database = await openPglite(join(folder, 'database'));
  const engine = await connectPglite(database);
  queue = await createBullmqQueue(engine, { ...bullmqQueueDefaults, log: silent });
  const connection = await connectPgliteTables(database);
  db = { ...createRepositories(connection, true), connection, conflicts: () => 0, close: connection.close };
}

async function close(): Promise<void> {
  await queue.close();
  await db.connection.close();
  await database.close();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bespoke-embedded-'));
  await copyEmptyDatabase(join(folder, 'database'));
  await open();
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

it('lies in a folder that is private, also where it was made otherwise', async () => {
  expect((await stat(join(folder, 'database'))).mode & 0o777).toBe(0o700);
});

it(
  'queue and tables share one database without getting into each other\u2019s transactions',
  { timeout: 150_000 },
  async () => {
    const campaign = await newCampaign(db);
    const assembled: string[] = [];
    await queue.work(
      handlersWith({
        'render-clip': async ({ clip }) => {
          const { released } = await db.clips.complete(clip, made);
          await queue.add(
            released.map(({ id, priority }) => ({ job: { name: 'assemble-video', render: id }, priority })),
          );
        },
        'assemble-video': async ({ render }) => {
          await db.renders.complete(render);
          assembled.push(render);
        },
      }),
      { ...oneEach, 'render-clip': 4, 'assemble-video': 2 },
    );
    const { shared, own } = keysOf('shared', 'own');
    for (let chunk = 0; chunk < 5; chunk += 1) {
      const rows = Array.from({ length: 40 }, (_, index) => chunk * 40 + index + 1);
      const { clips } = await db.renders.record(
        campaign,
        rows.map((row) => renderDraft(row, [shared, `${own}-${row}`])),
        [shared, ...rows.map((row) => `${own}-${row}`)].map((key) => clipDraft(key)),
      );
      await queue.add(clips.map((clip) => ({ job: { name: 'render-clip', clip }, priority: 10 })));
    }
    await vi.waitFor(async () => expect((await progressOf(db, campaign)).rows.done).toBe(200), {
      timeout: 120_000,
      interval: 100,
    });
    expect(new Set(assembled).size).toBe(200);
    expect(assembled).toHaveLength(200);
  },
);

it('a failed transaction of the tables leaves the queue as it is', async () => {
  const campaign = await newCampaign(db);
  const { a } = keysOf('a');
  const failing = db.renders.record(campaign, [renderDraft(1, [a])], []);
  const adding = queue.add([{ job: { name: 'render-clip', clip: a }, priority: 1 }]);
  await expect(failing).rejects.toThrow('was not recorded with it');
  await adding;
  expect((await queue.depth())['render-clip'].waiting).toBe(1);
  expect(await db.renders.list(campaign, 0, 10)).toEqual([]);
});

it('the next owner fills the queue from the tables', async () => {
  const campaign = await newCampaign(db);
  const { a, b, stored } = keysOf('a', 'b', 'stored');
  const ready = renderDraft(2, [stored]);
  await db.renders.record(
    campaign,
    [renderDraft(1, [a, b]), ready],
    [a, b, stored].map((key) => clipDraft(key)),
  );
  await db.clips.complete(stored, made);
  await queue.add([{ job: { name: 'render-clip', clip: 'of a forgotten campaign' }, priority: 1 }]);
  await close();
  await open();
  await queue.reset();
  await reconcile({ ...db, queue });
  await reconcile({ ...db, queue });
  const depth = await queue.depth();
  expect(depth['render-clip']).toMatchObject({ waiting: 2, active: 0 });
  expect(depth['assemble-video']).toMatchObject({ waiting: 1, active: 0 });
});

/** Writes rows and as much write-ahead log as a busy campaign, and says which row was acknowledged last. */
const busyWriter = (database_: string): string => `
  import { maintainPglite, openPglite } from ${JSON.stringify(new URL('../../worker/adapters/database/pglite.ts', import.meta.url).href)};
  const client = await openPglite(${JSON.stringify(database_)});
  maintainPglite(client, { warn: (...all) => console.error(...all) }, 10);
  await client.exec('create table bespoke.written (id int primary key)');
  for (let id = 1; ; id += 1) {
    await client.query("select pg_logical_emit_message(true, 'test', repeat('x', 1000000))");
    await client.query('insert into bespoke.written values ($1)', [id]);
    // PGlite answers without a turn of the event loop; work that reads and writes files does not starve it.
    await new Promise((resolve) => process.stdout.write(id + '\\n', () => setImmediate(resolve)));
  }`;

it(
  'keeps its write-ahead log small while much is written, and loses nothing when it is killed',
  { timeout: 120_000 },
  async () => {
    await close();
    const directory = join(folder, 'database');
    const writer = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', busyWriter(directory)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(writer, 'close');
    onTestFinished(async () => {
      writer.kill('SIGKILL');
      await ended;
    });
    let last = 0;
    let mostBytes = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      last = Number(line);
      const segments = (await readdir(join(directory, 'pg_wal'))).filter((name) =>
        /^[0-9A-F]{24}$/.test(name),
      );
      mostBytes = Math.max(mostBytes, segments.length * segmentBytes);
      if (last >= 400) writer.kill('SIGKILL');
    }
    await ended;
    await open();
    const { rows } = await database.query<{ id: number }>('select id from bespoke.written order by id');
    expect(rows.slice(0, last).map(({ id }) => id)).toEqual(
      Array.from({ length: last }, (_, index) => index + 1),
    );
    // 400 MB were written; PostgreSQL keeps 80 MB of files to be written again.
    expect(mostBytes).toBeLessThan(200 * 1024 * 1024);
  },
);

it('clears away changed rows while nothing is written', async () => {
  await database.exec('create table bespoke.changed (id int primary key, at int)');
  await database.exec('insert into bespoke.changed select id, 0 from generate_series(1, 3000) id');
  await database.exec('update bespoke.changed set at = 1');
  const maintenance = maintainPglite(database, silent, 10);
  const dead = async () =>
    (
      await database.query(
        "select n_dead_tup::int as dead from pg_stat_user_tables where relname = 'changed'",
      )
    ).rows;
  await vi.waitFor(async () => expect(await dead()).toEqual([{ dead: 0 }]), {
    timeout: 20_000,
    interval: 50,
  });
  await maintenance.stop();
});
