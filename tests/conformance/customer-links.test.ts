import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Render } from '../../worker/core/renders.ts';
import {
  assembly,
  campaignDraft,
  clipDraft,
  keysOf,
  newCampaign,
  remakeDraft,
  renderDraft,
  tableBackends,
  type TablesBackend,
} from './tables-bench.ts';

const made = { bytes: 1_000, renderMs: 500 };

describe.each(tableBackends)('links of customers on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** Removes what is noted. @returns names of files that go. */
  async function filesToGo(): Promise<readonly string[]> {
    const files = await db.people.removals(1_000);
    await db.people.removed(files);
    return files.map(({ namespace, name }) => `${namespace}/${name}`);
  }

  interface Ordered {
    readonly id: string;
    readonly campaign: string;
    readonly clip: string;
    readonly key: string;
    readonly link: string;
    /** Ends it, by its last clip. */
    readonly finish: () => Promise<void>;
  }

  /** Orders a video whose link has this owner. */
  async function order(
    owner: string,
    { key = `video-${randomUUID()}`, person = `person-${owner}`, row = 1, campaign = '' } = {},
  ): Promise<Ordered> {
    const of = campaign === '' ? await newCampaign(db) : campaign;
    const { clip } = keysOf('clip');
    const plan = {
      ...({ state: 'planned', key, path: [{ node: 'n', clip }], mix: `mix-${key}`, assembly } as const),
      ...{ durationInFrames: 60, personal: true },
    };
    const terms = { id: 'terms', template: 'template', format: '16:9', asOf: '' } as const;
    const source = {
      terms: { ...terms, encoding: clipDraft('').encoding, engineVersion: '1', codeHashes: {} },
      record: { name: key },
      images: {},
    };
    const draft = renderDraft(row, plan, { id: randomUUID(), linkOwner: owner, person, source });
    await db.renders.record(of, [draft], [clipDraft(clip, { personal: true })]);
    return {
      ...{ id: draft.id, campaign: of, clip, key, link: draft.link },
      finish: async () => {
        await db.clips.complete(clip, made);
        await db.renders.complete(draft.id);
      },
    };
  }

  async function done(...options: Parameters<typeof order>): Promise<Ordered> {
    const ordered = await order(...options);
    await ordered.finish();
    return ordered;
  }

  async function find(id: string): Promise<Render> {
    const found = await db.renders.find(id);
    if (found === undefined) throw new Error('The render is gone.');
    return found;
  }

  it('belong to the first render when it is done', async () => {
    const owner = randomUUID();
    const first = await order(owner);
    expect(await find(first.id)).toMatchObject({ link: undefined, linkOwner: owner });
    expect(await db.renders.findByLink(first.link)).toBeUndefined();
    await first.finish();
    expect(await find(first.id)).toMatchObject({ link: first.link, key: first.key, shown: undefined });
    expect((await db.renders.findByLink(first.link))?.id).toBe(first.id);
  });

  it('show a newer render as soon as it is done, and what the earlier one showed goes', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    const second = await order(owner);
    expect((await db.renders.findByLink(first.link))?.id).toBe(first.id);
    await filesToGo();
    await second.finish();
    expect(await find(second.id)).toMatchObject({ link: first.link, key: second.key, shown: undefined });
    expect((await db.renders.findByLink(first.link))?.id).toBe(second.id);
    const replaced = await find(first.id);
    expect(replaced).toMatchObject({ link: first.link, key: undefined, path: [], status: { state: 'done' } });
    expect(replaced.shown).toEqual({ id: second.id, key: second.key, missing: [] });
    expect(await db.renders.source(first.id)).toBeUndefined();
    expect(await db.viewers.clipsUsed(first.id)).toEqual([]);
    expect((await filesToGo()).toSorted()).toEqual(
      [
        `captions/${first.key}.vtt`,
        `clips/${first.clip}.mp4`,
        `mixes/mix-${first.key}.m4a`,
        `posters/${first.key}.jpg`,
        `teasers/${first.key}.gif`,
        `videos/${first.key}.mp4`,
      ].toSorted(),
    );
    expect(await db.clips.find([second.clip])).toHaveLength(1);
  });

  it('stay with the newest order, whichever is done first', async () => {
    const owner = randomUUID();
    const early = await order(owner);
    const late = await order(owner);
    await late.finish();
    expect(await find(late.id)).toMatchObject({ link: late.link, key: late.key });
    await filesToGo();
    await early.finish();
    expect(await find(early.id)).toMatchObject({ link: late.link, key: undefined, shown: { id: late.id } });
    expect((await db.renders.findByLink(late.link))?.id).toBe(late.id);
    expect(await filesToGo()).toContain(`videos/${early.key}.mp4`);
  });

  it('stay with the newest of orders that end at once', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    const orders: Ordered[] = [];
    for (let count = 0; count < 6; count += 1) orders.push(await order(owner));
    await Promise.all(orders.toReversed().map((each) => each.finish()));
    const newest = orders.at(-1);
    expect((await db.renders.findByLink(first.link))?.id).toBe(newest?.id);
    for (const { id } of orders.slice(0, -1)) {
      expect(await find(id)).toMatchObject({ key: undefined, link: first.link, shown: { id: newest?.id } });
    }
  });

  it('belong to the last row of a customer who comes twice in a campaign', async () => {
    const owner = randomUUID();
    const first = await order(owner);
    const second = await order(owner, { row: 2, campaign: first.campaign });
    await second.finish();
    await first.finish();
    expect(await find(second.id)).toMatchObject({ key: second.key, shown: undefined });
    expect(await find(first.id)).toMatchObject({ key: undefined, shown: { id: second.id } });
    expect((await find(first.id)).link).toBe((await find(second.id)).link);
  });

  it('stay where they are when an order makes the same again', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    const session = {
      id: randomUUID(),
      render: first.id,
      rights: 'owner',
      link: first.link,
      story: 's',
    } as const;
    await db.viewers.openSession(session);
    const again = await done(owner, { key: first.key });
    expect(await find(first.id)).toMatchObject({ key: first.key, shown: undefined });
    expect(await find(again.id)).toMatchObject({ key: undefined, shown: { id: first.id, key: first.key } });
    expect((await db.viewers.openSession({ ...session, id: randomUUID() })).resumed).toBe(true);
    expect(await filesToGo()).not.toContain(`videos/${first.key}.mp4`);
    const changed = await done(owner);
    expect((await db.renders.findByLink(first.link))?.id).toBe(changed.id);
    expect(await filesToGo()).toContain(`videos/${first.key}.mp4`);
  });

  it('keep what a viewer changed, as long as the sender sends the same', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    const corrected = await correct(first);
    const again = await done(owner, { key: first.key });
    expect(await find(first.id)).toMatchObject({ key: corrected, shown: undefined });
    expect(await find(again.id)).toMatchObject({ key: undefined, shown: { id: first.id, key: corrected } });
    expect(await db.viewers.changes(first.id)).toHaveLength(1);
  });

  /** Makes a render again as a viewer's correction does. @returns the key of what it shows then. */
  async function correct({ id }: Ordered, finish = true): Promise<string> {
    const remake = remakeDraft({ of: id });
    await db.campaigns.openRemake(remake);
    const key = `corrected-${randomUUID()}`;
    const { clip } = keysOf('clip');
    const plan = {
      ...({ state: 'planned', key, path: [{ node: 'n', clip }], mix: `mix-${key}`, assembly } as const),
      ...{ durationInFrames: 60, personal: true },
    };
    const draft = renderDraft(1, plan, { id: remake.id });
    await db.renders.record(remake.id, [draft], [clipDraft(clip, { personal: true })]);
    const source = await db.renders.source(id);
    if (source === undefined) throw new Error('The render has no source.');
    const changes = [{ name: 'name', kind: 'corrected', original: source.record['name'] }] as const;
    const changed = {
      ...{ from: { record: source.record, changes: [] }, source: { ...source, record: { name: 'Zoë' } } },
      ...{ changes, outdated: [], remake: remake.id },
    };
    expect(await db.viewers.change(id, changed)).toBe(true);
    if (finish) {
      await db.clips.complete(clip, made);
      await db.renders.complete(remake.id);
      await db.viewers.settleRemakes([remake.id]);
    }
    return key;
  }

  it('show a newer render although a viewer changes the earlier one at this moment', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    await correct(first, false);
    expect((await find(first.id)).remake).toBeDefined();
    const second = await done(owner);
    expect((await db.renders.findByLink(first.link))?.id).toBe(second.id);
    const replaced = await find(first.id);
    expect(replaced.remake).toBeUndefined();
    expect(replaced).toMatchObject({ key: undefined, shown: { id: second.id } });
    expect(await db.viewers.changes(first.id)).toEqual([]);
  });

  it('take the link that a viewer shared with them', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    const shared = await db.viewers.share(first.id, `shared-${owner}`);
    const second = await done(owner);
    expect((await db.renders.linked(shared))?.render.id).toBe(second.id);
    await db.renders.relink(second.id, `other-${owner}`);
    expect(await db.renders.linked(shared)).toBeUndefined();
  });

  it('can be withdrawn, renewed and ended by any render that they belong to', async () => {
    const owner = randomUUID();
    const first = await order(owner);
    await db.renders.relink(first.id, undefined);
    await first.finish();
    expect((await find(first.id)).link).toBeUndefined();
    await db.renders.relink(first.id, first.link);
    const second = await done(owner);
    await db.renders.relink(first.id, undefined);
    expect(await db.renders.findByLink(first.link)).toBeUndefined();
    expect((await find(second.id)).link).toBeUndefined();
    const third = await done(owner);
    expect((await find(third.id)).link).toBeUndefined();
    await db.renders.relink(second.id, `new-${owner}`);
    expect((await db.renders.findByLink(`new-${owner}`))?.id).toBe(third.id);
    const end = new Date('2027-01-01T00:00:00.000Z');
    await db.renders.expireLinks({ render: second.id }, end);
    expect((await find(third.id)).linkExpiresAt).toEqual(end);
    const fourth = await done(owner);
    expect((await find(fourth.id)).linkExpiresAt).toEqual(end);
    await db.renders.expireLinks({ render: fourth.id }, undefined);
    expect((await find(fourth.id)).linkExpiresAt).toBeUndefined();
  });

  it('are withdrawn, renewed and ended for a whole campaign', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const plain = renderDraft(1, [a]);
    await db.renders.record(campaign, [plain], [clipDraft(a)]);
    await db.clips.complete(a, made);
    await db.renders.complete(plain.id);
    const keyed = await done(randomUUID(), { row: 2, campaign });
    const other = await done(randomUUID());
    const shared = await db.viewers.share(keyed.id, `shared-${keyed.id}`);
    const end = new Date('2027-02-01T00:00:00.000Z');
    await db.renders.expireLinks({ campaign }, end);
    for (const { id } of [plain, keyed]) expect((await find(id)).linkExpiresAt).toEqual(end);
    expect((await find(other.id)).linkExpiresAt).toBeUndefined();
    await db.renders.relinkCampaign(campaign, 'withdraw');
    for (const { id } of [plain, keyed]) expect((await find(id)).link).toBeUndefined();
    expect(await db.renders.findByLink(plain.link)).toBeUndefined();
    expect(await db.renders.findByLink(keyed.link)).toBeUndefined();
    expect(await db.renders.linked(shared)).toBeUndefined();
    expect((await find(other.id)).link).toBe(other.link);
    await db.renders.relinkCampaign(campaign, 'renew');
    const links = [(await find(plain.id)).link, (await find(keyed.id)).link];
    for (const link of links) expect(link).toMatch(/^[\w-]{22}$/);
    expect(new Set(links).size).toBe(2);
    expect((await db.renders.findByLink(links[0] ?? ''))?.id).toBe(plain.id);
    expect((await db.renders.findByLink(links[1] ?? ''))?.id).toBe(keyed.id);
  });

  it('can be kept for a render that had one of its own', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const first = renderDraft(1, [a], { id: randomUUID() });
    await db.renders.record(campaign, [first], [clipDraft(a)]);
    await db.clips.complete(a, made);
    await db.renders.complete(first.id);
    expect(await db.renders.keepLink(first.id)).toBe(first.id);
    expect(await db.renders.keepLink(first.id)).toBe(first.id);
    expect(await find(first.id)).toMatchObject({ link: first.link, shown: undefined });
    expect((await db.renders.findByLink(first.link))?.id).toBe(first.id);
    const second = await done(first.id);
    expect((await db.renders.findByLink(first.link))?.id).toBe(second.id);
    expect(await db.renders.keepLink(second.id)).toBe(first.id);
    expect(await db.renders.keepLink('unknown')).toBeUndefined();
  });

  it('are those of the first render although a later order is done before it', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const first = renderDraft(1, [a], { id: randomUUID() });
    await db.renders.record(campaign, [first], [clipDraft(a)]);
    expect(await db.renders.keepLink(first.id)).toBe(first.id);
    const second = await done(first.id);
    expect((await find(second.id)).link).toBe(first.link);
    await db.clips.complete(a, made);
    await db.renders.complete(first.id);
    expect(await find(first.id)).toMatchObject({ key: undefined, shown: { id: second.id } });
  });

  it('are not taken by a render that was cancelled or has failed', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    const cancelled = await order(owner);
    await db.campaigns.cancel(cancelled.campaign);
    await cancelled.finish();
    const failed = await order(owner);
    await db.renders.fail(failed.id, 'scene-failed', 'No.');
    expect((await db.renders.findByLink(first.link))?.id).toBe(first.id);
    expect(await find(first.id)).toMatchObject({ key: first.key });
  });

  it('stay with a video whose files are made again', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    await db.renders.reopen(first.id);
    await db.renders.complete(first.id);
    expect(await find(first.id)).toMatchObject({ link: first.link, key: first.key });
    const second = await order(owner);
    await db.renders.reopen(first.id);
    await second.finish();
    await db.renders.complete(first.id);
    expect((await db.renders.findByLink(first.link))?.id).toBe(second.id);
    expect(await find(first.id)).toMatchObject({ key: undefined, shown: { id: second.id } });
  });

  it('count rows and end campaigns as others do', async () => {
    const owner = randomUUID();
    await done(owner);
    const campaign = campaignDraft({ rows: 1, webhookUrl: undefined });
    await db.campaigns.place(campaign, undefined);
    const second = await order(owner, { campaign: campaign.id });
    await db.campaigns.planned(campaign.id);
    await db.clips.complete(second.clip, made);
    const ended = { rows: 1, campaigns: [campaign.id], over: [campaign.id], remakes: [] };
    expect(await db.renders.complete(second.id)).toEqual(ended);
    expect(await db.renders.complete(second.id)).toEqual({ ...ended, rows: 0 });
    expect(await db.renders.complete(second.id)).toEqual({ ...ended, rows: 0 });
  });

  it('are gone with their person, and so is everything that they showed', async () => {
    const owner = randomUUID();
    const first = await done(owner);
    const second = await done(owner);
    await db.people.erase({ person: `person-${owner}` }, []);
    expect(await db.renders.findByLink(first.link)).toBeUndefined();
    for (const { id } of [first, second]) {
      expect(await find(id)).toMatchObject({ status: { state: 'skipped' }, link: undefined });
      expect((await find(id)).linkOwner).toBeUndefined();
    }
  });

  it('are gone although a newer render ends while its person is erased', async () => {
    for (let count = 0; count < 10; count += 1) {
      const owner = randomUUID();
      const orders = count % 2 === 0 ? [await order(owner)] : [await done(owner), await order(owner)];
      const last = orders.at(-1);
      await Promise.all([last?.finish(), db.people.erase({ person: `person-${owner}` }, [])]);
      for (const { id, link } of orders) {
        expect(await db.renders.findByLink(link)).toBeUndefined();
        expect(await find(id)).toMatchObject({ status: { state: 'skipped' }, key: undefined });
      }
    }
  });

  it('are gone with the first render where nothing else says whose they are', async () => {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const first = renderDraft(1, [a], { id: randomUUID() });
    await db.renders.record(campaign, [first], [clipDraft(a)]);
    await db.clips.complete(a, made);
    await db.renders.complete(first.id);
    await db.renders.keepLink(first.id);
    const second = await done(first.id);
    await db.people.erase({ render: second.id }, []);
    expect(await db.renders.findByLink(first.link)).toBeUndefined();
    for (const id of [first.id, second.id]) expect((await find(id)).status.state).toBe('skipped');
  });
});
