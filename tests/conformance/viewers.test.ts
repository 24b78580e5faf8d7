import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../video/story/engine/session.ts';
import {
  longestLog,
  mostGuests,
  type ViewerSession,
  type RenderSource,
  type Viewers,
} from '../../worker/core/viewers.ts';
import {
  type TablesBackend,
  clipDraft,
  keysOf,
  newCampaign,
  tableBackends,
  renderDraft,
} from './tables-bench.ts';

const made: RenderSource = {
  terms: {
    id: 'terms',
    template: 'template',
    format: '9:16',
    encoding: { scale: 1, crf: 20, preset: 'veryfast', jpegQuality: 90 },
    asOf: '2026-11-25',
    engineVersion: 'engine',
    codeHashes: { scene: 'code' },
  },
  record: { name: 'Zoë \u0000\ud83d', seats: 3 },
  images: { photo: { kind: 'absent' } },
};

const entry = (to: string): LogEntry => ({ event: { type: 'ended', node: 'a', visit: 1 }, to });
const line = (id: string, to = id) => ({ id, entry: entry(to) });

describe.each(tableBackends)('viewers on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  /** A recorded row. @returns its id. */
  async function newVideo(): Promise<string> {
    const campaign = await newCampaign(db);
    const { a } = keysOf('a');
    const draft = renderDraft(1, [a], { source: made });
    await db.renders.record(campaign, [draft], [clipDraft(a)]);
    return draft.id;
  }

  const sessionFor = (
    render: string,
    changes: Partial<ViewerSession> = {},
  ): Parameters<Viewers['openSession']>[0] => ({
    id: randomBytes(16).toString('base64url'),
    render,
    rights: 'owner',
    link: 'link',
    story: 'story',
    ...changes,
  });

  const idsOf = async (session: string) => (await db.viewers.log(session)).map(({ id }) => id);

  it('are given back as they were recorded, and are none of rows that have no video', async () => {
    expect(await db.renders.source(await newVideo())).toEqual(made);
    expect(await db.renders.source('unknown')).toBeUndefined();
    const campaign = await newCampaign(db);
    const failed = renderDraft(1, { state: 'failed', code: 'row-invalid', message: '' });
    await db.renders.record(campaign, [failed], []);
    expect(await db.renders.source(failed.id)).toBeUndefined();
  });

  it('have one open session of their owner, whoever opens it at once, and one for each guest', async () => {
    const render = await newVideo();
    const opened = await Promise.all(
      [1, 2, 3].map((link) => db.viewers.openSession(sessionFor(render, { link: `l${link}` }))),
    );
    const ids = new Set(opened.map(({ session }) => session.id));
    expect([ids.size, opened.filter(({ resumed }) => !resumed).length]).toEqual([1, 1]);
    const again = await db.viewers.openSession(sessionFor(render, { link: 'newest' }));
    expect(again).toMatchObject({ resumed: true, session: { link: 'newest' } });
    expect(await db.viewers.findSession(again.session.id)).toEqual(again.session);
    const guests = await Promise.all(
      [1, 2].map(() => db.viewers.openSession(sessionFor(render, { rights: 'play' }))),
    );
    expect(new Set([...ids, ...guests.map(({ session }) => session.id)]).size).toBe(3);
    expect(await db.viewers.findSession('unknown')).toBeUndefined();
  });

  it('are bounded for the guests of a video: those that were used longest ago go', async () => {
    const render = await newVideo();
    const owner = await db.viewers.openSession(sessionFor(render));
    const first = await db.viewers.openSession(sessionFor(render, { rights: 'play' }));
    const second = await db.viewers.openSession(sessionFor(render, { rights: 'play' }));
    const elsewhere = await db.viewers.openSession(sessionFor(await newVideo(), { rights: 'play' }));
    for (let guest = 2; guest < mostGuests; guest += 1)
      await db.viewers.openSession(sessionFor(render, { rights: 'play', link: `l${guest % 2}` }));
    await db.viewers.append(first.session.id, 0, 0, [line('e1')]);
    await Promise.all(
      Array.from({ length: 4 }, () => db.viewers.openSession(sessionFor(render, { rights: 'play' }))),
    );
    await db.viewers.openSession(sessionFor(render, { rights: 'play' }));
    const kept = (await db.viewers.sessionsOf(render)).map(({ session }) => session.id);
    expect(kept).toHaveLength(mostGuests + 1);
    expect(kept).toEqual(expect.arrayContaining([owner.session.id, first.session.id]));
    expect(kept).not.toContain(second.session.id);
    expect(await db.viewers.findSession(elsewhere.session.id)).toBeDefined();
  });

  it('keep the newest lines of logs that were left', async () => {
    const { session } = await db.viewers.openSession(sessionFor(await newVideo()));
    const { id, render } = session;
    const lines = Array.from({ length: longestLog }, (_, index) => line(`e${index}`));
    await db.viewers.append(id, 0, 0, lines);
    await db.viewers.restart(id, 0, 'second');
    await db.viewers.append(id, longestLog, 0, [line('newest')]);
    await db.viewers.restart(id, longestLog, 'third');
    const [kept] = await db.viewers.sessionsOf(render);
    expect(kept?.events).toHaveLength(longestLog);
    expect([kept?.events[0]?.id, kept?.events.at(-1)?.id]).toEqual(['e1', 'newest']);
    expect(kept?.session.run).toBe(longestLog + 1);
  });

  it('take the lines of a log once and in order, whoever writes at the same time', async () => {
    const { session } = await db.viewers.openSession(sessionFor(await newVideo()));
    expect(await db.viewers.append(session.id, 0, 0, [line('e1'), line('e2')])).toBe(true);
    expect(await db.viewers.append(session.id, 0, 0, [line('e1'), line('e2'), line('e3')])).toBe(true);
    expect(await db.viewers.append(session.id, 0, 3, [])).toBe(true);
    const tabs = await Promise.all(
      ['x', 'y', 'z'].map((tab) => db.viewers.append(session.id, 0, 3, [line(`${tab}1`), line(`${tab}2`)])),
    );
    expect(tabs.filter(Boolean)).toHaveLength(1);
    expect(await idsOf(session.id)).toHaveLength(5);
    // Behind, ahead, twice the same, and one that is there already.
    expect(await db.viewers.append(session.id, 0, 2, [line('late')])).toBe(false);
    expect(await db.viewers.append(session.id, 0, 9, [line('early')])).toBe(false);
    expect(await db.viewers.append(session.id, 0, 5, [line('two'), line('two')])).toBe(false);
    expect(await db.viewers.append(session.id, 0, 5, [line('e1')])).toBe(false);
    expect(await db.viewers.append('unknown', 0, 0, [line('e1')])).toBe(false);
    const log = await db.viewers.log(session.id);
    expect(log).toHaveLength(5);
    expect(log[0]).toMatchObject(line('e1'));
    expect(log[0]?.at).toBeInstanceOf(Date);
  });

  it('begin a log anew, once, and keep what was logged', async () => {
    const { session } = await db.viewers.openSession(sessionFor(await newVideo()));
    const { id } = session;
    await db.viewers.append(id, 0, 0, [line('e1'), line('e2')]);
    await db.viewers.restart(id, 0, 'other story');
    await db.viewers.restart(id, 0, 'other story');
    expect(await db.viewers.log(id)).toEqual([]);
    expect(await db.viewers.findSession(id)).toMatchObject({ story: 'other story', run: 2 });
    expect(await db.viewers.append(id, 0, 0, [line('e3')])).toBe(false);
    expect(await db.viewers.append(id, 2, 0, [line('e1')])).toBe(false);
    expect(await db.viewers.append(id, 2, 0, [line('e3')])).toBe(true);
    expect(await idsOf(id)).toEqual(['e3']);
    await db.viewers.restart(id, 2, 'third');
    expect(await db.viewers.append(id, 3, 0, [line('e4')])).toBe(true);
    expect(await idsOf(id)).toEqual(['e4']);
  });
});
