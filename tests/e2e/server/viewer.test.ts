import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { renderSchema } from '../../../server/schemas/render.ts';
import { shareSchema } from '../../../server/schemas/viewer-data.ts';
import { sessionSchema } from '../../../server/schemas/viewer.ts';
import type { SessionEvent } from '../../../video/story/engine/events.ts';
import { sessionHeader } from '../../../video/story/engine/viewing.ts';
import { longestLog } from '../../../worker/core/viewings.ts';
import { createOperations } from '../../../worker/guests/run-operations.ts';
import { publicUrl } from './server-bench.ts';
import { answerTown, homeOf, named, serveViewers, toTown, type ServedViewers } from './viewer-bench.ts';

let viewers: ServedViewers;
let gate: ServedViewers['gate'];
let drawn: ServedViewers['drawn'];
let now: Date | undefined;

beforeAll(async () => {
  viewers = await serveViewers((parts) => ({ ...parts, clock: { now: () => now ?? new Date() } }));
  ({ gate, drawn } = viewers);
});

afterAll(() => viewers.close());

const start: SessionEvent = { type: 'start' };

describe('a viewer', () => {
  it('finds every clip made that the record decides, before the link was given out', async () => {
    const { token } = await viewers.newFilm('Anna');
    const { session } = await viewers.open(token);
    expect(session).toMatchObject({ rights: 'owner', title: 'Crossroads', log: [], facts: { name: 'Anna' } });
    expect(Object.entries(session.clips).map(([name, { state, shared }]) => [name, state, shared])).toEqual([
      ['["way","own",{}]', 'stored', true],
      ['["left","own",{}]', 'stored', true],
      ['["right","own",{}]', 'stored', true],
      ['["town","own",{}]', 'stored', true],
      ['["home","generic",{}]', 'stored', true],
    ]);
  });

  it('goes on where they were, on any device, and sends events as often as the network likes', async () => {
    const { token } = await viewers.newFilm('Anna');
    const { session, pass } = await viewers.open(token);
    const events = named(...toTown);
    const first = await viewers.append(pass, 0, events);
    expect(first).toMatchObject({
      outcome: 'appended',
      log: [{ to: 'way' }, { to: 'left', says: 'Left' }, { to: 'town' }],
    });
    expect(await viewers.append(pass, 0, events)).toMatchObject({ outcome: 'appended', log: first.log });
    const again = await viewers.open(token);
    expect(again.session).toMatchObject({ id: session.id, log: first.log });

    // The other tab knows two lines only.
    expect(await viewers.append(again.pass, 2, named({ type: 'back' }))).toMatchObject({
      outcome: 'behind',
      log: [{ to: 'town' }],
    });
    expect((await viewers.open(token)).session.log).toEqual(first.log);
    expect(await viewers.append(pass, 3, events.slice(0, 1))).toMatchObject({ outcome: 'refused', at: 0 });
    expect(await viewers.append(pass, 9, named(start))).toMatchObject({ outcome: 'restart', log: first.log });
    expect(await viewers.append(pass, 3, named({ type: 'back' }), 7)).toMatchObject({ outcome: 'restart' });
  });

  it('can have what they watched as one video', async () => {
    const { pipeline } = viewers.served.open;
    const { session, pass } = await viewers.open((await viewers.newFilm('Anna')).token);
    const operations = createOperations(pipeline);
    const out = path.join(await mkdtemp(path.join(tmpdir(), 'bespoke-watched-')), 'watched.mp4');
    onTestFinished(() => rm(path.dirname(out), { recursive: true, force: true }));
    const render = (id: string) =>
      operations['render.session'](
        { session: id, quality: 'draft', out },
        () => undefined,
        new AbortController().signal,
      );
    await expect(render(session.id)).rejects.toThrow('Nothing was watched in this session yet.');
    await viewers.append(pass, 0, named(...toTown));
    expect(await render(session.id)).toMatchObject({
      ...{ template: 'crossroads', format: '16:9', clips: 3, durationInFrames: 13 },
      status: { state: 'done', clipsRendered: 0 },
    });
    await viewers.append(pass, 3, named(answerTown('Rom')));
    expect(await render(session.id)).toMatchObject({ clips: 4, status: { state: 'done' } });
    await expect(render('nobody')).rejects.toThrow('No session has this id');
  });

  it('is told which event cannot be, and those before it are kept', async () => {
    const { pass } = await viewers.open((await viewers.newFilm('Bo')).token);
    const right: SessionEvent = { type: 'choose', node: 'way', visit: 1, frame: 1, choice: 'right' };
    expect(await viewers.append(pass, 0, named(start, right))).toMatchObject({
      outcome: 'refused',
      at: 1,
      refusal: { reason: 'choice-disabled' },
      log: [{ to: 'way' }],
    });
    await viewers.append(pass, 1, named(...toTown.slice(1)));
    expect(await viewers.append(pass, 3, named(answerTown('\u1200')))).toMatchObject({
      outcome: 'refused',
      at: 0,
      refusal: { reason: 'answer-refused', problem: 'not-drawable' },
      log: [],
    });
  });

  it('sees a clip that reads an answer as soon as it is made, before all work that nobody waits for', async () => {
    const { token } = await viewers.newFilm('Eva');
    const { pass } = await viewers.open(token);
    await viewers.append(pass, 0, named(...toTown));
    gate.close();
    const before = drawn.length;
    const places = viewers.served.open.pipeline.parallelClips;
    // More than all places for rendering, so that most of them wait in the queue.
    await viewers.orderCampaign(Array.from({ length: 12 }, (_, index) => `Batch ${index}`));
    await expect.poll(() => drawn.length - before).toBe(places);
    const begun = drawn.length;

    const answered = await viewers.append(pass, 3, named(answerTown('Kiel')));
    expect(answered).toMatchObject({ outcome: 'appended', log: [{ to: 'home' }] });
    const clip = answered.clips[homeOf('Kiel')];
    expect(clip).toMatchObject({ state: 'making', shared: false, cues: [{ text: 'Kiel' }] });
    const waited = viewers.get(clip?.url ?? '', pass);
    await sleep(300);
    gate.open();
    const got = await waited;
    expect([got.statusCode, got.body, got.headers['content-type'], got.headers['cache-control']]).toEqual([
      200,
      'Kiel',
      'video/mp4',
      'private, max-age=600',
    ]);
    expect(drawn.slice(begun, begun + places)).toContain('Kiel');
    const part = await viewers.get(clip?.url ?? '', { ...pass, range: 'bytes=1-2' });
    expect([part.statusCode, part.body]).toEqual([206, 'ie']);
    const again = await viewers.get(clip?.url ?? '', { ...pass, 'if-none-match': String(got.headers.etag) });
    expect(again.statusCode).toBe(304);
    expect((await viewers.open(token)).session.clips[homeOf('Kiel')]).toMatchObject({ state: 'stored' });
  });

  it('waits for no clip longer than a browser would, and asks again', async () => {
    const { pass } = await viewers.open((await viewers.newFilm('Ida')).token);
    gate.close();
    const { clips } = await viewers.append(pass, 0, named(...toTown, answerTown('Ulm')));
    const later = new Date(Date.now() + 30_000);
    const asking = viewers.get(clips[homeOf('Ulm')]?.url ?? '', pass);
    await sleep(300);
    now = later;
    const answer = await asking;
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([202, '1']);
    now = undefined;
    gate.open();
    expect((await viewers.get(clips[homeOf('Ulm')]?.url ?? '', pass)).body).toBe('Ulm');
  });

  it('is told that a clip cannot be made', async () => {
    const { pass } = await viewers.open((await viewers.newFilm('Udo')).token);
    const { clips } = await viewers.append(pass, 0, named(...toTown, answerTown('broken')));
    const answer = await viewers.get(clips[homeOf('broken')]?.url ?? '', pass);
    expect([answer.statusCode, answer.json()]).toMatchObject([404, { code: 'clip-unavailable' }]);
  });

  it('gets nothing that another film told of, and nothing by guessing', async () => {
    const [mine, theirs] = [await viewers.newFilm('Anna'), await viewers.newFilm('Olga')];
    const [me, them] = [await viewers.open(mine.token), await viewers.open(theirs.token)];
    const { clips } = await viewers.append(them.pass, 0, named(...toTown, answerTown('Rom')));
    const { url = '' } = clips[homeOf('Rom')] ?? {};
    expect((await viewers.get(url, them.pass)).body).toBe('Rom');
    const key = /clips\/([0-9a-f]{64})/.exec(url)?.[1] ?? '';
    for (const [address, headers, status, code] of [
      [url, me.pass, 404, 'clip-unavailable'],
      [`/viewer/clips/${key}`, them.pass, 404, 'clip-unavailable'],
      [`/viewer/clips/${key}${'A'.repeat(22)}`, them.pass, 404, 'clip-unavailable'],
      [`/c/${key}.mp4`, them.pass, 404, 'clip-unavailable'],
      [url, {}, 401, 'session-missing'],
      [url, { authorization: `Bearer ${'o'.repeat(75)}` }, 401, 'session-missing'],
    ] as const) {
      const answer = await viewers.get(address, headers);
      expect([answer.statusCode, answer.json(), answer.headers['cache-control']]).toMatchObject([
        status,
        { code },
        'no-store',
      ]);
    }
    expect(JSON.stringify(viewers.served.noted)).not.toMatch(new RegExp(`${mine.token}|${key}|Rom`));
  });

  it('is shown out as soon as the link is withdrawn', async () => {
    const { id, token } = await viewers.newFilm('Anna');
    const { session, pass } = await viewers.open(token);
    expect((await viewers.get('/viewer/session', pass)).statusCode).toBe(200);
    await viewers.revoke(id);
    for (const answer of [
      await viewers.get('/viewer/session', pass),
      await viewers.post('/viewer/events', { run: 0, after: 0, events: named({ type: 'start' }) }, pass),
      await viewers.get(session.clips['["left","own",{}]']?.url.replace('/c/', '/viewer/clips/') ?? '', pass),
    ]) {
      expect([answer.statusCode, answer.json()]).toMatchObject([410, { code: 'link-ended' }]);
    }
    const reopened = await viewers.post('/viewer/session', { link: token, carry: 'memory' });
    expect([reopened.statusCode, reopened.json()]).toMatchObject([404, { code: 'link-unknown' }]);
  });

  it('is shown out by new links, as are those they shared with, and goes on by the new one', async () => {
    const { id, token, links } = await viewers.newFilm('Anna');
    const owner = await viewers.open(token);
    await viewers.append(owner.pass, 0, named(start));
    const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, owner.pass)).json());
    const guest = await viewers.open(shared.url.split('/v/')[1] ?? '');
    expect((await viewers.get(guest.session.film)).statusCode).toBe(200);

    const key = await viewers.served.keyed('render', 'read');
    const renewed = renderSchema.parse((await viewers.post(`/v1/renders/${id}/links`, {}, key)).json());
    for (const pass of [owner.pass, guest.pass]) {
      const answer = await viewers.get('/viewer/session', pass);
      expect([answer.statusCode, answer.json()]).toMatchObject([410, { code: 'link-ended' }]);
    }
    for (const film of [guest.session.film, owner.session.film, links.video?.replace(publicUrl, '') ?? '']) {
      expect((await viewers.get(film)).statusCode, film).toBe(404);
    }
    for (const link of [token, shared.url.split('/v/')[1]]) {
      expect((await viewers.post('/viewer/session', { link, carry: 'memory' })).statusCode).toBe(404);
    }
    const again = await viewers.open(renewed.links.page?.split('/v/')[1] ?? '');
    expect(again.session).toMatchObject({ id: owner.session.id, log: [{ to: 'way' }] });
    expect((await viewers.get(again.session.film)).statusCode).toBe(200);
  });

  it('begins again when the log is full, and can be watched ever after', async () => {
    const { id, token } = await viewers.newFilm('Anna');
    const { session, pass } = await viewers.open(token);
    const turn = (on: boolean): SessionEvent => ({ type: 'time-limits', on });
    const turns = (count: number) =>
      named(...Array.from({ length: count }, (_, index) => turn(index % 2 === 0)));
    let run = 0;
    for (const round of [1, 2]) {
      await viewers.append(pass, 0, named(start, ...toTown.slice(1)), run);
      for (let lines = toTown.length; lines < longestLog - 50; lines += 100)
        await viewers.append(pass, lines, turns(Math.min(100, longestLog - 50 - lines)), run);
      const last = turns(60);
      for (const _ of ['first', 'repeated'])
        expect(await viewers.append(pass, longestLog - 50, last, run)).toMatchObject({
          outcome: 'refused',
          at: 50,
          refusal: { reason: 'log-full' },
        });
      const full = await viewers.append(pass, longestLog, turns(1), run);
      expect(full).toMatchObject({ outcome: 'refused', at: 0, refusal: { reason: 'log-full' }, log: [] });
      const again = await viewers.open(token);
      expect(again.session).toMatchObject({ id: session.id, log: [] });
      expect(again.session.run).toBe(round * longestLog);
      expect(await viewers.append(pass, longestLog, turns(1), run)).toMatchObject({ outcome: 'restart' });
      ({ run } = again.session);
    }
    const [kept] = await viewers.served.open.pipeline.viewings.ofVideo(id);
    expect(kept?.events).toHaveLength(longestLog);
  });

  it('carries a cookie on our own page, which pages of others cannot use', async () => {
    const { token } = await viewers.newFilm('Anna');
    const opened = await viewers.post('/viewer/session', { link: token, carry: 'cookie' });
    const [cookie = ''] = [opened.headers['set-cookie']].flat();
    expect(cookie).toMatch(
      /^bespoke_viewer_[\w-]{22}=[\w-]{75}; Path=\/viewer; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(opened.json()).not.toHaveProperty('access');
    const carried = { cookie: cookie.split(';')[0] ?? '' };
    expect((await viewers.get('/viewer/session', carried)).statusCode).toBe(200);
    const body = { run: 0, after: 0, events: named({ type: 'start' }) };
    for (const [more, status] of [
      [{}, 403],
      [{ origin: 'https://elsewhere.test' }, 403],
      [{ origin: 'null' }, 403],
      [{ 'sec-fetch-site': 'same-site', origin: publicUrl }, 403],
      [{ 'sec-fetch-site': 'same-origin' }, 200],
      [{ origin: publicUrl }, 200],
    ] as const) {
      expect(
        (await viewers.post('/viewer/events', body, { ...carried, ...more })).statusCode,
        JSON.stringify(more),
      ).toBe(status);
    }

    // A second film in the same browser leaves the first as it is.
    const other = await viewers.newFilm('Bo');
    const second = await viewers.post('/viewer/session', { link: other.token, carry: 'cookie' }, carried);
    const [newest = ''] = [second.headers['set-cookie']].flat();
    const both = `${carried.cookie}; ${newest.split(';')[0]}`;
    const idOf = async (headers: Readonly<Record<string, string>>) =>
      sessionSchema.parse((await viewers.get('/viewer/session', { cookie: both, ...headers })).json()).id;
    const first = sessionSchema.parse(opened.json()).id;
    expect(await idOf({ [sessionHeader]: first })).toBe(first);
    expect(await idOf({})).toBe(sessionSchema.parse(second.json()).id);
  });
});

describe('a link that was shared', () => {
  const partOf = (address: string | undefined): string => address?.split('/').at(-1)?.slice(0, 22) ?? '';

  /** Shares a film, after its owner has answered. */
  async function share(name: string) {
    const film = await viewers.newFilm(name);
    const owner = await viewers.open(film.token);
    const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, owner.pass)).json());
    return { ...film, owner, play: shared.url.split('/v/')[1] ?? '' };
  }
  const openShared = async (play: string) =>
    (await viewers.post('/viewer/session', { link: play, carry: 'memory' })).statusCode;

  it.each(['Anna', 'Zaphodine'])(
    'gives nothing of the owner away, nor what the film does not show of %s, and all that it gives ends with it',
    async (name) => {
      const { id, links, owner, play } = await share(name);
      const answered = await viewers.append(owner.pass, 0, named(...toTown, answerTown('Gallifrey')));
      const answers: { readonly url: string; readonly text: string }[] = [];
      const given = new Set<string>();
      const keep = (url: string, { body, headers }: Awaited<ReturnType<typeof viewers.get>>) => {
        answers.push({ url, text: JSON.stringify(headers) + body });
        for (const [address] of body.matchAll(/\/(?:f|v|viewer\/clips)\/[^"\\ ]+/g)) given.add(address);
      };
      const ask = async (url: string, headers = {}) => {
        const answer = await viewers.get(url, headers);
        keep(url, answer);
        return answer;
      };
      const tell = async (url: string, body: object, headers = {}) => {
        const answer = await viewers.post(url, body, headers);
        keep(url, answer);
        return answer;
      };

      for (const page of [`/v/${play}`, `/v/${play}?embed=1`, `/v/${play}?swap=1`]) {
        expect((await ask(page)).statusCode).toBe(200);
        given.add(page);
      }
      const opened = await tell('/viewer/session', { link: play, carry: 'memory' });
      const carried = await tell('/viewer/session', { link: play, carry: 'cookie' });
      const session = sessionSchema.parse(opened.json());
      expect(session).toMatchObject({ rights: 'play', facts: {}, log: [], consents: [] });
      const cookie = { cookie: [carried.headers['set-cookie']].flat()[0]?.split(';')[0] ?? '' };
      const pass = { authorization: `Bearer ${session.access}` };
      const events = named(...toTown, answerTown('Rom'));
      await tell('/viewer/events', { run: 0, after: 0, events }, pass);
      await tell('/viewer/events', { run: 0, after: 0, events: events.slice(0, 1) }, pass);
      const right: SessionEvent = { type: 'choose', node: 'way', visit: 1, frame: 1, choice: 'right' };
      const goBack = named({ type: 'back' }, { type: 'back' }, right);
      const taken = await tell('/viewer/events', { run: 0, after: 4, events: goBack }, pass);
      expect(taken.json()).toMatchObject({ outcome: name === 'Anna' ? 'appended' : 'refused' });
      const standing = await ask('/viewer/session', pass);
      await ask('/viewer/session', cookie);
      await ask('/viewer/remake', pass);
      for (const url of ['/viewer/known', '/viewer/known/export']) await ask(url, pass);
      for (const url of [
        '/viewer/known',
        '/viewer/consent',
        '/viewer/share',
        '/viewer/erase',
        '/viewer/remake',
      ])
        await tell(url, {}, pass);

      const files = [...given].filter((address) => !address.startsWith('/v/'));
      expect(files.filter((address) => address.startsWith('/f/')).length).toBeGreaterThanOrEqual(3);
      expect(files.some((address) => address.startsWith('/viewer/clips/'))).toBe(true);
      for (const address of files) {
        const answer = await ask(address, pass);
        expect([answer.statusCode, answer.headers['cache-control']], address).toEqual([
          200,
          'private, no-cache',
        ]);
      }
      const { clips } = sessionSchema.parse(standing.json());
      for (const { url } of Object.values(clips)) await ask(url, pass);

      const ofOwner = [links.page, links.video, links.poster, links.teaser, links.captions].map(partOf);
      const refs = Object.values(answered.clips).flatMap(({ url }) => /clips\/([^?]+)/.exec(url)?.[1] ?? []);
      expect(refs.length).toBeGreaterThan(0);
      const secrets = [
        ...ofOwner,
        ...refs,
        owner.session.id,
        owner.pass.authorization,
        id,
        name,
        'Gallifrey',
      ];
      for (const { url, text } of answers)
        for (const secret of secrets) expect(text.includes(secret), `${secret} in ${url}`).toBe(false);

      await viewers.served.server.inject({ method: 'DELETE', url: '/viewer/share', headers: owner.pass });
      for (const address of given) {
        const { statusCode } = await viewers.get(address, pass);
        expect([404, 410], address).toContain(statusCode);
      }
      for (const by of [pass, cookie]) {
        expect((await viewers.get('/viewer/session', by)).statusCode).toBe(410);
        expect((await viewers.get('/viewer/remake', by)).statusCode).toBe(410);
      }
      expect((await viewers.post('/viewer/events', { run: 0, after: 0, events }, pass)).statusCode).toBe(410);
      expect(await openShared(play)).toBe(404);
      expect((await viewers.get('/viewer/session', owner.pass)).statusCode).toBe(200);
    },
  );

  it('ends for who opened it and did nothing, too', async () => {
    const { owner, play } = await share('Anna');
    const guest = await viewers.open(play);
    expect((await viewers.get('/viewer/session', guest.pass)).statusCode).toBe(200);
    await viewers.served.server.inject({ method: 'DELETE', url: '/viewer/share', headers: owner.pass });
    expect((await viewers.get('/viewer/session', guest.pass)).statusCode).toBe(410);
  });

  it('leaves nothing behind however often it is opened, and who opens it again has no more requests', async () => {
    const { id, owner, play } = await share('Anna');
    const { viewings } = viewers.served.open.pipeline;
    const guest = await viewers.open(play);
    await viewers.append(guest.pass, 0, named(start));
    const before = await viewings.ofVideo(id);
    // The minute that is counted does not pass.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    // What is asked in a session counts for its link as well.
    for (let asked = 0; asked < 400; asked += 1) await viewers.get('/viewer/remake', guest.pass);
    const statuses: number[] = [];
    for (let opened = 0; opened < 1_000; opened += 50)
      statuses.push(...(await Promise.all(Array.from({ length: 50 }, () => openShared(play)))));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.indexOf(429)).toBe(statuses.filter((each) => each === 200).length);
    expect(await viewings.ofVideo(id)).toEqual(before);
    expect(before).toHaveLength(2);
    const refused = await viewers.get('/viewer/session', guest.pass);
    expect([refused.statusCode, refused.json()]).toMatchObject([429, { code: 'rate-limited' }]);
    expect((await viewers.get('/viewer/session', owner.pass)).statusCode).toBe(200);
  });

  it('has one limit for each owner as well, whatever pass they come with and whatever they ask', async () => {
    const { token } = await viewers.newFilm('Anna');
    const { pass } = await viewers.open(token);
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let asked = 1;
    while ((await viewers.get('/viewer/remake', pass)).statusCode === 200) asked += 1;
    expect(asked).toBe(300);
    expect(await openShared(token)).toBe(429);
    expect((await viewers.get('/viewer/known', pass)).statusCode).toBe(429);
  });
});
