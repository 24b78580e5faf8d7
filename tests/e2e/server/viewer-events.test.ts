import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ViewerEvent } from '../../../video/story/engine/viewer-protocol.ts';
import { shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import { statementPageSchema } from '../../../worker/measurement/xapi-schema.ts';
import { personExportSchema } from '../../../worker/people/people-schema.ts';
import { timelineSchema } from '../../../worker/people/timeline-schema.ts';
import { readWatching } from '../../../worker/measurement/campaign-watching.ts';
import { answerTown, homeOf, named, serveViewers, toTown, type ServedViewers } from './viewer-bench.ts';

let viewers: ServedViewers;

beforeAll(async () => {
  viewers = await serveViewers();
});

afterAll(() => viewers.close());

type Headers = Readonly<Record<string, string>>;

type Pass = Awaited<ReturnType<ServedViewers['open']>>['pass'];

/** What a page reports. */
const report = (events: readonly object[], changes: object = {}) => ({
  ...{ page: randomUUID(), ms: 20_000, device: 'phone', automated: false },
  events: events.map((event, seq) => ({ seq, ms: 1_000 + seq, ...event })),
  ...changes,
});

const send = (body: object, headers: Headers) => viewers.post('/viewer/reports', body, headers);

const touched = [{ type: 'opened' }, { type: 'interacted' }, { type: 'started', resumed: false }] as const;

const watchingOf = async (id: string) => readWatching(viewers.served.open.pipeline, id);

/** Films that are opened, their passes, and a clip of theirs. */
async function openFilm(name: string) {
  const film = await viewers.newFilm(name);
  const { session, pass } = await viewers.open(film.token);
  const clip = session.clips['["way","own",{}]'];
  if (clip === undefined) throw new Error('The film has no beginning.');
  const watched = (frames: Partial<Extract<ViewerEvent, { type: 'watched' }>> = {}) => ({
    ...{ type: 'watched', node: 'way', visit: 1, clip: clip.ref },
    ...{ fromFrame: 0, toFrame: clip.durationInFrames, ...frames },
  });
  return { ...film, session, pass, clip, watched };
}

describe('reports of a page', () => {
  it('count a viewer once, however often they are sent and whoever sends them again', async () => {
    const { id, pass, watched } = await openFilm('Anna');
    const body = report([...touched, watched()]);
    for (let again = 0; again < 3; again += 1) expect((await send(body, pass)).json()).toEqual({ kept: 4 });
    await send({ ...body, page: randomUUID() }, pass);
    const watching = await watchingOf(id);
    expect(watching?.viewers).toMatchObject({ opened: 1, started: 1, returned: 1 });
    expect(watching?.scenes).toMatchObject([{ node: 'way', entered: 1, stayed: 1 }]);
  });

  it('leave out what is not of their story, and what others may see', async () => {
    const { id, pass, watched } = await openFilm('Berta');
    const other = await openFilm('Carla');
    const odd = [
      ...touched,
      watched({ node: 'nowhere' }),
      watched({ clip: 'f'.repeat(64) }),
      // Signed for another link; beyond its end.
      watched({ clip: other.clip.ref }),
      watched({ fromFrame: 900_000, toFrame: 1_000_000 }),
      { type: 'chosen', node: 'way', visit: 1, choice: '__proto__', by: 'viewer', afterMs: 1 },
      { type: 'entered', node: '__proto__', visit: 1 },
    ];
    expect((await send(report(odd), pass)).json()).toEqual({ kept: 3 });
    expect((await watchingOf(id))?.scenes).toEqual([]);
    expect((await watchingOf(other.id))?.viewers.opened).toBe(0);
  });

  it.each([
    ['an unknown type', report([{ type: 'bought' }])],
    ['a negative time', report([{ type: 'opened', ms: -1 }])],
    ['the year 1970', report([{ type: 'opened', ms: 1e12 }])],
    ['a page without a proper name', report(touched, { page: '../../etc' })],
    ['too many events', report(Array.from({ length: 201 }, () => ({ type: 'opened' })))],
    ['U+0000', report([{ type: 'entered', node: 'way\u0000', visit: 1 }])],
    ['personal data', report([{ type: 'opened', name: 'Anna' }])],
  ])('with %s are refused', async (_what, body) => {
    const { id, pass } = await openFilm('Doris');
    expect((await send(body, pass)).statusCode).toBe(400);
    expect((await watchingOf(id))?.viewers.opened).toBe(0);
  });

  it('need the pass of a session', async () => {
    const { clip: _clip, ...film } = await openFilm('Emma');
    expect((await send(report(touched), { authorization: 'Bearer x' })).statusCode).toBe(401);
    await viewers.revoke(film.id);
    expect((await send(report(touched), film.pass)).statusCode).toBe(410);
  });

  it('of guests are counted apart from those of the owner', async () => {
    const { id, pass } = await openFilm('Frida');
    const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, pass)).json());
    const guest = await viewers.open(shared.url.split('/v/')[1] ?? '');
    await send(report(touched), guest.pass);
    const watching = await watchingOf(id);
    expect([watching?.viewers.opened, watching?.guests.opened]).toEqual([0, 1]);
  });
});

describe('a customer whose films were watched', () => {
  it('has a timeline for support and all events in their export, until they are erased', async () => {
    const customerId = `cust-${randomUUID()}`;
    const { token } = await viewers.newFilm('Ilse', 'crossroads', {}, { customerId });
    const { pass, session } = await viewers.open(token);
    const ref = session.clips['["way","own",{}]']?.ref ?? '';
    const seen = { type: 'watched', node: 'way', visit: 1, clip: ref, fromFrame: 0, toFrame: 3 };
    await send(report([...touched, { type: 'entered', node: 'way', visit: 1, clip: ref }, seen]), pass);
    const admin = await viewers.served.keyed('admin');
    const timeline = async () =>
      timelineSchema.parse((await viewers.post('/v1/people/timeline', { customerId }, admin)).json()).lines;
    const lines = await timeline();
    expect(lines.map(({ type, by }) => [type, by])).toEqual(
      expect.arrayContaining([
        ['ordered', undefined],
        ['done', undefined],
        ['opened', 'owner'],
        ['entered', 'owner'],
      ]),
    );
    expect(lines.filter(({ type }) => type === 'watched')).toEqual([]);
    expect(lines.find(({ type }) => type === 'entered')?.details).toMatchObject({ node: 'way', visit: 1 });
    const exported = personExportSchema.parse(
      (await viewers.post('/v1/people/export', { customerId }, admin)).json(),
    );
    expect(exported.videos[0]?.pages[0]?.events).toHaveLength(5);
    const reader = await viewers.served.keyed('read');
    expect((await viewers.post('/v1/people/timeline', { customerId }, reader)).statusCode).toBe(403);
    await viewers.post('/v1/people/erase', { customerId }, admin);
    expect(await timeline()).toEqual([]);
  });

  it('is in the statements of their campaign, which end with its last viewer', async () => {
    const { id, pass } = await openFilm('Jutta');
    await send(report(touched), pass);
    const reader = await viewers.served.keyed('read');
    const answer = await viewers.get(`/v1/campaigns/${id}/xapi`, reader);
    const { statements, next } = statementPageSchema.parse(answer.json());
    expect(statements.map(({ verb }) => verb.display['en-US'])).toEqual(['launched', 'initialized']);
    expect(statements[0]?.actor.account.name).toBe(id);
    expect(next).toBeUndefined();
    expect((await viewers.get(`/v1/campaigns/${randomUUID()}/xapi`, reader)).statusCode).toBe(404);
  });
});

const bots: readonly (readonly [string, Headers, string])[] = [
  ['curl', { 'user-agent': 'curl/8.5.0' }, 'user-agent'],
  [
    'a headless browser',
    { 'user-agent': 'Mozilla/5.0 (X11) HeadlessChrome/142.0.0.0 Safari/537.36' },
    'user-agent',
  ],
  ['a prefetch', { 'sec-purpose': 'prefetch' }, 'prefetch'],
];

describe.each(bots)('%s', (_who, headers, reason) => {
  const appendAs = async (pass: Pass, as: Headers, after: number, events: ReturnType<typeof named>) =>
    (await viewers.post('/viewer/events', { run: 0, after, events }, { ...pass, ...as })).json<{
      readonly clips: Readonly<Record<string, unknown>>;
    }>();

  it('is counted as a machine and moves no other figure', async () => {
    const { id, pass, watched } = await openFilm('Greta');
    await send(report([...touched, watched()]), { ...pass, ...headers });
    const watching = await watchingOf(id);
    expect(watching?.notCounted.machines).toEqual([{ reason, pages: 1 }]);
    expect([watching?.viewers.opened, watching?.scenes]).toEqual([0, []]);
  });

  it('orders no clip, neither by opening the page nor by playing', async () => {
    const { token, pass } = await openFilm('Hanna');
    const place = `Rom${reason.length}${headers['user-agent']?.length ?? 0}`;
    await appendAs(pass, headers, 0, named(...toTown));
    const answered = await appendAs(pass, headers, 3, named(answerTown(place)));
    expect(answered.clips[homeOf(place)]).toBeUndefined();
    // Nor does who opens it, whoever that is; only who plays does.
    const opened = sessionSchema.parse(
      (await viewers.post('/viewer/session', { link: token, carry: 'memory' }, headers)).json(),
    );
    expect(opened.clips[homeOf(place)]).toBeUndefined();
    const drawnOf = () => viewers.drawn.filter((each) => String(each).includes(place));
    expect(drawnOf()).toEqual([]);
    const asked = await appendAs(pass, {}, 4, []);
    expect(asked.clips[homeOf(place)]).toMatchObject({ state: 'making' });
  });
});
