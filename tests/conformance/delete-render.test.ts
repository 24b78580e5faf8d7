import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewCampaign } from '../../worker/core/campaigns.ts';
import {
  assembly,
  campaignDraft,
  clipDraft,
  keysOf,
  progressOf,
  remakeDraft,
  renderDraft,
  singleRenderDraft,
  tableBackends,
  type TablesBackend,
} from './tables-bench.ts';

const made = { bytes: 1_000, renderMs: 500 };

const link = { to: 'https://shop.example.com/?c=1093' };

describe.each(tableBackends)('renders that are deleted on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  interface Wanted {
    readonly clips: readonly string[];
    readonly owner?: string;
    readonly person?: string;
    readonly campaign?: NewCampaign;
  }

  /** Records a render whose clips are personal. @returns it, and a way to end it. */
  async function order({ clips, owner, person = randomUUID(), campaign }: Wanted) {
    const of = campaign ?? singleRenderDraft({ person, linkOwner: owner, customerId: 'c-1', link });
    if (campaign === undefined) await db.campaigns.place(of, undefined);
    const key = `video-${randomUUID()}`;
    const plan = {
      ...({ state: 'planned', key, mix: `mix-${key}`, assembly } as const),
      path: clips.map((clip, index) => ({ node: `n${index}`, clip })),
      ...{ durationInFrames: 60, personal: true },
    };
    const terms = { id: 'terms', template: 'template', format: '16:9', asOf: '' } as const;
    const source = {
      terms: { ...terms, encoding: clipDraft('').encoding, engineVersion: '1', codeHashes: {} },
      record: { name: key },
      images: {},
    };
    const id = campaign === undefined ? of.id : randomUUID();
    const draft = renderDraft(1, plan, { id, linkOwner: owner, person, customerId: 'c-1', source });
    await db.renders.record(
      of.id,
      [draft],
      clips.map((clip) => clipDraft(clip, { personal: true })),
    );
    await db.campaigns.planned(of.id).catch(() => undefined);
    const finish = async (): Promise<void> => {
      for (const clip of clips) await db.clips.complete(clip, made);
      await db.renders.complete(id);
      await db.campaigns.settle([of.id]);
    };
    return { id, campaign: of.id, person, key, link: draft.link, finish };
  }

  async function done(wanted: Wanted) {
    const ordered = await order(wanted);
    await ordered.finish();
    return ordered;
  }

  async function filesToGo(): Promise<readonly string[]> {
    const files = await db.people.removals(1_000);
    await db.people.removed(files);
    return files.map(({ namespace, name }) => `${namespace}/${name}`);
  }

  it('lose record, files, link and clips that nobody else needs, and keep whose they were', async () => {
    const { own, both } = keysOf('own', 'both');
    const render = await done({ clips: [own, both] });
    const other = await done({ clips: [both] });
    await filesToGo();
    expect((await db.renders.source(render.id))?.link).toEqual({ to: link, personal: true });
    expect(await db.renders.delete(render.id)).toBe(true);

    const left = await db.renders.find(render.id);
    expect(left).toMatchObject({ key: undefined, path: [], mix: undefined, link: undefined });
    expect(left).toMatchObject({
      person: render.person,
      customerId: 'c-1',
      status: { state: 'skipped', reason: 'deleted' },
    });
    expect(left?.endedAt).toBeDefined();
    expect(await db.renders.findByLink(render.link)).toBeUndefined();
    expect(await db.renders.source(render.id)).toBeUndefined();
    expect(await db.campaigns.find(render.campaign)).toMatchObject({
      source: { kind: 'erased' },
      link: undefined,
    });
    expect(await db.clips.find([own])).toEqual([]);
    expect(await db.clips.stored([both])).toEqual(new Set([both]));
    expect((await db.renders.findByLink(other.link))?.id).toBe(other.id);
    expect((await filesToGo()).toSorted()).toEqual(
      [
        `captions/${render.key}.vtt`,
        `clips/${own}.mp4`,
        `mixes/mix-${render.key}.m4a`,
        `posters/${render.key}.jpg`,
        `teasers/${render.key}.gif`,
        `videos/${render.key}.mp4`,
      ].toSorted(),
    );
    expect(await db.renders.delete(render.id)).toBe(false);
    expect(await db.renders.delete('unknown')).toBe(false);
  });

  it('stay as they are before their end, and after they were cancelled', async () => {
    const { a, b } = keysOf('a', 'b');
    const open = await order({ clips: [a] });
    expect(await db.renders.delete(open.id)).toBe(false);
    const ended = await order({ clips: [b] });
    await db.campaigns.cancel(ended.campaign);
    expect(await db.renders.delete(ended.id)).toBe(false);
    expect((await db.renders.find(ended.id))?.status.state).toBe('cancelled');
    await db.renders.fail(open.id, 'scene-failed', 'It said Zoë.');
    expect(await db.renders.delete(open.id)).toBe(true);
    expect((await db.renders.find(open.id))?.status).toEqual({ state: 'skipped', reason: 'deleted' });
  });

  it('are counted once in their campaign, and are not recorded or retried again', async () => {
    const { a } = keysOf('a');
    const campaign = campaignDraft({ rows: 1, webhookUrl: undefined });
    await db.campaigns.place(campaign, undefined);
    const row = await done({ clips: [a], campaign });
    await db.renders.delete(row.id);
    const counts = { waiting: 0, ready: 0, done: 0, failed: 0, skipped: 1, cancelled: 0 };
    expect((await progressOf(db, campaign.id)).rows).toEqual(counts);
    expect(await db.campaigns.retry(campaign.id)).toBe(0);
    expect(await db.campaigns.retry(campaign.id, row.id)).toBe(0);
    // The cells of the file stay: nobody was erased.
    expect(await db.people.erasedRows(campaign.id)).toEqual([]);
    expect((await db.campaigns.find(campaign.id))?.source.kind).toBe('csv');
  });

  it('are found when their person is erased later, and say nothing of them then', async () => {
    const { a } = keysOf('a');
    const render = await done({ clips: [a] });
    await db.renders.delete(render.id);
    expect(await db.people.renders({ person: render.person })).toMatchObject([{ id: render.id }]);
    await db.people.erase({ person: render.person }, []);
    expect(await db.people.renders({ person: render.person })).toEqual([]);
    expect(await db.renders.find(render.id)).toMatchObject({
      person: undefined,
      customerId: undefined,
      fileName: 'erased~1',
      status: { state: 'skipped', reason: 'erased' },
    });
  });

  it('end the link of their customer; a newer order begins another one', async () => {
    const owner = randomUUID();
    const { a, b, c } = keysOf('a', 'b', 'c');
    const first = await done({ clips: [a], owner });
    const second = await done({ clips: [b], owner });
    expect((await db.renders.findByLink(first.link))?.id).toBe(second.id);
    // What was replaced shows nothing: without it, the link stays.
    await db.renders.delete(first.id);
    expect((await db.renders.findByLink(first.link))?.id).toBe(second.id);
    await db.renders.delete(second.id);
    expect(await db.renders.findByLink(first.link)).toBeUndefined();
    expect(await db.campaigns.newestOf(owner)).toBeUndefined();
    const third = await done({ clips: [c], owner });
    expect(await db.renders.findByLink(first.link)).toBeUndefined();
    expect((await db.renders.findByLink(third.link))?.id).toBe(third.id);
  });

  it('take their remake with them', async () => {
    const { a, again } = keysOf('a', 'again');
    const render = await done({ clips: [a] });
    const remake = remakeDraft({ of: render.id });
    await db.campaigns.openRemake(remake);
    const draft = renderDraft(1, [again], { id: remake.id, person: render.person });
    await db.renders.record(remake.id, [draft], [clipDraft(again, { personal: true })]);
    await db.connection.database.execute(
      sql`insert into bespoke.remake ("of", render) values (${render.id}, ${remake.id})`,
    );
    expect(await db.renders.delete(render.id)).toBe(true);
    expect(await db.renders.find(remake.id)).toBeUndefined();
    expect((await db.renders.find(render.id))?.remake).toBeUndefined();
    expect(await db.clips.findWanted(again)).toBeUndefined();
  });

  it('never lose what was ordered at the same moment for the same link', async () => {
    for (let round = 0; round < 8; round += 1) {
      const owner = randomUUID();
      const { a, b } = keysOf('a', 'b');
      const first = await done({ clips: [a], owner });
      const second = await order({ clips: [b], owner });
      await Promise.all([db.renders.delete(first.id), second.finish()]);
      const now = await db.renders.find(second.id);
      expect(now?.status.state).toBe('done');
      expect((await db.renders.findByLink(now?.link ?? ''))?.id).toBe(second.id);
      expect((await db.renders.find(first.id))?.status.state).toBe('skipped');
    }
  });
});
