import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventContent, PageView, Watching } from '../../worker/core/viewer-events.ts';
import { mostPages } from '../../worker/core/viewer-events.ts';
import { mostGuests } from '../../worker/core/viewers.ts';
import { viewerFigures } from '../../worker/measurement/viewer-figures.ts';
import { campaignDraft, clipDraft, renderDraft, tableBackends, type TablesBackend } from './tables-bench.ts';

const unique = (): string => randomBytes(8).toString('hex');
const start = new Date('2026-11-24T10:00:00.000Z');
const nodes = ['a', 'b', 'c'] as const;

/** What a viewer did, other than another one did. */
function contentsOf(viewer: number): readonly EventContent[] {
  const seen = nodes.slice(0, 1 + (viewer % 3));
  return [
    { type: 'opened' },
    { type: 'interacted' },
    { type: 'started', resumed: false },
    ...seen.flatMap((node): EventContent[] => [
      { type: 'entered', node, visit: 1, clip: `clip-${node}`, clipFrames: 60 },
      {
        ...{ type: 'watched', node, visit: 1, clip: `clip-${node}`, clipFrames: 60 },
        ...{ fromFrame: 0, toFrame: 20 + viewer },
      },
    ]),
    ...(seen.length === 3 ? [{ type: 'ended', node: 'c' } as const] : []),
  ];
}

const pageOf = (contents: readonly EventContent[], page = `page-${unique()}`): PageView => ({
  page,
  openedAt: start,
  device: 'phone',
  events: contents.map((content, seq) => ({ seq, ms: seq * 2_000, content })),
});

describe.each(tableBackends)('events of viewers on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** A campaign of so many videos that are done. */
  async function send(count: number) {
    const draft = campaignDraft({ rows: count, webhookUrl: undefined, createdAt: start });
    await db.campaigns.place(draft, undefined);
    const clips = nodes.map((node) => `${node}-${unique()}`);
    const rows = Array.from({ length: count }, (_, index) =>
      renderDraft(index + 1, clips, { person: unique(), segments: index % 2 === 0 ? ['loyal'] : [] }),
    );
    await db.renders.record(
      draft.id,
      rows,
      clips.map((clip) => clipDraft(clip)),
    );
    await db.connection.database.execute(
      sql`update bespoke.render set state = 'done', ended_at = ${start.toISOString()}::timestamptz where campaign = ${draft.id}`,
    );
    return { id: draft.id, rows };
  }

  const ownerOf = (render: string) =>
    ({ session: `session-${render}`, render, rights: 'owner', fps: 30 }) as const;

  async function count(campaign: string): Promise<void> {
    while ((await db.viewerEvents.count(viewerFigures, 3, campaign)) > 0);
    while (await db.conversions.compare());
  }

  /** Figures that are not 0. */
  const figures = async (campaign: string) =>
    new Map([...(await db.viewerEvents.figures(campaign))].filter(([, value]) => value !== 0));

  /** What the figures have to be. */
  function expected(watching: readonly Watching[]): Map<string, number> {
    const sums = new Map<string, number>();
    for (const each of watching)
      for (const [name, value] of viewerFigures(each).figures) sums.set(name, (sums.get(name) ?? 0) + value);
    return sums;
  }

  it('give the same figures however they come, and whenever they are counted', async () => {
    const { id, rows } = await send(12);
    const pages = rows.map((_row, index) => pageOf(contentsOf(index)));
    const parts = pages.flatMap((page, index) => {
      const half = Math.ceil(page.events.length / 2);
      const of = (events: PageView['events']) => ({
        owner: ownerOf(rows[index]?.id ?? ''),
        page: { ...page, events },
      });
      // The second half comes first, and all of it again.
      return [of(page.events.slice(half)), of(page.events.slice(0, half)), of([...page.events].reverse())];
    });
    await Promise.all(
      parts.map(async ({ owner, page }, index) => {
        expect(await db.viewerEvents.add(owner, page)).toBe(page.events.length);
        if (index % 4 === 0) await db.viewerEvents.count(viewerFigures, 2, id);
      }),
    );
    await count(id);
    const watching = await db.viewerEvents.watchingOf(rows.map((row) => row.id));
    expect(watching).toHaveLength(12);
    expect(await figures(id)).toEqual(expected(watching));
    expect((await figures(id)).get('["viewers","ended"]')).toBe(4);
    expect((await figures(id)).get('["group","segment","loyal","opened"]')).toBe(6);
    expect(await db.viewerEvents.count(viewerFigures, 10, id)).toBe(0);
  });

  it('list viewers page by page', async () => {
    const { id, rows } = await send(5);
    for (const { id: render } of rows) await db.viewerEvents.add(ownerOf(render), pageOf(contentsOf(1)));
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await db.viewerEvents.list(id, after, 2);
      found.push(...page.watching.map(({ viewer }) => viewer.render));
      after = page.next;
    } while (after !== undefined);
    expect(found.toSorted()).toEqual(rows.map((row) => row.id).toSorted());
  });

  it('are taken back from who refuses, and they count once where they agree again', async () => {
    const { id, rows } = await send(2);
    const [first = '', second = ''] = rows.map((row) => row.id);
    for (const render of [first, second]) await db.viewerEvents.add(ownerOf(render), pageOf(contentsOf(2)));
    await count(id);
    await db.viewerEvents.allow(ownerOf(first), false, viewerFigures);
    expect(await db.viewerEvents.isRefused(ownerOf(first).session)).toBe(true);
    expect(await db.viewerEvents.add(ownerOf(first), pageOf(contentsOf(2)))).toBe(0);
    await count(id);
    expect(await figures(id)).toEqual(expected(await db.viewerEvents.watchingOf([second])));
    for (let again = 0; again < 3; again += 1) {
      await db.viewerEvents.allow(ownerOf(first), true, viewerFigures);
      expect(await db.viewerEvents.add(ownerOf(first), pageOf(contentsOf(2)))).toBeGreaterThan(0);
      await count(id);
      expect((await figures(id)).get('["viewers","opened"]')).toBe(2);
      await db.viewerEvents.allow(ownerOf(first), false, viewerFigures);
    }
  });

  it('go with their person, while the numbers stay', async () => {
    const { id, rows } = await send(2);
    for (const row of rows) await db.viewerEvents.add(ownerOf(row.id), pageOf(contentsOf(2)));
    await count(id);
    const before = await figures(id);
    expect(await db.viewerEvents.videos(id)).toBe(2);
    const person = rows[0]?.person ?? '';
    await db.people.suppress(person);
    const { counts } = await db.people.erase({ person }, []);
    expect(counts.events).toBe(contentsOf(2).length);
    expect(await db.viewerEvents.watchingOf([rows[0]?.id ?? ''])).toEqual([]);
    expect(await db.viewerEvents.add(ownerOf(rows[0]?.id ?? ''), pageOf(contentsOf(2)))).toBe(0);
    await count(id);
    expect(await figures(id)).toEqual(new Map([...before, ['["gone"]', 1]]));
    expect(await db.viewerEvents.videos(id)).toBe(2);
  });

  it('are shares of everyone who ever had a video, whether it was erased, deleted, or both', async () => {
    const { id, rows } = await send(6);
    const [erased, deleted, both, suppressed, failed] = rows;
    const setState = (render: string | undefined, state: string) =>
      db.connection.database.execute(
        sql`update bespoke.render set ${sql.raw(state)} where id = ${render ?? ''}`,
      );
    // Who was suppressed when the campaign was ordered, and whose video failed, never had one.
    await setState(suppressed?.id, `state = 'skipped', person = null`);
    await setState(failed?.id, `state = 'failed'`);
    for (const row of rows.slice(0, 3)) await db.viewerEvents.add(ownerOf(row.id), pageOf(contentsOf(2)));
    await count(id);
    expect(await db.viewerEvents.videos(id)).toBe(4);
    for (const render of [deleted, both, failed]) await db.renders.delete(render?.id ?? '');
    for (const row of [erased, both, failed]) {
      const person = row?.person ?? '';
      await db.people.suppress(person);
      for (let again = 0; again < 2; again += 1) await db.people.erase({ person }, []);
    }
    expect((await figures(id)).get('["viewers","opened"]')).toBe(3);
    expect(await db.viewerEvents.videos(id)).toBe(4);
  });

  it('leave nothing behind when they arrive while their person is erased', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { rows } = await send(1);
      const { id = '', person = '' } = rows[0] ?? {};
      const adding = Array.from({ length: 6 }, () => db.viewerEvents.add(ownerOf(id), pageOf(contentsOf(1))));
      await db.people.suppress(person);
      await db.people.erase({ person }, []);
      await Promise.all(adding);
      expect(await db.viewerEvents.watchingOf([id])).toEqual([]);
    }
  });

  it('are bounded: pages of a viewer, and guests of a video', async () => {
    const { id, rows } = await send(1);
    const render = rows[0]?.id ?? '';
    const touched = [{ type: 'interacted' } as const];
    for (let page = 0; page < mostPages; page += 1)
      await db.viewerEvents.add(ownerOf(render), pageOf(touched, `page-${page}`));
    expect(await db.viewerEvents.add(ownerOf(render), pageOf(touched, 'one-more'))).toBe(0);
    expect(await db.viewerEvents.add(ownerOf(render), pageOf(touched, 'page-7'))).toBe(1);
    const guest = (name: string) =>
      ({ session: `${render}-${name}`, render, rights: 'play', fps: 30 }) as const;
    for (let each = 0; each < mostGuests; each += 1)
      await db.viewerEvents.add(guest(`guest-${each}`), pageOf(touched));
    expect(await db.viewerEvents.add(guest('one-more'), pageOf(touched))).toBe(0);
    expect(await db.viewerEvents.add(guest('guest-3'), pageOf(touched))).toBe(1);
    await count(id);
    const found = await figures(id);
    expect([found.get('["viewers","opened"]'), found.get('["guests","opened"]')]).toEqual([1, mostGuests]);
  });

  it('of a page are never earlier than its video', async () => {
    const { rows } = await send(1);
    const render = rows[0]?.id ?? '';
    const ancient = { ...pageOf(contentsOf(0)), openedAt: new Date('1970-01-01T00:00:00.000Z') };
    await db.viewerEvents.add(ownerOf(render), ancient);
    const [watching] = await db.viewerEvents.watchingOf([render]);
    expect(watching?.pages[0]?.openedAt).toEqual(start);
  });
});
