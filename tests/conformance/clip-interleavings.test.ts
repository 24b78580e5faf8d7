import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NewRender } from '../../worker/core/renders.ts';
import {
  type TablesBackend,
  clipDraft,
  keysOf,
  newCampaign,
  tableBackends,
  renderDraft,
} from './tables-bench.ts';

const made = { bytes: 1, renderMs: 1 };

describe.each(tableBackends)('clips on %s, used by many at once', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterEach(() => expect(db.conflicts()).toBe(0));
  afterAll(() => db.close());

  it('releases a render exactly once when its two last clips are stored at the same time', async () => {
    const campaign = await newCampaign(db);
    for (let round = 0; round < 25; round += 1) {
      const { a, b } = keysOf('a', 'b');
      const renders = [1, 2, 3].map((row) => renderDraft(round * 3 + row, [a, b]));
      await db.renders.record(campaign, renders, [clipDraft(a), clipDraft(b)]);
      const results = await Promise.all([a, b, a, b].map((key) => db.clips.complete(key, made)));
      const released = results.flatMap((result) => result.released.map(({ id }) => id));
      expect(released.toSorted()).toEqual(renders.map(({ id }) => id).toSorted());
    }
  });

  it('loses no release however rows, clips, failures and cancellations interleave', async () => {
    const clipNumbers = fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 });
    const scenario = fc.record({
      early: fc.array(clipNumbers, { minLength: 1, maxLength: 6 }),
      late: fc.array(clipNumbers, { minLength: 1, maxLength: 6 }),
      endings: fc.array(fc.record({ clip: fc.integer({ min: 0, max: 7 }), fails: fc.boolean() }), {
        maxLength: 12,
      }),
      cancelsEarly: fc.boolean(),
      salt: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ early, late, endings, cancelsEarly }) => {
        const names = keysOf('0', '1', '2', '3', '4', '5', '6', '7');
        const keys = Object.values(names);
        const keyOf = (number: number): string => keys[number] ?? '';
        const drafts = keys.map((key) => clipDraft(key));
        const rowsOf = (wishes: readonly (readonly number[])[]): readonly NewRender[] =>
          wishes.map((wish, index) => renderDraft(index + 1, wish.map(keyOf)));
        const [first, second] = [await newCampaign(db), await newCampaign(db)];
        const [earlyRows, lateRows] = [rowsOf(early), rowsOf(late)];
        const queued: string[] = [];
        const queue = (ids: readonly string[]): void => void queued.push(...ids);

        queue((await db.renders.record(first, earlyRows, drafts)).renders);
        await Promise.all([
          db.renders.record(second, lateRows, drafts).then(({ renders }) => queue(renders)),
          ...endings.map(async ({ clip, fails }) => {
            if (fails) await db.clips.fail(keyOf(clip), 'scene-failed', 'broken');
            else {
              const { released } = await db.clips.complete(keyOf(clip), made);
              queue(released.map(({ id }) => id));
            }
          }),
          ...(cancelsEarly ? [db.campaigns.cancel(first)] : []),
        ]);
        // What is still wanted is rendered after all, as workers would.
        for (const key of keys) {
          if ((await db.clips.findWanted(key)) === undefined) continue;
          const { released } = await db.clips.complete(key, made);
          queue(released.map(({ id }) => id));
        }

        const stored = await db.clips.stored(keys);
        for (const draft of [...earlyRows, ...lateRows]) {
          const render = await db.renders.find(draft.id);
          const times = queued.filter((id) => id === draft.id).length;
          expect(times).toBeLessThanOrEqual(1);
          expect(['ready', 'failed', 'cancelled']).toContain(render?.status.state);
          if (render?.status.state !== 'ready') continue;
          expect(times).toBe(1);
          expect(render.path.every(({ clip }) => stored.has(clip))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('records rows whose personal clips are being forgotten with the person who had them', async () => {
    for (let round = 0; round < 40; round += 1) {
      const { a, b } = keysOf('a', 'b');
      const clips = [a, b].map((key) => clipDraft(key, { personal: true }));
      const [first, second] = [await newCampaign(db), await newCampaign(db)];
      const early = renderDraft(1, [a, b]);
      await db.renders.record(first, [early], clips);
      const later = renderDraft(1, [a, b]);
      const recordLater = async (): Promise<void> => {
        // Each round meets another step of the erasure.
        for (let step = 0; step < round % 10; step += 1) await db.clips.stored([a]);
        await db.renders.record(second, [later], clips);
      };
      await Promise.all([db.people.erase({ render: early.id }, []), recordLater()]);
      for (const key of [a, b]) {
        expect(await db.clips.findWanted(key)).toMatchObject({ key });
        await db.clips.complete(key, made);
      }
      expect((await db.renders.find(later.id))?.status.state).toBe('ready');
    }
  });
});
