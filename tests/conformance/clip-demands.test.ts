import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderSource } from '../../worker/core/viewers.ts';
import {
  type TablesBackend,
  clipDraft,
  keysOf,
  newCampaign,
  renderDraft,
  tableBackends,
  progressOf,
} from './tables-bench.ts';

const viewing: RenderSource = {
  terms: {
    id: 'terms',
    template: 'template',
    format: '16:9',
    encoding: { scale: 1, crf: 20, preset: 'veryfast', jpegQuality: 90 },
    asOf: '2026-11-25',
    engineVersion: 'engine',
    codeHashes: {},
  },
  record: {},
  images: {},
};
const made = { bytes: 1_000, renderMs: 500 };

describe.each(tableBackends)('demands of viewers on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** A row that is ready, and its campaign. */
  async function newVideo(): Promise<{ readonly video: string; readonly campaign: string }> {
    const campaign = await newCampaign(db);
    const { shown } = keysOf('shown');
    const draft = renderDraft(1, [shown], { source: viewing });
    await db.renders.record(campaign, [draft], [clipDraft(shown)]);
    await db.clips.complete(shown, made);
    return { video: draft.id, campaign };
  }

  const stateOf = async (key: string) => (await db.clips.states([key, 'unknown'])).get(key);

  async function outstanding(): Promise<ReadonlyMap<string, number>> {
    const all = new Map<string, number>();
    let after: string | undefined;
    do {
      const page = await db.renders.outstanding(after, 2);
      for (const { key, priority } of page.clips) all.set(key, priority);
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  it('are outstanding with the urgency of the most urgent, until the clip is stored', async () => {
    const { video: render } = await newVideo();
    const { a, b, c } = keysOf('a', 'b', 'c');
    const drafts = [a, b, c].map((key) => clipDraft(key, { personal: true }));
    const wished = await db.clips.demand(
      render,
      drafts.map((clip) => ({ clip, priority: 1 })),
    );
    expect(wished.toSorted((x, y) => x.key.localeCompare(y.key))).toEqual(
      [a, b, c].map((key) => ({ key, priority: 1 })),
    );
    expect(await db.clips.demand(render, [{ clip: clipDraft(a), priority: 0 }])).toEqual([
      { key: a, priority: 0 },
    ]);
    expect(await db.clips.demand(render, [{ clip: clipDraft(a), priority: 1 }])).toEqual([
      { key: a, priority: 0 },
    ]);
    expect(await db.clips.findWanted(a)).toEqual(drafts[0]);
    const open = await outstanding();
    expect([open.get(a), open.get(b), open.get(c)]).toEqual([0, 1, 1]);
    expect(await db.clips.complete(a, made)).toEqual({ released: [] });
    expect([await stateOf(a), await db.clips.findWanted(a)]).toEqual(['stored', undefined]);
    expect((await outstanding()).has(a)).toBe(false);
    expect(await db.clips.demand(render, [{ clip: clipDraft(a), priority: 0 }])).toEqual([]);
    expect([...(await db.clips.states(['unknown', b])).keys()]).toEqual([b]);
  });

  it('share a clip with rows that wait for it, whichever came first', async () => {
    const { video: render } = await newVideo();
    const { a, b } = keysOf('a', 'b');
    await db.clips.demand(render, [{ clip: clipDraft(a), priority: 0 }]);
    const campaign = await newCampaign(db);
    const row = renderDraft(1, [a, b]);
    expect((await db.renders.record(campaign, [row], [clipDraft(a), clipDraft(b)])).begun).toEqual([b]);
    await db.clips.demand(render, [{ clip: clipDraft(b), priority: 0 }]);
    expect((await outstanding()).get(b)).toBe(0);
    await db.campaigns.cancel(campaign);
    expect(await db.clips.findWanted(b)).toBeDefined();
    expect(await progressOf(db, campaign)).toMatchObject({ clips: { wanted: 1 } });
    await db.clips.complete(b, made);
    expect((await outstanding()).has(b)).toBe(false);
  });

  it('end with a clip that fails, and try it again', async () => {
    const { video: render } = await newVideo();
    const { a } = keysOf('a');
    await db.clips.demand(render, [{ clip: clipDraft(a), priority: 0 }]);
    expect(await db.clips.fail(a, 'scene-failed', 'No.')).toMatchObject({ rows: 0, campaigns: [] });
    expect([await stateOf(a), (await outstanding()).has(a)]).toEqual(['failed', false]);
    expect(await db.clips.demand(render, [{ clip: clipDraft(a), priority: 0 }])).toEqual([
      { key: a, priority: 0 },
    ]);
    expect(await stateOf(a)).toBe('wanted');
  });

  it('are sixteen at most for one viewer: those that were had longest ago are forgotten', async () => {
    const { video: render } = await newVideo();
    const { old } = keysOf('old');
    const keys = Array.from({ length: 16 }, (_, index) => `${old}-${index}`);
    await db.clips.demand(render, [{ clip: clipDraft(old), priority: 0 }]);
    for (const key of keys) await db.clips.demand(render, [{ clip: clipDraft(key), priority: 0 }]);
    const open = await outstanding();
    expect([open.has(old), keys.every((key) => open.has(key))]).toEqual([false, true]);
    expect(await db.clips.findWanted(old)).toBeUndefined();
  });

  it('are none for a video that nobody can watch', async () => {
    const { a } = keysOf('a');
    expect(await db.clips.demand('unknown', [{ clip: clipDraft(a), priority: 0 }])).toEqual([]);
    expect(await db.clips.states([a])).toEqual(new Map());
  });

  it('let a row wait for clips beside those of its path', async () => {
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    const row = renderDraft(1, [a]);
    if (row.plan.state !== 'planned') throw new Error('not planned');
    const draft = { ...row, plan: { ...row.plan, beside: [b, a] } };
    const wanted = await db.renders.record(campaign, [draft], [clipDraft(a), clipDraft(b)]);
    expect([...wanted.clips].sort()).toEqual([a, b].sort());
    expect((await db.clips.complete(a, made)).released).toEqual([]);
    expect((await db.clips.complete(b, made)).released).toEqual([{ id: row.id, priority: 10 }]);
  });
});
