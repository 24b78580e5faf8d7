import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { createWorkers } from '../../worker/adapters/database/workers.ts';
import type { Workers } from '../../worker/core/workers.ts';
import { type TablesBackend, tableBackends } from './tables-bench.ts';

const older = 'remotion 4.0.527, chromium 142.0.1';
const newer = 'remotion 4.0.527, chromium 143.0.2';

describe.each(tableBackends)('workers on %s', (_database, openBackend) => {
  let db: TablesBackend;
  let workers: Workers;

  beforeEach(async () => {
    db = await openBackend();
    await db.deployment.checkSecret('fingerprint');
    workers = db.workers;
  });
  afterEach(() => db.close());

  /** Lets the time pass after which a worker counts as dead. */
  const growOld = () =>
    db.connection.database.execute(sql`update bespoke.worker set seen_at = seen_at - interval '3 minutes'`);

  it('agree on the engine of the first, and keep it when all have stopped', async () => {
    expect(await workers.engineVersion()).toBeUndefined();
    expect(await workers.join('a', older)).toBeUndefined();
    expect(await workers.join('b', older)).toBeUndefined();
    await Promise.all(['a', 'b'].map(workers.leave));
    expect(await workers.engineVersion()).toBe(older);
  });

  it('refuse one with another engine while any runs, and say what differs', async () => {
    await workers.join('a', older);
    const refused = workers.join('b', newer);
    await expect(refused).rejects.toMatchObject({
      code: 'engine-mismatch',
      message:
        'This worker has chromium 143.0.2; the other workers have chromium 142.0.1. Their clips cannot be joined.',
    });
    expect(await workers.engineVersion()).toBe(older);
    await workers.leave('a');
    expect(await workers.join('b', newer)).toBe(older);
    expect(await workers.engineVersion()).toBe(newer);
  });

  it('started at once with different engines, only those of one engine run', async () => {
    const ids = Array.from({ length: 6 }, (_, index) => String(index));
    const engines = ids.map((id) => (Number(id) % 2 === 0 ? older : newer));
    const joined = await Promise.allSettled(ids.map((id, index) => workers.join(id, engines[index] ?? '')));
    const agreed = await workers.engineVersion();
    expect(joined.map(({ status }) => status === 'fulfilled')).toEqual(
      engines.map((engine) => engine === agreed),
    );
  });

  it('that were killed keep others out for two minutes; one that was only silent stops', async () => {
    await workers.join('a', older);
    await growOld();
    await workers.stay('a', older);
    await expect(workers.join('b', newer)).rejects.toMatchObject({ code: 'engine-mismatch' });
    await growOld();
    expect(await workers.join('b', newer)).toBe(older);
    await expect(workers.stay('a', older)).rejects.toMatchObject({ code: 'engine-mismatch' });
    await workers.stay('b', newer);
  });

  it('that own their tables alone replace the engine at any time', async () => {
    const alone = createWorkers(db.connection, { alone: true });
    await alone.join('killed', older);
    expect(await alone.join('a', newer)).toBe(older);
    expect(await alone.engineVersion()).toBe(newer);
  });
});
