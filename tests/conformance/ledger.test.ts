import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign, Ledger, VideoDraft } from '../../worker/core/ledger.ts';
import { clipDraft, keysOf, newCampaign, videoDraft, type LedgerBackend } from './ledger-bench.ts';
import { ledgerKinds } from './ledger-kinds.ts';

const made = { bytes: 1_000, renderMs: 500 };
const none = { done: 0, total: 0 };

describe.each(ledgerKinds)('the ledger on %s', (_database, openBackend) => {
  let backend: LedgerBackend;
  let ledger: Ledger;

  beforeAll(async () => {
    backend = await openBackend();
    ledger = backend.ledger;
  });
  afterAll(() => backend.close());

  const statesOf = async (campaign: string): Promise<readonly string[]> =>
    (await ledger.rows(campaign, 0, 1_000)).map(({ status }) => status.state);

  async function submit(campaign: string, videos: readonly VideoDraft[]): ReturnType<Ledger['submit']> {
    const keys = videos.flatMap(({ plan }) =>
      plan.state === 'planned' ? plan.path.map(({ clip }) => clip) : [],
    );
    return ledger.submit(
      campaign,
      videos,
      [...new Set(keys)].map((key) => clipDraft(key)),
    );
  }

  it('remembers the secret it was begun with', async () => {
    await ledger.checkSecret('first');
    await ledger.checkSecret('first');
    await expect(ledger.checkSecret('second')).rejects.toMatchObject({ code: 'secret-mismatch' });
  });

  it('continues the unfinished campaign of the same identity, with its date', async () => {
    const { identity } = keysOf('identity');
    const first: Campaign = {
      id: `${identity}-1`,
      identity,
      template: 't',
      format: '9:16',
      asOf: '2026-01-31',
    };
    expect(await ledger.openCampaign(first)).toEqual({ campaign: first, continued: false });
    const second = { ...first, id: `${identity}-2`, asOf: '2026-02-01' };
    expect(await ledger.openCampaign(second)).toEqual({ campaign: first, continued: true });
    await ledger.finishCampaign(first.id);
    await ledger.finishCampaign(first.id);
    expect(await ledger.openCampaign(second)).toEqual({ campaign: second, continued: false });
  });

  it('opens one campaign when several ask at once', async () => {
    const { identity } = keysOf('identity');
    const opened = await Promise.all(
      [1, 2, 3, 4].map((number) =>
        ledger.openCampaign({
          id: `${identity}-${number}`,
          identity,
          template: 't',
          format: '1:1',
          asOf: '2026-01-31',
        }),
      ),
    );
    expect(new Set(opened.map(({ campaign }) => campaign.id)).size).toBe(1);
    expect(opened.filter(({ continued }) => !continued)).toHaveLength(1);
  });

  it('gives rows back as they were handed in', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b } = keysOf('a', 'b');
    const planned = videoDraft(1, [a, b, a], {
      warnings: [
        { code: 'image-unavailable', field: 'photo', message: 'It\u2019s gone \u0000 \ud83d \u{1f600}' },
      ],
    });
    const failed = videoDraft(2, { state: 'failed', code: 'row-invalid', message: 'Müller\u0000' });
    const skipped = videoDraft(3, { state: 'skipped', key: 'k', durationInFrames: 5 });
    await submit(campaign, [skipped, planned, failed]);
    const rows = await ledger.rows(campaign, 0, 10);
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
    expect(await ledger.video(planned.id)).toEqual(rows[0]);
    expect(rows[1]?.status).toEqual({ state: 'failed', code: 'row-invalid', message: 'Müller' });
    expect(rows[1]).toMatchObject({ key: undefined, mix: undefined, path: [] });
    expect(rows[2]).toMatchObject({ key: 'k', status: { state: 'skipped' }, durationInFrames: 5 });
    expect(await ledger.rows(campaign, 1, 1)).toEqual([rows[1]]);
    expect(await ledger.recordedRows(campaign, [1, 3, 4])).toEqual(new Set([1, 3]));
    expect(await ledger.recordedRows(campaign, [])).toEqual(new Set());
    expect(await ledger.video('unknown')).toBeUndefined();
  });

  it('gives clips back as they were handed in, in the order asked for', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b } = keysOf('a', 'b');
    const inputs = { name: 'Zoë \u0000\ud83d\u{1f468}\u200d\u{1f469}', list: [1, null, { deep: true }] };
    const draft = clipDraft(a, { inputs, personal: true, fps: 29.97, format: '9:16' });
    await ledger.submit(campaign, [videoDraft(1, [a, b])], [draft, clipDraft(b)]);
    expect(await ledger.clips([b, 'unknown', a])).toEqual([clipDraft(b), draft]);
    expect(await ledger.wantedClip(a)).toEqual(draft);
    expect(await ledger.wantedClip('unknown')).toBeUndefined();
  });

  it('queues each clip once, those of the first rows first', async () => {
    const campaign = await newCampaign(ledger);
    const { x, y, z, shared } = keysOf('x', 'y', 'z', 'shared');
    const wanted = await submit(campaign, [
      videoDraft(3, [x, shared]),
      videoDraft(1, [z, shared]),
      videoDraft(2, [y, shared]),
    ]);
    expect(wanted.videos).toEqual([]);
    expect(new Set(wanted.clips.slice(0, 2))).toEqual(new Set([z, shared]));
    expect(wanted.clips.slice(2)).toEqual([y, x]);
  });

  it('releases a video when its last clip is stored, once', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b } = keysOf('a', 'b');
    const [both, one] = [videoDraft(1, [a, b], { priority: 3 }), videoDraft(2, [b])];
    await submit(campaign, [both, one]);
    expect(await ledger.completeClip(b, made)).toEqual({ released: [{ id: one.id, priority: 10 }] });
    expect((await ledger.video(both.id))?.status).toMatchObject({ path: { done: 1, total: 2 } });
    expect(await ledger.wantedClip(b)).toBeUndefined();
    expect(await ledger.completeClip(b, made)).toEqual({ released: [] });
    expect(await ledger.completeClip(a, made)).toEqual({ released: [{ id: both.id, priority: 3 }] });
    expect(await statesOf(campaign)).toEqual(['ready', 'ready']);
    expect(await ledger.storedClips([a, b, 'unknown'])).toEqual(new Set([a, b]));
    expect(await ledger.completeClip('unknown', made)).toEqual({ released: [] });
  });

  it('makes a row ready at once when all its clips are stored', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    await submit(campaign, [videoDraft(1, [a])]);
    await ledger.completeClip(a, made);
    const second = videoDraft(2, [a, a]);
    expect(await submit(campaign, [second])).toMatchObject({ clips: [], videos: [second.id], begun: [] });
  });

  it('counts a clip as rendered for the first row that wants it and as reused for the others', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b, shared } = keysOf('a', 'b', 'shared');
    await submit(campaign, [videoDraft(2, [shared, b]), videoDraft(1, [shared, a, shared])]);
    await submit(campaign, [videoDraft(3, [shared])]);
    for (const key of [a, b, shared]) await ledger.completeClip(key, made);
    await submit(campaign, [videoDraft(4, [shared, a])]);
    for (const { id } of await ledger.rows(campaign, 0, 10)) await ledger.completeVideo(id);
    expect((await ledger.rows(campaign, 0, 10)).map(({ status }) => status)).toEqual([
      { state: 'done', clipsRendered: 2, clipsReused: 0 },
      { state: 'done', clipsRendered: 1, clipsReused: 1 },
      { state: 'done', clipsRendered: 0, clipsReused: 1 },
      { state: 'done', clipsRendered: 0, clipsReused: 2 },
    ]);
  });

  it('leaves recorded rows as they are, and says again what they want when asked again', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b } = keysOf('a', 'b');
    const rows = [videoDraft(1, [a]), videoDraft(2, [b])];
    const first = await submit(campaign, rows);
    expect(await submit(campaign, rows)).toEqual({ ...first, begun: [], recorded: [] });
    await ledger.failClip(a, 'scene-failed', 'broken');
    await submit(campaign, [videoDraft(1, [a])]);
    expect(await statesOf(campaign)).toEqual(['failed', 'waiting']);
    expect(await ledger.wantedClip(a)).toBeUndefined();
  });

  it('fails every video that waits for a failed clip, and wants nothing for them any more', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b, c } = keysOf('a', 'b', 'c');
    await submit(campaign, [videoDraft(1, [a, b]), videoDraft(2, [a]), videoDraft(3, [c])]);
    await ledger.failClip(a, 'scene-failed', 'The chart broke.');
    await ledger.failClip(a, 'clip-timeout', 'later');
    expect((await ledger.rows(campaign, 0, 10)).map(({ status }) => status)).toEqual([
      { state: 'failed', code: 'scene-failed', message: 'The chart broke.' },
      { state: 'failed', code: 'scene-failed', message: 'The chart broke.' },
      { state: 'waiting', path: { done: 0, total: 1 }, beside: none },
    ]);
    expect(await ledger.wantedClip(a)).toBeUndefined();
    expect(await ledger.wantedClip(b)).toBeUndefined();
    expect(await ledger.completeClip(b, made)).toEqual({ released: [] });
  });

  it('wants a failed clip again for a new row, which counts it as rendered', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    await submit(campaign, [videoDraft(1, [a])]);
    await ledger.failClip(a, 'clip-timeout', 'slow');
    const again = videoDraft(2, [a]);
    expect((await submit(campaign, [again])).clips).toEqual([a]);
    expect(await ledger.completeClip(a, made)).toEqual({ released: [{ id: again.id, priority: 10 }] });
    await ledger.completeVideo(again.id);
    expect((await ledger.video(again.id))?.status).toEqual({
      state: 'done',
      clipsRendered: 1,
      clipsReused: 0,
    });
    expect(await statesOf(campaign)).toEqual(['failed', 'done']);
  });

  it('does not fail a clip that is stored', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    await submit(campaign, [videoDraft(1, [a])]);
    await ledger.completeClip(a, made);
    await ledger.failClip(a, 'clip-timeout', 'a late one');
    expect(await ledger.storedClips([a])).toEqual(new Set([a]));
    expect(await statesOf(campaign)).toEqual(['ready']);
  });

  it('wants clips again whose files are gone', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b } = keysOf('a', 'b');
    const video = videoDraft(1, [a, b]);
    await submit(campaign, [video]);
    await ledger.completeClip(a, made);
    await ledger.completeClip(b, made);
    await ledger.reviveClips(video.id, [b]);
    await ledger.reviveClips(video.id, [b]);
    expect((await ledger.video(video.id))?.status).toMatchObject({ path: { done: 1, total: 2 } });
    expect((await ledger.wantedClip(b))?.key).toBe(b);
    expect(await ledger.storedClips([a, b])).toEqual(new Set([a]));
    expect(await ledger.completeClip(b, { bytes: undefined, renderMs: undefined })).toEqual({
      released: [{ id: video.id, priority: 10 }],
    });
  });

  it('ends a video once', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    const [first, second] = [videoDraft(1, [a]), videoDraft(2, [a])];
    await submit(campaign, [first, second]);
    await ledger.completeVideo(first.id);
    expect(await statesOf(campaign)).toEqual(['waiting', 'waiting']);
    await ledger.failVideo(second.id, 'internal', 'no');
    await ledger.completeClip(a, made);
    await ledger.completeVideo(first.id);
    await ledger.failVideo(first.id, 'internal', 'too late');
    await ledger.completeVideo(second.id);
    expect(await statesOf(campaign)).toEqual(['done', 'failed']);
  });

  it('cancels what has not ended', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b } = keysOf('a', 'b');
    const done = videoDraft(1, [a]);
    await submit(campaign, [done, videoDraft(2, [a]), videoDraft(3, [b])]);
    await ledger.completeClip(a, made);
    await ledger.completeVideo(done.id);
    await ledger.cancelCampaign(campaign);
    await ledger.cancelCampaign(campaign);
    expect(await statesOf(campaign)).toEqual(['done', 'cancelled', 'cancelled']);
    expect(await ledger.wantedClip(b)).toBeUndefined();
    expect(await ledger.completeClip(b, made)).toEqual({ released: [] });
  });

  it('keeps a clip wanted that another campaign waits for', async () => {
    const [first, second] = [await newCampaign(ledger), await newCampaign(ledger)];
    const { a } = keysOf('a');
    await submit(first, [videoDraft(1, [a])]);
    const other = videoDraft(1, [a]);
    await submit(second, [other]);
    await ledger.cancelCampaign(first);
    expect((await ledger.wantedClip(a))?.key).toBe(a);
    expect(await ledger.completeClip(a, made)).toEqual({ released: [{ id: other.id, priority: 10 }] });
  });

  it('tells how far a campaign has come', async () => {
    const campaign = await newCampaign(ledger);
    const elsewhere = await newCampaign(ledger);
    const { a, b, c, theirs } = keysOf('a', 'b', 'c', 'theirs');
    await submit(elsewhere, [videoDraft(1, [theirs])]);
    const [first] = [videoDraft(1, [a])];
    await submit(campaign, [
      first,
      videoDraft(2, [b, theirs]),
      videoDraft(3, [c]),
      videoDraft(4, [a]),
      videoDraft(5, { state: 'failed', code: 'row-invalid', message: 'no' }),
      videoDraft(6, { state: 'skipped', key: 'k', durationInFrames: 1 }),
    ]);
    await ledger.completeClip(a, made);
    await ledger.completeVideo(first.id);
    await ledger.failClip(c, 'scene-failed', 'no');
    expect(await ledger.progress(campaign)).toEqual({
      rows: { waiting: 1, ready: 1, done: 1, failed: 2, skipped: 1, cancelled: 0 },
      clips: { wanted: 3, stored: 1, failed: 1 },
      frames: { wanted: 180, stored: 60 },
      coming: 0,
    });
    expect((await ledger.progress('unknown')).clips).toEqual({ wanted: 0, stored: 0, failed: 0 });
  });

  it('lists done rows in the order in which they were done, page by page', async () => {
    const campaign = await newCampaign(ledger);
    const { a } = keysOf('a');
    const drafts = [
      videoDraft(1, [a]),
      videoDraft(2, [a]),
      videoDraft(3, [a]),
      videoDraft(4, { state: 'failed', code: 'row-invalid', message: 'no' }),
    ];
    await submit(campaign, drafts);
    await ledger.completeClip(a, made);
    const pageFrom = async (after: number, limit: number) => {
      const { rows, last } = await ledger.doneRows(campaign, after, limit);
      return { rows: rows.map(({ row }) => row), last };
    };
    expect(await pageFrom(0, 10)).toEqual({ rows: [], last: 0 });
    await ledger.completeVideo(drafts[1]?.id ?? '');
    await ledger.completeVideo(drafts[0]?.id ?? '');
    const first = await pageFrom(0, 1);
    expect(first.rows).toEqual([2]);
    const second = await pageFrom(first.last, 10);
    expect(second.rows).toEqual([1]);
    expect(await pageFrom(second.last, 10)).toEqual({ rows: [], last: second.last });
    await ledger.completeVideo(drafts[2]?.id ?? '');
    expect((await pageFrom(second.last, 10)).rows).toEqual([3]);
  });

  it('pages through everything that should be queued, with the most urgent wish', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b, c, stored, failed } = keysOf('a', 'b', 'c', 'stored', 'failed');
    const ready = [1, 2, 3].map((row) => videoDraft(row, [stored], { priority: row }));
    await submit(campaign, ready);
    await ledger.completeClip(stored, made);
    await submit(campaign, [
      videoDraft(4, [a, b], { priority: 9 }),
      videoDraft(5, [b, c], { priority: 2 }),
      videoDraft(6, [failed]),
    ]);
    await ledger.failClip(failed, 'scene-failed', 'no');
    const clips = new Map<string, number>();
    const videos = new Map<string, number>();
    let pages = 0;
    for (let after: string | undefined; pages === 0 || after !== undefined; pages += 1) {
      const page = await ledger.outstanding(after, 2);
      for (const { key, priority } of page.clips) clips.set(key, priority);
      for (const { id, priority } of page.videos) videos.set(id, priority);
      after = page.next;
    }
    expect([a, b, c].map((key) => clips.get(key))).toEqual([9, 2, 2]);
    expect([stored, failed].map((key) => clips.get(key))).toEqual([undefined, undefined]);
    expect(ready.map(({ id }) => videos.get(id))).toEqual([1, 2, 3]);
    expect(pages).toBeGreaterThan(3);
  });

  it('names what should be queued in the order of rows, so that the first ones are done first', async () => {
    const campaign = await newCampaign(ledger);
    const { a, b, c, d } = keysOf('a', 'b', 'c', 'd');
    await submit(campaign, [videoDraft(1, [d, b]), videoDraft(2, [d, c]), videoDraft(3, [a])]);
    const { clips } = await ledger.outstanding(undefined, 1_000);
    const own = new Set([a, b, c, d]);
    expect(clips.map(({ key }) => key).filter((key) => own.has(key))).toEqual([b, d, c, a]);
  });

  it('takes 500 rows in one go', async () => {
    const campaign = await newCampaign(ledger);
    const { intro, plan, personal } = keysOf('intro', 'plan', 'personal');
    const drafts = Array.from({ length: 500 }, (_, index) =>
      videoDraft(index + 1, [intro, `${plan}-${index % 3}`, `${personal}-${index}`]),
    );
    const { clips, videos } = await submit(campaign, drafts);
    expect(clips).toHaveLength(504);
    expect(videos).toEqual([]);
    expect((await ledger.progress(campaign)).rows.waiting).toBe(500);
  });
});
