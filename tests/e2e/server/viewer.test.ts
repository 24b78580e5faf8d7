import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import type { SessionEvent } from '../../../video/story/engine/take.ts';
import { sessionHeader } from '../../../video/story/engine/viewer-protocol.ts';
import { longestLog } from '../../../worker/core/viewers.ts';
import { withLocalClient } from '../local-client.ts';
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

  it('opens a session with one binding of its story', async () => {
    const { token } = await viewers.newFilm('Anna');
    const { pass } = await viewers.open(token);
    await viewers.append(pass, 0, named(...toTown));
    const read = vi.spyOn(viewers.served.open.requests.renders, 'source');
    expect((await viewers.open(token)).session.log).toHaveLength(3);
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
  });

  it('can have what they watched as one video', async () => {
    const { pipeline } = viewers.served.open;
    const { session, pass } = await viewers.open((await viewers.newFilm('Anna')).token);
    await withLocalClient(pipeline, async (client) => {
      const render = async (id: string) => {
        const ordered = await client.createSessionRender({ session: id, quality: 'draft' });
        let last = ordered.render;
        for await (const now of client.watchRender(last.id)) last = now;
        return last;
      };
      await expect(render(session.id)).rejects.toThrow('Nothing was watched in this session yet.');
      await viewers.append(pass, 0, named(...toTown));
      const watched = await render(session.id);
      expect(watched).toMatchObject({
        ...{ template: 'crossroads', format: '16:9' },
        status: { state: 'done', durationInSeconds: 13 / 15, clipsRendered: 0, clipsReused: 2 },
      });
      await viewers.append(pass, 3, named(answerTown('Rom')));
      const longer = await render(session.id);
      expect(longer.status).toMatchObject({ state: 'done' });
      expect(longer.content).not.toBe(watched.content);
      await expect(render('nobody')).rejects.toThrow('No session has this id');
    });
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
    expect(await viewers.append(pass, 3, named(answerTown('\u0f40')))).toMatchObject({
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
    await expect.poll(() => drawn.length - before, { timeout: 20_000 }).toBe(places);
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
      for (const sent of ['first', 'repeated'])
        expect(await viewers.append(pass, longestLog - 50, last, run), sent).toMatchObject({
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
    const [kept] = await viewers.served.open.pipeline.viewers.sessionsOf(id);
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
