import type { Renders } from '../../worker/core/renders.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const made = { bytes: 1, renderMs: 1 };

describe.each(tableBackends)('rows in the tables on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  it('need a clip once that is handed in twice, with the pictures that one of them needs', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const withStill = clipDraft(a, { stills: [{ kind: 'poster', frame: 3 }] });
    const wanted = await db.renders.record(
      campaign,
      [renderDraft(1, [a, a])],
      [clipDraft(a), withStill, clipDraft(a)],
    );
    expect(wanted).toMatchObject({ clips: [a], recorded: [a] });
    expect(await db.clips.find([a])).toEqual([withStill]);
  });

  it('are found by their link until it is revoked or replaced', async () => {
    const campaign = await newCampaign(db);
    const { a, other } = keysOf('a', 'other');
    const [render, failed] = [
      renderDraft(1, [a]),
      renderDraft(2, { state: 'failed', code: 'row-invalid', message: 'no' }),
    ];
    await db.renders.record(campaign, [render, failed], [clipDraft(a)]);
    expect(await db.renders.findByLink(render.link)).toEqual(await db.renders.find(render.id));
    expect((await db.renders.findByLink(failed.link))?.id).toBe(failed.id);
    expect(await db.renders.findByLink('unknown')).toBeUndefined();

    await db.renders.relink(render.id, other);
    expect(await db.renders.findByLink(render.link)).toBeUndefined();
    expect(await db.renders.findByLink(other)).toMatchObject({ id: render.id, link: other });
    await db.renders.relink(render.id, undefined);
    expect(await db.renders.findByLink(other)).toBeUndefined();
    expect((await db.renders.find(render.id))?.link).toBeUndefined();
    await expect(db.renders.relink(render.id, failed.link)).rejects.toThrow();
  });

  it('count the clips of a video apart from those that only its page may need', async () => {
    const campaign = await newCampaign(db);
    const { a, b, c, d } = keysOf('a', 'b', 'c', 'd');
    const path = [a, b, a].map((clip, index) => ({ node: `n${index}`, clip }));
    const plan = {
      key: c,
      path,
      beside: [b, c, d],
      mix: 'mix',
      assembly,
      durationInFrames: 180,
      personal: false,
    };
    const render = renderDraft(1, { state: 'planned', ...plan });
    await db.renders.record(
      campaign,
      [render],
      [a, b, c, d].map((key) => clipDraft(key)),
    );
    const waiting = (film: number, beside: number) => ({
      state: 'waiting',
      path: { done: film, total: 2 },
      beside: { done: beside, total: 2 },
    });
    const status = async () => (await db.renders.find(render.id))?.status;
    expect(await status()).toEqual(waiting(0, 0));
    await db.clips.complete(b, made);
    await db.clips.complete(c, made);
    expect(await status()).toEqual(waiting(1, 1));
    await db.clips.complete(a, made);
    expect(await status()).toEqual(waiting(2, 1));
    await db.clips.complete(d, made);
    expect(await status()).toEqual({ state: 'ready' });
  });

  it('say which pictures are still to be made, until they are or cannot be', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const [early, whole] = [renderDraft(1, [a]), renderDraft(2, [a])];
    await db.renders.record(campaign, [early, whole], [clipDraft(a)]);
    await db.clips.complete(a, made);
    await db.renders.complete(early.id, ['poster', 'teaser']);
    await db.renders.complete(whole.id);
    const toCome = async () => {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await db.renders.outstanding(after, 1);
        found.push(...page.pictures.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      return found;
    };
    expect((await db.renders.find(early.id))?.coming).toEqual(['poster', 'teaser']);
    expect((await progressOf(db, campaign)).coming).toBe(1);
    expect(await toCome()).toContain(early.id);
    expect(await toCome()).not.toContain(whole.id);

    const missing = { code: 'picture-unavailable', field: 'teaser', message: 'No.' } as const;
    const key = (await db.renders.find(early.id))?.key ?? '';
    await db.renders.endPictures({ id: early.id, key: 'another' }, ['poster']);
    expect((await db.renders.find(early.id))?.coming).toEqual(['poster', 'teaser']);
    await db.renders.endPictures({ id: early.id, key }, ['poster']);
    expect((await db.renders.find(early.id))?.coming).toEqual(['teaser']);
    await db.renders.endPictures({ id: early.id, key }, ['teaser'], [missing]);
    await db.renders.endPictures({ id: early.id, key }, ['teaser'], [missing]);
    expect(await db.renders.find(early.id)).toMatchObject({ coming: [], warnings: [missing] });
    expect(await toCome()).not.toContain(early.id);
    await db.renders.losePicture({ id: early.id, key }, 'poster');
    await db.renders.losePicture({ id: early.id, key }, 'poster');
    expect((await db.renders.find(early.id))?.coming).toEqual(['poster']);
  });

  it('keep the audience segments that they were planned with, until they are emptied', async () => {
    const campaign = await newCampaign(db);
    const { a, person } = keysOf('a', 'person');
    const hostile = ['new', '{"a","b"}', "o'brien", 'naïve, {} "x"', 'NULL', '\\\\', ''];
    const failed = { state: 'failed', code: 'row-invalid', message: 'no' } as const;
    const drafts = [
      renderDraft(1, [a], { segments: hostile, person }),
      renderDraft(2, { state: 'held-out' }, { segments: ['loyal'] }),
      renderDraft(3, [a], { segments: [] }),
      renderDraft(4, failed),
      renderDraft(5, [a], { segments: ['gone'] }),
    ];
    await db.renders.record(campaign, drafts, [clipDraft(a)]);
    await db.clips.complete(a, made);
    await db.renders.complete(drafts[4]?.id ?? '');
    const segments = async () => (await db.renders.list(campaign, 0, 9)).map((row) => row.segments);
    expect(await segments()).toEqual([hostile, ['loyal'], [], undefined, ['gone']]);
    await db.renders.delete(drafts[4]?.id ?? '');
    await db.people.erase({ person }, []);
    expect(await segments()).toEqual([undefined, ['loyal'], [], undefined, undefined]);
  });

  it('are reported to the licence service once', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const render = renderDraft(1, [a]);
    await db.renders.record(campaign, [render], [clipDraft(a)]);
    const claims = await Promise.all(Array.from({ length: 8 }, () => db.renders.claimReport(render.id)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await db.renders.claimReport(render.id)).toBe(false);
  });

  it('know the pictures that are kept of their clips', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const poster = { kind: 'poster', frame: 3 } as const;
    const strip = { kind: 'strip', fromFrame: 0, count: 4, step: 3 } as const;
    await db.renders.record(campaign, [renderDraft(1, [a])], [clipDraft(a, { stills: [poster] })]);
    const added = await Promise.all([strip, strip, poster].map((still) => db.clips.addStill(a, still)));
    expect(added).toEqual([true, true, true]);
    expect(await db.clips.addStill('unknown', strip)).toBe(false);
    expect((await db.clips.find([a]))[0]?.stills).toEqual([poster, strip]);
  });

  it('lose no decrement when all of their clips are stored at the same moment', async () => {
    const campaign = await newCampaign(db);
    const keys = Object.values(keysOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'));
    const own = Array.from({ length: 8 }, (_, row) => Object.values(keysOf(`own-${row}`))[0] ?? '');
    const renders = own.map((key, row) => renderDraft(row + 1, [...keys, key]));
    await db.renders.record(
      campaign,
      renders,
      [...keys, ...own].map((key) => clipDraft(key)),
    );
    const released = await Promise.all([...keys, ...own].map((key) => db.clips.complete(key, made)));
    expect(released.flatMap((each) => each.released.map(({ id }) => id)).sort()).toEqual(
      renders.map(({ id }) => id).sort(),
    );
    expect((await progressOf(db, campaign)).rows).toMatchObject({ waiting: 0, ready: 8 });
  });

  it('know when they ended, however they did', async () => {
    const campaign = await newCampaign(db);
    const { a, b, c } = keysOf('a', 'b', 'c');
    const begun = Date.now();
    const drafts = [
      renderDraft(1, [a]),
      renderDraft(2, [b]),
      renderDraft(3, [a]),
      renderDraft(4, [c]),
      renderDraft(5, { state: 'failed', code: 'row-invalid', message: 'no' }),
      renderDraft(6, { state: 'erased' }),
    ];
    const [done, , failed] = drafts.map(({ id }) => id);
    await db.renders.record(
      campaign,
      drafts,
      [a, b, c].map((key) => clipDraft(key)),
    );
    const ended = async () =>
      (await db.renders.list(campaign, 0, 10)).flatMap(({ row, endedAt }) => (endedAt ? [row] : []));
    expect(await ended()).toEqual([5, 6]);
    await db.clips.complete(a, made);
    expect(await ended()).toEqual([5, 6]);
    await db.renders.complete(done ?? '');
    await db.renders.fail(failed ?? '', 'media-failed', 'no');
    await db.clips.fail(b, 'scene-failed', 'no');
    expect(await ended()).toEqual([1, 2, 3, 5, 6]);
    await db.campaigns.cancel(campaign);
    const rows = await db.renders.list(campaign, 0, 10);
    for (const { endedAt } of rows) {
      expect(Math.abs((endedAt?.getTime() ?? 0) - begun)).toBeLessThan(60_000);
    }
    await db.renders.reopen(done ?? '');
    expect((await db.renders.find(done ?? ''))?.endedAt).toBeUndefined();
  });

  it('name their campaigns when they end, once counted', async () => {
    const [first, second] = [await newCampaign(db), await newCampaign(db)];
    const { a, shared } = keysOf('a', 'shared');
    const drafts = [a, shared].map((key) => clipDraft(key));
    const [done, failed] = [renderDraft(1, [a]), renderDraft(2, [a])];
    await db.renders.record(
      first,
      [done, failed, renderDraft(3, [shared]), renderDraft(4, [shared])],
      drafts,
    );
    await db.renders.record(second, [renderDraft(1, [shared])], drafts);
    expect(await db.renders.complete(done.id)).toEqual({ rows: 0, campaigns: [], over: [], remakes: [] });
    await db.clips.complete(a, made);
    expect(await db.renders.complete(done.id)).toMatchObject({ rows: 1, campaigns: [first], over: [] });
    expect(await db.renders.complete(done.id)).toMatchObject({ rows: 0, campaigns: [first], over: [] });
    expect(await db.renders.fail(failed.id, 'internal', 'no')).toMatchObject({
      rows: 1,
      campaigns: [first],
      over: [],
    });
    expect(await db.renders.fail(failed.id, 'internal', 'no')).toMatchObject({
      rows: 0,
      campaigns: [first],
      over: [],
    });
    expect(await db.renders.fail('unknown', 'internal', 'no')).toEqual({
      rows: 0,
      campaigns: [],
      over: [],
      remakes: [],
    });
    const ended = await db.clips.fail(shared, 'scene-failed', 'no');
    expect(ended.rows).toBe(3);
    expect(new Set(ended.campaigns)).toEqual(new Set([first, second]));
    expect(ended.campaigns).toHaveLength(2);
    expect(await db.clips.fail(shared, 'scene-failed', 'no')).toEqual({
      rows: 0,
      campaigns: [],
      over: [],
      remakes: [],
    });
  });

  it('tell apart the clips that they are the first to want', async () => {
    const campaign = await newCampaign(db);
    const { a, b, c, stored } = keysOf('a', 'b', 'c', 'stored');
    const drafts = [a, b, c, stored].map((key) => clipDraft(key));
    const first = await db.renders.record(campaign, [renderDraft(1, [a, stored])], drafts);
    expect(first.begun).toEqual(first.clips);
    await db.clips.complete(stored, made);
    const later = await db.renders.record(
      campaign,
      [renderDraft(2, [a, b, stored]), renderDraft(3, [c])],
      drafts,
    );
    expect(new Set(later.clips)).toEqual(new Set([a, b, c]));
    expect(later.begun).toEqual([b, c]);
    await db.clips.fail(b, 'scene-failed', 'no');
    expect((await db.renders.record(campaign, [renderDraft(4, [b, c])], drafts)).begun).toEqual([b]);
  });

  it('are paged in the order of the input, of the states asked for', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const drafts = Array.from({ length: 9 }, (_, index) =>
      renderDraft(index + 1, index % 3 === 0 ? [a] : { state: 'failed', code: 'row-invalid', message: 'no' }),
    );
    await db.renders.record(campaign, drafts, [clipDraft(a)]);
    const numbers = async (after: number, limit: number, states?: Parameters<Renders['list']>[3]) =>
      (await db.renders.list(campaign, after, limit, states)).map(({ row }) => row);
    expect(await numbers(0, 3, ['failed'])).toEqual([2, 3, 5]);
    expect(await numbers(5, 3, ['failed'])).toEqual([6, 8, 9]);
    expect(await numbers(3, 4, ['failed', 'waiting'])).toEqual([4, 5, 6, 7]);
    expect(await numbers(0, 9, ['done'])).toEqual([]);
    expect(await numbers(0, 9, [])).toEqual([]);
    expect(await numbers(7, 9)).toEqual([8, 9]);
  });

  it('are begun when some of their clips are there, and not yet all', async () => {
    const campaign = await newCampaign(db);
    const { shared, a, b, c } = keysOf('shared', 'a', 'b', 'c');
    const drafts = [shared, a, b, c].map((key) => clipDraft(key));
    await db.renders.record(
      campaign,
      [renderDraft(1, [shared, a]), renderDraft(2, [shared, b, shared]), renderDraft(3, [c])],
      drafts,
    );
    expect((await progressOf(db, campaign)).started).toBe(0);
    await db.clips.complete(a, made);
    expect((await progressOf(db, campaign)).started).toBe(1);
    await db.clips.complete(shared, made);
    // The first is ready, the second has one of two, the third none.
    expect((await progressOf(db, campaign)).started).toBe(1);
    await db.campaigns.cancel(campaign);
    expect((await progressOf(db, campaign)).started).toBe(0);
  });
});
