import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { query } from '../../worker/adapters/database/database.ts';
import {
  type TablesBackend,
  clipDraft,
  deliveriesOf,
  keysOf,
  campaignDraft,
  tableBackends,
  renderDraft,
  progressOf,
} from './tables-bench.ts';

const made = { bytes: 1, renderMs: 1 };
const clipCount = 5;
const anyClip = fc.nat(clipCount - 1);

/** How a row is planned: with clips, or refused, or known unchanged. */
const anyRow = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(anyClip, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom('failed' as const, 'skipped' as const) },
);

/** What others do meanwhile, each after so many turns of the loop. */
const anyAct = fc.record({
  after: fc.nat(12),
  act: fc.oneof(
    fc.record({ clip: anyClip, fails: fc.boolean() }),
    fc.record({ render: fc.nat(11), fails: fc.boolean() }),
    fc.record({ campaign: fc.nat(1), does: fc.constantFrom('cancel', 'retry', 'settle', 'plan') }),
  ),
});
type Act = typeof anyAct extends fc.Arbitrary<infer T extends { readonly act: unknown }> ? T['act'] : never;

const scenarios = fc.record({
  inputs: fc.tuple(
    fc.array(anyRow, { minLength: 1, maxLength: 6 }),
    fc.array(anyRow, { minLength: 1, maxLength: 6 }),
  ),
  acts: fc.array(anyAct, { maxLength: 16 }),
});

describe.each(tableBackends)('campaigns on %s, used by many at once', (_database, openBackend) => {
  let db: TablesBackend;
  beforeAll(async () => {
    db = await openBackend();
  });
  afterEach(() => expect(db.conflicts()).toBe(0));
  afterAll(() => db.close());

  /** What the tables count of an order's open rows. */
  async function countedOpen(id: string): Promise<number | undefined> {
    const [found] = await query(
      db.connection.database,
      z.object({ rows: z.number() }),
      sql`select open_rows as rows from bespoke.campaign where id = ${id}`,
    );
    return found?.rows;
  }

  /** Two orders whose rows share clips, and everything that workers and clients do to them. */
  async function begin(inputs: readonly (readonly (readonly number[] | 'failed' | 'skipped')[])[]) {
    const { renders, clips: clipTable, campaigns } = db;
    const names = keysOf(...Array.from({ length: clipCount }, (_, index) => String(index)));
    const clips = Object.values(names);
    const keyOf = (number: number): string => clips[number] ?? '';
    const placed = inputs.map((rows) => ({
      campaign: campaignDraft({ rows: rows.length }),
      rows: rows.map((plan, index) => {
        if (plan === 'failed')
          return renderDraft(index + 1, { state: 'failed', code: 'row-invalid', message: '' });
        if (plan === 'skipped') return renderDraft(index + 1, { state: 'erased' });
        return renderDraft(index + 1, plan.map(keyOf));
      }),
    }));
    const ids = placed.map(({ campaign }) => campaign.id);
    const rowIds = placed.flatMap(({ rows }) => rows.map(({ id }) => id));
    for (const { campaign } of placed) await campaigns.place(campaign, undefined);

    /** As a plan job does: chunk by chunk, passing over what is recorded. */
    async function plan(number: number): Promise<void> {
      const each = placed[number];
      if (each === undefined) return;
      const half = Math.ceil(each.rows.length / 2);
      for (const chunk of [each.rows.slice(0, half), each.rows.slice(half)]) {
        await renders.record(
          each.campaign.id,
          chunk,
          clips.map((key) => clipDraft(key)),
        );
      }
      // A retry in between forgets rows: then the job it brings is the one that records them.
      await campaigns.planned(each.campaign.id).catch((error: unknown) => {
        expect(String(error)).toContain('are recorded');
      });
      await campaigns.settle([each.campaign.id]);
    }

    let retries = 0;
    async function perform(act: Act): Promise<void> {
      if ('clip' in act) {
        const key = keyOf(act.clip);
        if (act.fails) await campaigns.settle((await clipTable.fail(key, 'scene-failed', '')).over);
        else await clipTable.complete(key, made);
      } else if ('render' in act) {
        const id = rowIds[act.render] ?? '';
        const { over } = act.fails ? await renders.fail(id, 'media-failed', '') : await renders.complete(id);
        await campaigns.settle(over);
      } else {
        const id = ids[act.campaign] ?? '';
        if (act.does === 'cancel') await campaigns.cancel(id);
        if (act.does === 'retry' && (await campaigns.retry(id)) > 0) retries += 1;
        if (act.does === 'plan' || act.does === 'retry') await plan(act.campaign);
        await campaigns.settle([id]);
      }
    }

    /** What workers do until nothing is left, as the reconciler would have them. */
    async function drain(): Promise<void> {
      for (const number of ids.keys()) await plan(number);
      for (const key of clips) if (await clipTable.findWanted(key)) await clipTable.complete(key, made);
      for (const id of rowIds) await campaigns.settle((await renders.complete(id)).over);
    }
    return {
      ids,
      plan,
      perform,
      drain,
      retries: () => retries,
      sizes: placed.map(({ rows }) => rows.length),
    };
  }

  it('account for every row, and tell each end exactly once', async () => {
    const { campaigns } = db;
    await fc.assert(
      fc.asyncProperty(scenarios, async ({ inputs, acts }) => {
        const world = await begin(inputs);
        const balance = async (): Promise<void> => {
          for (const [number, id] of world.ids.entries()) {
            const [campaign, { rows }] = [await campaigns.find(id), await progressOf(db, id)];
            const recorded = Object.values(rows).reduce((sum, each) => sum + each, 0);
            expect(recorded).toBeLessThanOrEqual(world.sizes[number] ?? 0);
            expect(await countedOpen(id)).toBe(rows.waiting + rows.ready);
            if (campaign?.status.state === 'planning' || campaign?.status.state === 'rendering') continue;
            expect(recorded).toBe(world.sizes[number]);
            expect(rows.waiting + rows.ready).toBe(0);
          }
        };
        await Promise.all([
          world.plan(0),
          world.plan(1),
          ...acts.map(async ({ after, act }) => {
            for (let count = 0; count < after; count += 1) await turn();
            await world.perform(act);
          }),
        ]);
        await balance();
        await world.drain();
        await balance();

        let told = 0;
        for (const id of world.ids) {
          const status = (await campaigns.find(id))?.status.state;
          expect(['finished', 'cancelled']).toContain(status);
          if (status === 'cancelled') expect((await progressOf(db, id)).rows.cancelled).toBeGreaterThan(0);
          told += (await deliveriesOf(db, id)).length;
        }
        expect(told).toBe(world.ids.length + world.retries());
      }),
      { numRuns: 40 },
    );
  });

  it('are over as soon as the last of many rows has ended, however many end at once', async () => {
    const { campaigns, renders, clips } = db;
    const { shared } = keysOf('shared');
    const campaign = campaignDraft({ rows: 120 });
    await campaigns.place(campaign, undefined);
    const drafts = Array.from({ length: 120 }, (_, index) => {
      const { own } = keysOf('own');
      return { row: renderDraft(index + 1, [shared, own]), own };
    });
    await renders.record(
      campaign.id,
      drafts.map(({ row }) => row),
      [shared, ...drafts.map(({ own }) => own)].map((key) => clipDraft(key)),
    );
    await campaigns.planned(campaign.id);
    const released = await Promise.all(
      drafts.flatMap(({ own }, index) => [
        clips.complete(own, made),
        ...(index % 40 === 0 ? [clips.complete(shared, made)] : []),
      ]),
    );
    const ready = released.flatMap((each) => each.released.map(({ id }) => id));
    expect(ready.toSorted()).toEqual(drafts.map(({ row }) => row.id).toSorted());
    const ended = await Promise.all(
      ready.map((id, index) =>
        index % 10 === 0 ? renders.fail(id, 'media-failed', '') : renders.complete(id),
      ),
    );
    expect(ended.reduce((sum, { rows }) => sum + rows, 0)).toBe(120);
    expect(ended.flatMap(({ over }) => over)).toEqual([campaign.id]);
    expect(await countedOpen(campaign.id)).toBe(0);
    await campaigns.settle([campaign.id]);
    expect((await campaigns.find(campaign.id))?.status.state).toBe('finished');
  });

  it('leave no row open when they are cancelled while rows are recorded, and are begun again once', async () => {
    const { campaigns, renders, clips } = db;
    for (let round = 0; round < 12; round += 1) {
      const { a } = keysOf('a');
      const campaign = campaignDraft({ rows: 30 });
      await campaigns.place(campaign, undefined);
      const rows = Array.from({ length: 29 }, (_, index) => renderDraft(index + 1, [a]));
      await renders.record(
        campaign.id,
        [renderDraft(30, { state: 'failed', code: 'row-invalid', message: '' })],
        [],
      );
      const submitting = renders.record(campaign.id, rows, [clipDraft(a)]);
      for (let turns = 0; turns < round; turns += 1) await turn();
      await Promise.all([submitting, campaigns.cancel(campaign.id)]);
      expect((await progressOf(db, campaign.id)).rows).toMatchObject({ cancelled: 29, failed: 1 });
      expect(await clips.findWanted(a)).toBeUndefined();
      await campaigns.planned(campaign.id);
      await campaigns.settle([campaign.id]);
      const again = await Promise.all([1, 2, 3].map(() => campaigns.retry(campaign.id)));
      expect(again.toSorted((one, other) => one - other)).toEqual([0, 0, 1]);
    }
  });

  it('are not ended by one who found them over before they were begun again', async () => {
    const { campaigns, renders, connection } = db;
    const { a } = keysOf('a');
    const campaign = campaignDraft({ rows: 1 });
    await campaigns.place(campaign, undefined);
    const failed = renderDraft(1, { state: 'failed', code: 'row-invalid', message: '' });
    await renders.record(campaign.id, [failed], []);
    await campaigns.planned(campaign.id);
    const settling: Promise<unknown>[] = [];
    await connection.transaction(async (tx) => {
      await tx.execute(sql`select from bespoke.campaign where id = ${campaign.id} for no key update`);
      settling.push(campaigns.settle([campaign.id]));
      // On PostgreSQL it has found the campaign over, and waits for its line; PGlite runs it afterwards.
      for (let looks = 0; looks < 50; looks += 1) {
        const { rows } = z
          .object({ rows: z.array(z.unknown()) })
          .parse(await tx.execute(sql`select from pg_locks where not granted`));
        if (rows.length > 0) break;
        await turn();
      }
      await tx.execute(
        sql`update bespoke.campaign set state = 'planning', round = 1 where id = ${campaign.id}`,
      );
      await tx.execute(sql`delete from bespoke.render where campaign = ${campaign.id}`);
    });
    await Promise.all(settling);
    expect((await campaigns.find(campaign.id))?.status.state).toBe('planning');
    expect(await deliveriesOf(db, campaign.id)).toHaveLength(0);
    await renders.record(campaign.id, [renderDraft(1, [a])], [clipDraft(a)]);
    await campaigns.planned(campaign.id);
    await campaigns.settle([campaign.id]);
    expect((await campaigns.find(campaign.id))?.status.state).toBe('rendering');
  });

  it('wait for nobody in a circle, whatever they do to the same campaigns', async () => {
    const all = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 0],
      [0, 2, 4],
    ];
    for (let round = 0; round < 8; round += 1) {
      const world = await begin([all, all.toReversed()]);
      await Promise.all(
        Array.from({ length: clipCount }, (_, clip) => clip).flatMap((clip) => [
          world.plan(clip % 2),
          world.perform({ clip, fails: clip === 3 }),
          world.perform({ render: clip, fails: clip % 2 === 0 }),
          world.perform({ render: clip + 6, fails: clip % 2 === 1 }),
          world.perform({ campaign: clip % 2, does: clip < 3 ? 'settle' : 'cancel' }),
        ]),
      );
      await world.drain();
      for (const id of world.ids) expect((await db.campaigns.find(id))?.status).toHaveProperty('at');
    }
  });
});
