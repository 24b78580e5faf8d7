import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Renders, NewRender } from '../../worker/core/renders.ts';
import {
  assembly,
  type TablesBackend,
  clipDraft,
  keysOf,
  newCampaign,
  tableBackends,
  renderDraft,
  progressOf,
} from './tables-bench.ts';

const made = { bytes: 1_000, renderMs: 500 };
const none = { done: 0, total: 0 };

describe.each(tableBackends)('renders on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  const statesOf = async (campaign: string): Promise<readonly string[]> =>
    (await db.renders.list(campaign, 0, 1_000)).map(({ status }) => status.state);

  async function submit(campaign: string, renders: readonly NewRender[]): ReturnType<Renders['record']> {
    const keys = renders.flatMap(({ plan }) =>
      plan.state === 'planned' ? plan.path.map(({ clip }) => clip) : [],
    );
    return db.renders.record(
      campaign,
      renders,
      [...new Set(keys)].map((key) => clipDraft(key)),
    );
  }

  it('remembers the secret it was begun with', async () => {
    await db.deployment.checkSecret('first');
    await db.deployment.checkSecret('first');
    await expect(db.deployment.checkSecret('second')).rejects.toMatchObject({ code: 'secret-mismatch' });
  });

  it('gives rows back as they were handed in', async () => {
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    const planned = renderDraft(1, [a, b, a], {
      warnings: [
        { code: 'image-unavailable', field: 'photo', message: 'It\u2019s gone \u0000 \ud83d \u{1f600}' },
      ],
    });
    const failed = renderDraft(2, { state: 'failed', code: 'row-invalid', message: 'Müller\u0000' });
    const skipped = renderDraft(3, { state: 'erased' });
    await submit(campaign, [skipped, planned, failed]);
    const rows = await db.renders.list(campaign, 0, 10);
    if (planned.plan.state !== 'planned') throw new Error('not planned');
    expect(rows[0]).toEqual({
      id: planned.id,
      campaign,
      row: 1,
      fileName: 'row-1',
      priority: 10,
      key: planned.plan.key,
      path: planned.plan.path,
      mix: 'mix',
      durationInFrames: 180,
      warnings: planned.warnings.map((warning) => ({
        ...warning,
        message: 'It\u2019s gone \u0000 \ud83d \u{1f600}',
      })),
      personal: false,
      link: planned.link,
      endedAt: undefined,
      status: { state: 'waiting', path: { done: 0, total: 2 }, beside: none },
      coming: [],
    });
    expect(await db.renders.find(planned.id)).toEqual(rows[0]);
    const { key, path } = planned.plan;
    expect(await db.renders.findPlanned(planned.id)).toEqual({
      ...{ state: 'waiting', priority: 10, coming: [], proofs: [] },
      planned: { ...assembly, id: planned.id, campaign, key, path, mix: 'mix', hasClipSound: false },
    });
    expect((await db.renders.findPlanned(failed.id))?.planned).toBeUndefined();
    expect(rows[1]?.status).toEqual({ state: 'failed', code: 'row-invalid', message: 'Müller' });
    expect(rows[1]).toMatchObject({ key: undefined, mix: undefined, path: [] });
    expect(rows[2]).toMatchObject({ key: undefined, status: { state: 'skipped', reason: 'erased' } });
    expect(await db.renders.list(campaign, 1, 1)).toEqual([rows[1]]);
    expect(await db.renders.recordedRows(campaign, [1, 3, 4])).toEqual(new Set([1, 3]));
    expect(await db.renders.recordedRows(campaign, [])).toEqual(new Set());
    expect(await db.renders.find('unknown')).toBeUndefined();
  });

  it('gives clips back as they were handed in, in the order asked for', async () => {
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    const inputs = { name: 'Zoë \u0000\ud83d\u{1f468}\u200d\u{1f469}', list: [1, null, { deep: true }] };
    const draft = clipDraft(a, { inputs, personal: true, fps: 29.97, format: '9:16' });
    await db.renders.record(campaign, [renderDraft(1, [a, b])], [draft, clipDraft(b)]);
    expect(await db.clips.find([b, 'unknown', a])).toEqual([clipDraft(b), draft]);
    expect(await db.clips.findWanted(a)).toEqual(draft);
    expect(await db.clips.findWanted('unknown')).toBeUndefined();
  });

  it('queues each clip once, those of the first rows first', async () => {
    const campaign = await newCampaign(db);
    const { x, y, z, shared } = keysOf('x', 'y', 'z', 'shared');
    const wanted = await submit(campaign, [
      renderDraft(3, [x, shared]),
      renderDraft(1, [z, shared]),
      renderDraft(2, [y, shared]),
    ]);
    expect(wanted.renders).toEqual([]);
    expect(new Set(wanted.clips.slice(0, 2))).toEqual(new Set([z, shared]));
    expect(wanted.clips.slice(2)).toEqual([y, x]);
  });

  it('releases a render when its last clip is stored, once', async () => {
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    const [both, one] = [renderDraft(1, [a, b], { priority: 3 }), renderDraft(2, [b])];
    await submit(campaign, [both, one]);
    expect(await db.clips.complete(b, made)).toEqual({ released: [{ id: one.id, priority: 10 }] });
    expect((await db.renders.find(both.id))?.status).toMatchObject({ path: { done: 1, total: 2 } });
    expect(await db.clips.findWanted(b)).toBeUndefined();
    expect(await db.clips.complete(b, made)).toEqual({ released: [] });
    expect(await db.clips.complete(a, made)).toEqual({ released: [{ id: both.id, priority: 3 }] });
    expect(await statesOf(campaign)).toEqual(['ready', 'ready']);
    expect(await db.clips.stored([a, b, 'unknown'])).toEqual(new Set([a, b]));
    expect(await db.clips.complete('unknown', made)).toEqual({ released: [] });
  });

  it('makes a row ready at once when all its clips are stored', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    await submit(campaign, [renderDraft(1, [a])]);
    await db.clips.complete(a, made);
    const second = renderDraft(2, [a, a]);
    expect(await submit(campaign, [second])).toMatchObject({ clips: [], renders: [second.id], begun: [] });
  });

  it('counts a clip as rendered for the first row that wants it and as reused for the others', async () => {
    const campaign = await newCampaign(db);
    const { a, b, shared } = keysOf('a', 'b', 'shared');
    await submit(campaign, [renderDraft(2, [shared, b]), renderDraft(1, [shared, a, shared])]);
    await submit(campaign, [renderDraft(3, [shared])]);
    for (const key of [a, b, shared]) await db.clips.complete(key, made);
    await submit(campaign, [renderDraft(4, [shared, a])]);
    for (const { id } of await db.renders.list(campaign, 0, 10)) await db.renders.complete(id);
    expect((await db.renders.list(campaign, 0, 10)).map(({ status }) => status)).toEqual([
      { state: 'done', clipsRendered: 2, clipsReused: 0 },
      { state: 'done', clipsRendered: 1, clipsReused: 1 },
      { state: 'done', clipsRendered: 0, clipsReused: 1 },
      { state: 'done', clipsRendered: 0, clipsReused: 2 },
    ]);
  });

  it('leaves recorded rows as they are, and says again what they want when asked again', async () => {
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    const rows = [renderDraft(1, [a]), renderDraft(2, [b])];
    const first = await submit(campaign, rows);
    expect(await submit(campaign, rows)).toEqual({ ...first, begun: [], recorded: [] });
    await db.clips.fail(a, 'scene-failed', 'broken');
    await submit(campaign, [renderDraft(1, [a])]);
    expect(await statesOf(campaign)).toEqual(['failed', 'waiting']);
    expect(await db.clips.findWanted(a)).toBeUndefined();
  });

  it('fails every render that waits for a failed clip, and wants nothing for them any more', async () => {
    const campaign = await newCampaign(db);
    const { a, b, c } = keysOf('a', 'b', 'c');
    await submit(campaign, [renderDraft(1, [a, b]), renderDraft(2, [a]), renderDraft(3, [c])]);
    await db.clips.fail(a, 'scene-failed', 'The chart broke.');
    await db.clips.fail(a, 'clip-timeout', 'later');
    expect((await db.renders.list(campaign, 0, 10)).map(({ status }) => status)).toEqual([
      { state: 'failed', code: 'scene-failed', message: 'The chart broke.' },
      { state: 'failed', code: 'scene-failed', message: 'The chart broke.' },
      { state: 'waiting', path: { done: 0, total: 1 }, beside: none },
    ]);
    expect(await db.clips.findWanted(a)).toBeUndefined();
    expect(await db.clips.findWanted(b)).toBeUndefined();
    expect(await db.clips.complete(b, made)).toEqual({ released: [] });
  });

  it('wants a failed clip again for a new row, which counts it as rendered', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    await submit(campaign, [renderDraft(1, [a])]);
    await db.clips.fail(a, 'clip-timeout', 'slow');
    const again = renderDraft(2, [a]);
    expect((await submit(campaign, [again])).clips).toEqual([a]);
    expect(await db.clips.complete(a, made)).toEqual({ released: [{ id: again.id, priority: 10 }] });
    await db.renders.complete(again.id);
    expect((await db.renders.find(again.id))?.status).toEqual({
      state: 'done',
      clipsRendered: 1,
      clipsReused: 0,
    });
    expect(await statesOf(campaign)).toEqual(['failed', 'done']);
  });

  it('does not fail a clip that is stored', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    await submit(campaign, [renderDraft(1, [a])]);
    await db.clips.complete(a, made);
    await db.clips.fail(a, 'clip-timeout', 'a late one');
    expect(await db.clips.stored([a])).toEqual(new Set([a]));
    expect(await statesOf(campaign)).toEqual(['ready']);
  });

  it('wants clips again whose files are gone', async () => {
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    const render = renderDraft(1, [a, b]);
    await submit(campaign, [render]);
    await db.clips.complete(a, made);
    await db.clips.complete(b, made);
    await db.clips.revive(render.id, [b]);
    await db.clips.revive(render.id, [b]);
    expect((await db.renders.find(render.id))?.status).toMatchObject({ path: { done: 1, total: 2 } });
    expect((await db.clips.findWanted(b))?.key).toBe(b);
    expect(await db.clips.stored([a, b])).toEqual(new Set([a]));
    expect(await db.clips.complete(b, { bytes: undefined, renderMs: undefined })).toEqual({
      released: [{ id: render.id, priority: 10 }],
    });
  });

  it('ends a render once', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const [first, second] = [renderDraft(1, [a]), renderDraft(2, [a])];
    await submit(campaign, [first, second]);
    await db.renders.complete(first.id);
    expect(await statesOf(campaign)).toEqual(['waiting', 'waiting']);
    await db.renders.fail(second.id, 'internal', 'no');
    await db.clips.complete(a, made);
    await db.renders.complete(first.id);
    await db.renders.fail(first.id, 'internal', 'too late');
    await db.renders.complete(second.id);
    expect(await statesOf(campaign)).toEqual(['done', 'failed']);
  });

  it('cancels what has not ended', async () => {
    const campaign = await newCampaign(db);
    const { a, b } = keysOf('a', 'b');
    const done = renderDraft(1, [a]);
    await submit(campaign, [done, renderDraft(2, [a]), renderDraft(3, [b])]);
    await db.clips.complete(a, made);
    await db.renders.complete(done.id);
    await db.campaigns.cancel(campaign);
    await db.campaigns.cancel(campaign);
    expect(await statesOf(campaign)).toEqual(['done', 'cancelled', 'cancelled']);
    expect(await db.clips.findWanted(b)).toBeUndefined();
    expect(await db.clips.complete(b, made)).toEqual({ released: [] });
  });

  it('keeps a clip wanted that another campaign waits for', async () => {
    const [first, second] = [await newCampaign(db), await newCampaign(db)];
    const { a } = keysOf('a');
    await submit(first, [renderDraft(1, [a])]);
    const other = renderDraft(1, [a]);
    await submit(second, [other]);
    await db.campaigns.cancel(first);
    expect((await db.clips.findWanted(a))?.key).toBe(a);
    expect(await db.clips.complete(a, made)).toEqual({ released: [{ id: other.id, priority: 10 }] });
  });

  it('tells how far a campaign has come', async () => {
    const campaign = await newCampaign(db);
    const elsewhere = await newCampaign(db);
    const { a, b, c, theirs } = keysOf('a', 'b', 'c', 'theirs');
    await submit(elsewhere, [renderDraft(1, [theirs])]);
    const [first] = [renderDraft(1, [a])];
    await submit(campaign, [
      first,
      renderDraft(2, [b, theirs]),
      renderDraft(3, [c]),
      renderDraft(4, [a]),
      renderDraft(5, { state: 'failed', code: 'row-invalid', message: 'no' }),
      renderDraft(6, { state: 'erased' }),
    ]);
    await db.clips.complete(a, made);
    await db.renders.complete(first.id);
    await db.clips.fail(c, 'scene-failed', 'no');
    expect(await progressOf(db, campaign)).toEqual({
      rows: { waiting: 1, ready: 1, done: 1, failed: 2, skipped: 1, cancelled: 0 },
      clips: { wanted: 3, stored: 1, failed: 1 },
      frames: { wanted: 180, stored: 60 },
      started: 0,
      coming: 0,
    });
    const page = await db.campaigns.progress(['unknown', campaign]);
    expect(page.map(({ clips }) => clips.wanted)).toEqual([0, 3]);
  });

  it('lists done rows in the order in which they were done, page by page', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const drafts = [
      renderDraft(1, [a]),
      renderDraft(2, [a]),
      renderDraft(3, [a]),
      renderDraft(4, { state: 'failed', code: 'row-invalid', message: 'no' }),
    ];
    await submit(campaign, drafts);
    await db.clips.complete(a, made);
    const pageFrom = async (after: number, limit: number) => {
      const { rows, last } = await db.renders.listDone(campaign, after, limit);
      return { rows: rows.map(({ row }) => row), last };
    };
    expect(await pageFrom(0, 10)).toEqual({ rows: [], last: 0 });
    await db.renders.complete(drafts[1]?.id ?? '');
    await db.renders.complete(drafts[0]?.id ?? '');
    const first = await pageFrom(0, 1);
    expect(first.rows).toEqual([2]);
    const second = await pageFrom(first.last, 10);
    expect(second.rows).toEqual([1]);
    expect(await pageFrom(second.last, 10)).toEqual({ rows: [], last: second.last });
    await db.renders.complete(drafts[2]?.id ?? '');
    expect((await pageFrom(second.last, 10)).rows).toEqual([3]);
  });

  it('pages through everything that should be queued, with the most urgent wish', async () => {
    const campaign = await newCampaign(db);
    const { a, b, c, stored, failed } = keysOf('a', 'b', 'c', 'stored', 'failed');
    const ready = [1, 2, 3].map((row) => renderDraft(row, [stored], { priority: row }));
    await submit(campaign, ready);
    await db.clips.complete(stored, made);
    await submit(campaign, [
      renderDraft(4, [a, b], { priority: 9 }),
      renderDraft(5, [b, c], { priority: 2 }),
      renderDraft(6, [failed]),
    ]);
    await db.clips.fail(failed, 'scene-failed', 'no');
    const clips = new Map<string, number>();
    const renders = new Map<string, number>();
    let pages = 0;
    for (let after: string | undefined; pages === 0 || after !== undefined; pages += 1) {
      const page = await db.renders.outstanding(after, 2);
      for (const { key, priority } of page.clips) clips.set(key, priority);
      for (const { id, priority } of page.renders) renders.set(id, priority);
      after = page.next;
    }
    expect([a, b, c].map((key) => clips.get(key))).toEqual([9, 2, 2]);
    expect([stored, failed].map((key) => clips.get(key))).toEqual([undefined, undefined]);
    expect(ready.map(({ id }) => renders.get(id))).toEqual([1, 2, 3]);
    expect(pages).toBeGreaterThan(3);
  });

  it('names what should be queued in the order of rows, so that the first ones are done first', async () => {
    const campaign = await newCampaign(db);
    const { a, b, c, d } = keysOf('a', 'b', 'c', 'd');
    await submit(campaign, [renderDraft(1, [d, b]), renderDraft(2, [d, c]), renderDraft(3, [a])]);
    const { clips } = await db.renders.outstanding(undefined, 1_000);
    const own = new Set([a, b, c, d]);
    expect(clips.map(({ key }) => key).filter((key) => own.has(key))).toEqual([b, d, c, a]);
  });

  it('takes 500 rows in one go', async () => {
    const campaign = await newCampaign(db);
    const { intro, plan, personal } = keysOf('intro', 'plan', 'personal');
    const drafts = Array.from({ length: 500 }, (_, index) =>
      renderDraft(index + 1, [intro, `${plan}-${index % 3}`, `${personal}-${index}`]),
    );
    const { clips, renders } = await submit(campaign, drafts);
    expect(clips).toHaveLength(504);
    expect(renders).toEqual([]);
    expect((await progressOf(db, campaign)).rows.waiting).toBe(500);
  });
});
