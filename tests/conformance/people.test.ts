import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { query } from '../../worker/adapters/database/database.ts';
import type { RowPlan, NewRender } from '../../worker/core/renders.ts';
import type { Removal } from '../../worker/core/people.ts';
import {
  assembly,
  type TablesBackend,
  clipDraft,
  keysOf,
  newCampaign,
  campaignDraft,
  remakeDraft,
  singleRenderDraft,
  tableBackends,
  renderDraft,
  progressOf,
} from './tables-bench.ts';

const newPerson = (): string => randomBytes(8).toString('hex');
const at = new Date('2026-11-24T10:00:00.123Z');

describe.each(tableBackends)('people on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** Records a person's row whose clips are all stored, and ends it. */
  async function makeVideo(
    person: string,
    clips: { readonly personal: readonly string[]; readonly shared?: readonly string[] },
    changes: {
      readonly key?: string;
      readonly mix?: string;
      readonly inputs?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<NewRender & { readonly campaign: string }> {
    const campaign = await newCampaign(db);
    const { personal, shared = [] } = clips;
    const path = [...shared, ...personal].map((clip, index) => ({ node: `n${index}`, clip }));
    const plan: RowPlan = {
      state: 'planned',
      key: changes.key ?? `video-${newPerson()}`,
      path,
      mix: changes.mix ?? `mix-${newPerson()}`,
      assembly,
      durationInFrames: 60,
      personal: true,
    };
    const draft = renderDraft(1, plan, { person, fileName: `name-of-${person}` });
    const inputs = changes.inputs ?? { name: person };
    await db.renders.record(
      campaign,
      [draft],
      [
        ...personal.map((key) => clipDraft(key, { personal: true, inputs })),
        ...shared.map((key) => clipDraft(key)),
      ],
    );
    for (const { clip } of path) await db.clips.complete(clip, { bytes: 1, renderMs: 1 });
    await db.renders.complete(draft.id);
    return { ...draft, campaign };
  }

  /** Files that are to go, of these names. */
  async function doomed(...names: readonly string[]): Promise<readonly Removal[]> {
    const files = await db.people.removals(10_000);
    return files.filter(({ name }) => names.includes(name.split('.')[0] ?? ''));
  }
  const shelvesOf = (files: readonly Removal[]): readonly string[] =>
    files.map(({ namespace: shelf }) => shelf).sort();

  it('lose everything but the number of their row', async () => {
    const person = newPerson();
    const { own, all } = keysOf('own', 'all');
    const render = await makeVideo(person, { personal: [own], shared: [all] });

    const erased = await db.people.erase({ person }, []);
    expect(erased).toMatchObject({
      counts: { videos: 1, clips: 1, records: 0 },
      ended: { rows: 0, campaigns: [], over: [] },
      clips: [own],
    });
    expect(await db.renders.find(render.id)).toMatchObject({
      row: 1,
      fileName: 'erased~1',
      key: undefined,
      path: [],
      mix: undefined,
      link: undefined,
      person: undefined,
      status: { state: 'skipped', reason: 'erased' },
    });
    expect((await db.renders.findPlanned(render.id))?.planned).toBeUndefined();
    expect(await db.clips.find([own])).toEqual([]);
    expect(await db.clips.find([all])).toHaveLength(1);
    expect((await db.renders.listDone(render.campaign, 0, 10)).rows).toEqual([]);
    expect(await db.people.renders({ person })).toEqual([]);
    expect(await db.people.erasedRows(render.campaign)).toEqual([1]);

    const files = await doomed(own, all, keyOf(render), mixOf(render));
    expect(shelvesOf(files)).toEqual(['captions', 'clips', 'mixes', 'posters', 'teasers', 'videos']);
    await db.people.removed(files);
    expect(await doomed(own, keyOf(render))).toEqual([]);
    expect(await db.people.erase({ person }, [])).toMatchObject({
      counts: { videos: 0, clips: 0 },
      clips: [],
    });
  });

  it('are counted once when they are erased while their rows end', async () => {
    for (let round = 0; round < 12; round += 1) {
      const person = newPerson();
      const campaign = campaignDraft({ rows: 6 });
      await db.campaigns.place(campaign, undefined);
      const rows = keysOf('a', 'b', 'c', 'd', 'e', 'f');
      const drafts = Object.values(rows).map((key, index) => renderDraft(index + 1, [key], { person }));
      await db.renders.record(
        campaign.id,
        drafts,
        Object.values(rows).map((key) => clipDraft(key, { personal: true })),
      );
      await db.campaigns.planned(campaign.id);
      for (const key of Object.values(rows)) await db.clips.complete(key, { bytes: 1, renderMs: 1 });
      const [erased, ...ended] = await Promise.all([
        db.people.erase({ person }, []),
        ...drafts.map(({ id }, index) =>
          index % 2 === 0 ? db.renders.complete(id) : db.renders.fail(id, 'media-failed', ''),
        ),
      ]);
      expect(ended.reduce((sum, each) => sum + each.rows, erased.ended.rows)).toBe(6);
      const [found] = await query(
        db.connection.database,
        z.object({ open: z.number() }),
        sql`select open_rows as open from bespoke.campaign where id = ${campaign.id}`,
      );
      expect(found?.open).toBe(0);
      expect((await progressOf(db, campaign.id)).rows.skipped).toBe(6);
    }
    expect(db.conflicts()).toBe(0);
  });

  it('keep what somebody of the same name has, until they go too', async () => {
    const [one, other] = [newPerson(), newPerson()];
    const { greeting, own } = keysOf('greeting', 'own');
    const same = { key: `video-${newPerson()}`, mix: `mix-${newPerson()}` };
    await makeVideo(one, { personal: [greeting, own] }, same);
    await makeVideo(other, { personal: [greeting, own] }, same);
    const third = await makeVideo(other, { personal: [greeting] });

    expect((await db.people.erase({ person: one }, [])).counts).toMatchObject({ videos: 1, clips: 0 });
    expect(await doomed(greeting, own, same.key, same.mix)).toEqual([]);
    expect(await db.renders.find(third.id)).toMatchObject({
      status: { state: 'done' },
      path: [{ clip: greeting }],
    });

    expect((await db.people.erase({ person: other }, [])).counts).toMatchObject({ videos: 2, clips: 2 });
    expect(shelvesOf(await doomed(greeting, own, same.key, same.mix))).toEqual([
      ...['captions', 'clips', 'clips', 'mixes', 'posters', 'teasers', 'videos'],
    ]);
  });

  it('take their photos along, unless another one shows them', async () => {
    const [one, other] = [newPerson(), newPerson()];
    const { a, b } = keysOf('a', 'b');
    const [mine, shared] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    const photo = (hash: string) => ({ kind: 'stored', hash });
    await db.clips.rememberImages([
      { urlKey: `url-${mine}`, hash: mine, reason: undefined, fetchedAt: at, needed: true },
      { urlKey: `url-${shared}`, hash: shared, reason: undefined, fetchedAt: at, needed: true },
      { urlKey: `gone-${mine}`, hash: undefined, reason: 'it is not there', fetchedAt: at, needed: false },
    ]);
    await makeVideo(one, { personal: [a] }, { inputs: { mine: photo(mine), too: photo(shared) } });
    await makeVideo(other, { personal: [b] }, { inputs: { photo: photo(shared) } });

    expect((await db.people.erase({ person: one }, [`gone-${mine}`])).counts.images).toBe(2);
    expect((await doomed(mine, shared)).map(({ name }) => name.split('.')[0])).toEqual([mine, mine]);
    expect((await db.clips.images([`url-${shared}`])).map(({ hash }) => hash)).toEqual([shared]);
  });

  it('are not planned any more, not even by who looked before they were barred', async () => {
    const [person, other] = [newPerson(), newPerson()];
    const { own, others } = keysOf('own', 'others');
    const campaign = await newCampaign(db);
    const drafts = [
      renderDraft(1, [own], { person, warnings: [{ code: 'formula-cell', field: 'f', message: 'm' }] }),
      renderDraft(2, { state: 'failed', code: 'row-invalid', message: 'holds "Zaphod"' }, { person }),
      renderDraft(3, [others], { person: other }),
    ];
    await db.people.suppress(person);
    await db.people.suppress(person);
    const wanted = await db.renders.record(campaign, drafts, [clipDraft(own), clipDraft(others)]);
    expect(wanted.clips).toEqual([others]);
    const rows = await db.renders.list(campaign, 0, 10);
    expect(
      rows.map(({ fileName, warnings, status }) => ({ fileName, warnings, status })).slice(0, 2),
    ).toEqual(
      [1, 2].map((row) => ({
        fileName: `erased~${row}`,
        warnings: [],
        status: { state: 'skipped', reason: 'erased' },
      })),
    );
    expect(rows[2]?.status.state).toBe('waiting');
    expect(await db.clips.find([own])).toEqual([]);
    expect(await db.people.suppressed([person, other])).toEqual(new Set([person]));
    expect(await db.people.isAnyoneSuppressed()).toBe(true);

    expect(await db.people.unsuppress(person)).toBe(true);
    expect(await db.people.unsuppress(person)).toBe(false);
    expect(await db.people.suppressed([person])).toEqual(new Set());
  });

  it('leave open work behind that ends at once, and files that are watched for', async () => {
    const person = newPerson();
    const { own, all } = keysOf('own', 'all');
    const campaign = singleRenderDraft({
      person,
      ...{ webhookUrl: 'https://hooks.example/?customer=Zaphod', metadata: { a: 'Zaphod' } },
      link: { to: 'https://shop.example.com/?customer=Zaphod' },
    });
    const key = { key: `Zaphod-${newPerson()}`, apiKey: 'k', fingerprint: 'f' };
    await db.campaigns.place(campaign, key);
    await db.renders.record(
      campaign.id,
      [renderDraft(1, [own, all], { id: campaign.id, person })],
      [clipDraft(own, { personal: true }), clipDraft(all)],
    );
    await db.campaigns.planned(campaign.id);

    const erased = await db.people.erase({ person }, []);
    expect(erased).toMatchObject({
      ended: { rows: 1, campaigns: [campaign.id], over: [campaign.id] },
      counts: { videos: 1, records: 1, idempotencyKeys: 1 },
      clips: [own],
      renders: [campaign.id],
    });
    expect(await db.clips.findWanted(own)).toBeUndefined();
    expect(await db.clips.findWanted(all)).toBeUndefined();
    expect(await db.campaigns.find(campaign.id)).toMatchObject({
      source: { kind: 'erased' },
      metadata: {},
      ...{ webhookUrl: undefined, link: undefined, person: undefined },
    });
    await db.campaigns.settle([campaign.id]);
    expect((await db.campaigns.find(campaign.id))?.status.state).toBe('finished');
    const again = await db.campaigns.place(singleRenderDraft(), key);
    expect(again.outcome).toBe('placed');

    const files = await doomed(own);
    // The clip, and what it plays in two forms.
    expect(files).toHaveLength(3);
    await db.people.removed(files);
    // A worker may still publish what it was drawing.
    expect(await doomed(own)).toHaveLength(3);
    await db.connection.database.execute(sql`update bespoke.removal set watch_until = now()`);
    await db.people.removed(files);
    expect(await doomed(own)).toEqual([]);
  });

  it('leave no clip of a failed row behind when the row is retried', async () => {
    const person = newPerson();
    const { own, slow, all } = keysOf('own', 'slow', 'all');
    const hash = randomBytes(32).toString('hex');
    const personal = { personal: true, inputs: { photo: { kind: 'stored', hash } } };
    const drafts = [...[own, slow].map((key) => clipDraft(key, personal)), clipDraft(all)];
    const campaign = campaignDraft({ rows: 1 });
    const row = renderDraft(1, [own, slow, all], { person });
    await db.campaigns.place(campaign, undefined);
    await db.renders.record(campaign.id, [row], drafts);
    await db.campaigns.planned(campaign.id);
    await db.clips.complete(own, { bytes: 1, renderMs: 1 });
    await db.clips.complete(all, { bytes: 1, renderMs: 1 });
    await db.clips.fail(slow, 'clip-timeout', 'slow');
    await db.campaigns.settle([campaign.id]);

    expect(await db.campaigns.retry(campaign.id)).toBe(1);
    expect((await db.clips.find([own, slow, all])).map(({ key }) => key)).toEqual([all]);
    expect(shelvesOf(await doomed(own, slow, hash, keyOf(row)))).toEqual([
      ...['captions', 'clips', 'clips', 'images', 'images', 'posters', 'teasers', 'videos'],
    ]);
    await db.renders.record(campaign.id, [row], drafts);
    expect(await doomed(own, slow, hash, keyOf(row))).toEqual([]);
    expect((await db.people.erase({ person }, [])).counts).toMatchObject({ videos: 1, clips: 2 });
  });

  it('may be found by what was made for them alone', async () => {
    const render = singleRenderDraft();
    await db.campaigns.place(render, undefined);
    expect(await db.people.personOf(render.id)).toBeUndefined();
    expect((await db.people.singleRenders({ render: render.id })).map(({ id }) => id)).toEqual([render.id]);
    expect((await db.people.erase({ render: render.id }, [])).counts.records).toBe(1);
    expect(await db.people.singleRenders({ render: render.id })).toEqual([]);

    const person = newPerson();
    const named = singleRenderDraft({ person });
    await db.campaigns.place(named, undefined);
    expect(await db.people.personOf(named.id)).toBe(person);
    expect(await db.people.personOf(randomUUID())).toBeUndefined();
  });

  it('let files stay that are needed again since', async () => {
    const person = newPerson();
    const { own } = keysOf('own');
    const same = { key: `video-${newPerson()}`, mix: `mix-${newPerson()}` };
    await makeVideo(person, { personal: [own] }, same);
    await db.people.erase({ person }, []);
    await makeVideo(newPerson(), { personal: [own] }, same);
    expect(await doomed(own, same.key, same.mix)).toEqual([]);
  });

  it('may be in the files of campaigns whose rows are not all recorded', async () => {
    const broken: RowPlan = { state: 'failed', code: 'row-invalid', message: 'no' };
    const place = async (rows: number): Promise<string> => {
      const { id } = campaignDraft();
      await db.campaigns.place(campaignDraft({ id, rows }), undefined);
      await db.renders.record(id, [renderDraft(1, broken)], []);
      return id;
    };
    const [planning, failed, cancelled] = [await place(2), await place(2), await place(2)];
    await db.campaigns.fail(failed, 'csv-quotes', 'no');
    await db.campaigns.cancel(cancelled);
    await db.campaigns.fail(cancelled, 'csv-quotes', 'no');
    const recorded = await place(1);
    await db.campaigns.planned(recorded);
    const unread = (await db.people.unreadCampaigns()).map(({ id }) => id);
    expect(unread).toEqual(expect.arrayContaining([planning, failed, cancelled]));
    expect(unread).not.toContain(recorded);
  });

  it('exchange what a campaign is made from, once', async () => {
    const source = {
      kind: 'csv',
      file: `${newPerson()}.csv`,
      fileName: 'f.csv',
      map: [],
      idColumn: 'id',
    } as const;
    const campaign = { ...singleRenderDraft(), kind: 'campaign', source } as const;
    await db.campaigns.place(campaign, undefined);
    const without = { ...source, file: `${newPerson()}.csv`, erasedRows: [2] };
    expect(await db.people.exchangeSource(campaign.id, source, without, [])).toBe(true);
    expect(await db.people.exchangeSource(campaign.id, source, { ...without, erasedRows: [3] }, [])).toBe(
      false,
    );
    expect((await db.campaigns.find(campaign.id))?.source).toEqual(without);
    expect((await doomed(source.file.split('.')[0] ?? '')).map(({ namespace: shelf }) => shelf)).toEqual([
      'inputs',
    ]);
  });

  it('leave no campaign of a remake behind whose process ended before it recorded the row', async () => {
    const [old, young] = [remakeDraft(), remakeDraft()];
    await db.campaigns.openRemake(old);
    await db.campaigns.openRemake(young);
    await db.connection.database.execute(
      sql`update bespoke.campaign set created_at = now() - interval '11 minutes' where id = ${old.id}`,
    );
    await db.viewers.settleRemakes();
    const left = await query(
      db.connection.database,
      z.object({ id: z.string() }),
      sql`select id from bespoke.campaign where id in (${old.id}, ${young.id})`,
    );
    expect(left).toEqual([{ id: young.id }]);
  });

  it('leave no row of a remake behind when its process ended', async () => {
    const wanted = async (minutesAgo: number): Promise<{ readonly id: string; readonly clip: string }> => {
      const [id, clip] = [randomUUID(), `clip-${newPerson()}`];
      await db.campaigns.openRemake(remakeDraft({ id }));
      const plan: RowPlan = {
        ...({ state: 'planned', key: `video-${id}`, mix: `mix-${id}`, personal: true } as const),
        path: [{ node: 'n', clip }],
        durationInFrames: 60,
        assembly,
      };
      await db.renders.record(id, [renderDraft(1, plan, { id })], [clipDraft(clip, { personal: true })]);
      await db.connection.database.execute(
        sql`update bespoke.campaign set created_at = now() - ${minutesAgo} * interval '1 minute' where id = ${id}`,
      );
      return { id, clip };
    };
    const [old, young] = [await wanted(11), await wanted(1)];
    await db.viewers.settleRemakes();
    expect(await db.renders.find(old.id)).toBeUndefined();
    expect(await db.clips.find([old.clip])).toEqual([]);
    expect(await db.renders.find(young.id)).toMatchObject({ id: young.id });
    expect(await db.clips.find([young.clip])).toHaveLength(1);
  });
});

const keyOf = ({ plan }: NewRender): string => (plan.state === 'planned' ? plan.key : '');
const mixOf = ({ plan }: NewRender): string => (plan.state === 'planned' ? plan.mix : '');
