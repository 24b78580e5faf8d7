import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../worker/core/ledger.ts';
import { clipDraft, keysOf, newCampaign, videoDraft, type LedgerBackend } from './ledger-bench.ts';
import { ledgerKinds } from './ledger-kinds.ts';

const made = { bytes: 1, renderMs: 1 };

describe.each(ledgerKinds)('rows in the ledger on %s', (_database, openBackend) => {
  let backend: LedgerBackend;
  let ledger: Ledger;

  beforeAll(async () => {
    backend = await openBackend();
    ledger = backend.ledger;
  });
  afterAll(() => backend.close());

  it('are found by their link until it is revoked or replaced', async () => {
    const campaign = await newCampaign(ledger);
    const { a, other } = keysOf('a', 'other');
    const [video, failed] = [
      videoDraft(1, [a]),
      videoDraft(2, { state: 'failed', code: 'row-invalid', message: 'no' }),
    ];
    await ledger.submit(campaign, [video, failed], [clipDraft(a)]);
    expect(await ledger.videoByLink(video.link)).toEqual(await ledger.video(video.id));
    expect((await ledger.videoByLink(failed.link))?.id).toBe(failed.id);
    expect(await ledger.videoByLink('unknown')).toBeUndefined();

    await ledger.relinkVideo(video.id, other);
    expect(await ledger.videoByLink(video.link)).toBeUndefined();
    expect(await ledger.videoByLink(other)).toMatchObject({ id: video.id, link: other });
    await ledger.relinkVideo(video.id, undefined);
    expect(await ledger.videoByLink(other)).toBeUndefined();
    expect((await ledger.video(video.id))?.link).toBeUndefined();
    await expect(ledger.relinkVideo(video.id, failed.link)).rejects.toThrow();
  });

  it('count the clips of a video apart from those that only its page may need', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b, c, d } = keysOf('a', 'b', 'c', 'd');
    const path = [a, b, a].map((clip, index) => ({ node: `n${index}`, clip }));
    const plan = { key: c, path, beside: [b, c, d], mix: 'mix', durationInFrames: 180, personal: false };
    const video = videoDraft(1, { state: 'planned', ...plan });
    await ledger.submit(
      campaign,
      [video],
      [a, b, c, d].map((key) => clipDraft(key)),
    );
    const waiting = (film: number, beside: number) => ({
      state: 'waiting',
      path: { done: film, total: 2 },
      beside: { done: beside, total: 2 },
    });
    const status = async () => (await ledger.video(video.id))?.status;
    expect(await status()).toEqual(waiting(0, 0));
    await ledger.completeClip(b, made);
    await ledger.completeClip(c, made);
    expect(await status()).toEqual(waiting(1, 1));
    await ledger.completeClip(a, made);
    expect(await status()).toEqual(waiting(2, 1));
    await ledger.completeClip(d, made);
    expect(await status()).toEqual({ state: 'ready' });
  });

  it('say which pictures are still to be made, until they are or cannot be', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    const [early, whole] = [videoDraft(1, [a]), videoDraft(2, [a])];
    await ledger.submit(campaign, [early, whole], [clipDraft(a)]);
    await ledger.completeClip(a, made);
    await ledger.completeVideo(early.id, ['poster', 'teaser']);
    await ledger.completeVideo(whole.id);
    const toCome = async () => {
      const found: string[] = [];
      let after: string | undefined;
      do {
        const page = await ledger.outstanding(after, 1);
        found.push(...page.pictures.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      return found;
    };
    expect((await ledger.video(early.id))?.coming).toEqual(['poster', 'teaser']);
    expect((await ledger.progress(campaign)).coming).toBe(1);
    expect(await toCome()).toContain(early.id);
    expect(await toCome()).not.toContain(whole.id);

    const missing = { code: 'picture-unavailable', field: 'teaser', message: 'No.' } as const;
    const key = (await ledger.video(early.id))?.key ?? '';
    await ledger.endPictures({ id: early.id, key: 'another' }, ['poster']);
    expect((await ledger.video(early.id))?.coming).toEqual(['poster', 'teaser']);
    await ledger.endPictures({ id: early.id, key }, ['poster']);
    expect((await ledger.video(early.id))?.coming).toEqual(['teaser']);
    await ledger.endPictures({ id: early.id, key }, ['teaser'], [missing]);
    await ledger.endPictures({ id: early.id, key }, ['teaser'], [missing]);
    expect(await ledger.video(early.id)).toMatchObject({ coming: [], warnings: [missing] });
    expect(await toCome()).not.toContain(early.id);
    await ledger.losePicture({ id: early.id, key }, 'poster');
    await ledger.losePicture({ id: early.id, key }, 'poster');
    expect((await ledger.video(early.id))?.coming).toEqual(['poster']);
  });

  it('are reported to the licence service once', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    const video = videoDraft(1, [a]);
    await ledger.submit(campaign, [video], [clipDraft(a)]);
    const claims = await Promise.all(Array.from({ length: 8 }, () => ledger.claimReport(video.id)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await ledger.claimReport(video.id)).toBe(false);
  });

  it('know the pictures that are kept of their clips', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    const poster = { kind: 'poster', frame: 3 } as const;
    const strip = { kind: 'strip', fromFrame: 0, count: 4, step: 3 } as const;
    await ledger.submit(campaign, [videoDraft(1, [a])], [clipDraft(a, { stills: [poster] })]);
    const added = await Promise.all([strip, strip, poster].map((still) => ledger.addStill(a, still)));
    expect(added).toEqual([true, true, true]);
    expect(await ledger.addStill('unknown', strip)).toBe(false);
    expect((await ledger.clips([a]))[0]?.stills).toEqual([poster, strip]);
  });

  it('lose no decrement when all of their clips are stored at the same moment', async () => {
    const campaign = await newCampaign(ledger);
    const keys = Object.values(keysOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'));
    const own = Array.from({ length: 8 }, (_, row) => Object.values(keysOf(`own-${row}`))[0] ?? '');
    const videos = own.map((key, row) => videoDraft(row + 1, [...keys, key]));
    await ledger.submit(
      campaign,
      videos,
      [...keys, ...own].map((key) => clipDraft(key)),
    );
    const released = await Promise.all([...keys, ...own].map((key) => ledger.completeClip(key, made)));
    expect(released.flatMap((each) => each.released.map(({ id }) => id)).sort()).toEqual(
      videos.map(({ id }) => id).sort(),
    );
    expect((await ledger.progress(campaign)).rows).toMatchObject({ waiting: 0, ready: 8 });
  });

  it('know when they ended, however they did', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b, c } = keysOf('a', 'b', 'c');
    const begun = Date.now();
    const drafts = [
      videoDraft(1, [a]),
      videoDraft(2, [b]),
      videoDraft(3, [a]),
      videoDraft(4, [c]),
      videoDraft(5, { state: 'failed', code: 'row-invalid', message: 'no' }),
      videoDraft(6, { state: 'skipped', key: 'k', durationInFrames: 1 }),
    ];
    const [done, , failed] = drafts.map(({ id }) => id);
    await ledger.submit(
      campaign,
      drafts,
      [a, b, c].map((key) => clipDraft(key)),
    );
    const ended = async () =>
      (await ledger.rows(campaign, 0, 10)).flatMap(({ row, endedAt }) => (endedAt ? [row] : []));
    expect(await ended()).toEqual([5, 6]);
    await ledger.completeClip(a, made);
    expect(await ended()).toEqual([5, 6]);
    await ledger.completeVideo(done ?? '');
    await ledger.failVideo(failed ?? '', 'media-failed', 'no');
    await ledger.failClip(b, 'scene-failed', 'no');
    expect(await ended()).toEqual([1, 2, 3, 5, 6]);
    await ledger.cancelCampaign(campaign);
    const rows = await ledger.rows(campaign, 0, 10);
    for (const { endedAt } of rows) {
      expect(Math.abs((endedAt?.getTime() ?? 0) - begun)).toBeLessThan(60_000);
    }
    await ledger.reopenVideo(done ?? '');
    expect((await ledger.video(done ?? ''))?.endedAt).toBeUndefined();
  });

  it('name their campaigns when they end, once counted', async () => {
    const [first, second] = [await newCampaign(ledger), await newCampaign(ledger)];
    const { a, shared } = keysOf('a', 'shared');
    const drafts = [a, shared].map((key) => clipDraft(key));
    const [done, failed] = [videoDraft(1, [a]), videoDraft(2, [a])];
    await ledger.submit(first, [done, failed, videoDraft(3, [shared]), videoDraft(4, [shared])], drafts);
    await ledger.submit(second, [videoDraft(1, [shared])], drafts);
    expect(await ledger.completeVideo(done.id)).toEqual({ rows: 0, campaigns: [], over: [], remakes: [] });
    await ledger.completeClip(a, made);
    expect(await ledger.completeVideo(done.id)).toMatchObject({ rows: 1, campaigns: [first], over: [] });
    expect(await ledger.completeVideo(done.id)).toMatchObject({ rows: 0, campaigns: [first], over: [] });
    expect(await ledger.failVideo(failed.id, 'internal', 'no')).toMatchObject({
      rows: 1,
      campaigns: [first],
      over: [],
    });
    expect(await ledger.failVideo(failed.id, 'internal', 'no')).toMatchObject({
      rows: 0,
      campaigns: [first],
      over: [],
    });
    expect(await ledger.failVideo('unknown', 'internal', 'no')).toEqual({
      rows: 0,
      campaigns: [],
      over: [],
      remakes: [],
    });
    const ended = await ledger.failClip(shared, 'scene-failed', 'no');
    expect(ended.rows).toBe(3);
    expect(new Set(ended.campaigns)).toEqual(new Set([first, second]));
    expect(ended.campaigns).toHaveLength(2);
    expect(await ledger.failClip(shared, 'scene-failed', 'no')).toEqual({
      rows: 0,
      campaigns: [],
      over: [],
      remakes: [],
    });
  });

  it('tell apart the clips that they are the first to want', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b, c, stored } = keysOf('a', 'b', 'c', 'stored');
    const drafts = [a, b, c, stored].map((key) => clipDraft(key));
    const first = await ledger.submit(campaign, [videoDraft(1, [a, stored])], drafts);
    expect(first.begun).toEqual(first.clips);
    await ledger.completeClip(stored, made);
    const later = await ledger.submit(campaign, [videoDraft(2, [a, b, stored]), videoDraft(3, [c])], drafts);
    expect(new Set(later.clips)).toEqual(new Set([a, b, c]));
    expect(later.begun).toEqual([b, c]);
    await ledger.failClip(b, 'scene-failed', 'no');
    expect((await ledger.submit(campaign, [videoDraft(4, [b, c])], drafts)).begun).toEqual([b]);
  });

  it('are paged in the order of the input, of the states asked for', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    const drafts = Array.from({ length: 9 }, (_, index) =>
      videoDraft(index + 1, index % 3 === 0 ? [a] : { state: 'failed', code: 'row-invalid', message: 'no' }),
    );
    await ledger.submit(campaign, drafts, [clipDraft(a)]);
    const numbers = async (after: number, limit: number, states?: Parameters<Ledger['rows']>[3]) =>
      (await ledger.rows(campaign, after, limit, states)).map(({ row }) => row);
    expect(await numbers(0, 3, ['failed'])).toEqual([2, 3, 5]);
    expect(await numbers(5, 3, ['failed'])).toEqual([6, 8, 9]);
    expect(await numbers(3, 4, ['failed', 'waiting'])).toEqual([4, 5, 6, 7]);
    expect(await numbers(0, 9, ['done'])).toEqual([]);
    expect(await numbers(0, 9, [])).toEqual([]);
    expect(await numbers(7, 9)).toEqual([8, 9]);
  });

  it('are begun when some of their clips are there, and not yet all', async () => {
    const campaign = await newCampaign(ledger);
    const { shared, a, b, c } = keysOf('shared', 'a', 'b', 'c');
    const drafts = [shared, a, b, c].map((key) => clipDraft(key));
    await ledger.submit(
      campaign,
      [videoDraft(1, [shared, a]), videoDraft(2, [shared, b, shared]), videoDraft(3, [c])],
      drafts,
    );
    expect(await ledger.begunRows(campaign)).toBe(0);
    await ledger.completeClip(a, made);
    expect(await ledger.begunRows(campaign)).toBe(1);
    await ledger.completeClip(shared, made);
    // The first is ready, the second has one of two, the third none.
    expect(await ledger.begunRows(campaign)).toBe(1);
    await ledger.cancelCampaign(campaign);
    expect(await ledger.begunRows(campaign)).toBe(0);
  });
});
