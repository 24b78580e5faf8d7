import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { writePass } from '../../../worker/viewers/tokens.ts';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import type { SessionEvent } from '../../../video/story/engine/take.ts';
import { s3Config } from '../../conformance/store-kinds.ts';
import { answerTown, named, serveViewers, toTown, type ServedViewers } from './viewer-bench.ts';

let viewers: ServedViewers;

beforeAll(async () => {
  viewers = await serveViewers(undefined, { store: s3Config(inject('s3'), { cacheBytes: 0 }) });
});

afterAll(() => viewers.close());

const start: SessionEvent = { type: 'start' };

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

      // The owner's lead to the bucket, for an hour; those of a shared link must end sooner.
      expect((await viewers.get(owner.session.film)).statusCode).toBe(302);
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

  it('continues the session of an earlier pass of the same link, even one that has expired, and no other', async () => {
    const [anna, bo] = [await share('Anna'), await share('Bo')];
    const guest = await viewers.open(anna.play);
    await viewers.append(guest.pass, 0, named(...toTown));
    const { hmac } = viewers.served.open.pipeline;
    const pass = { rights: 'play', expiresAt: new Date(Date.now() - 86_400_000) } as const;
    const linkOf = (play: string): string => play.slice(0, 22);
    const expired = writePass(hmac, { ...pass, session: guest.session.id, link: linkOf(anna.play) });
    expect((await viewers.get('/viewer/session', { authorization: `Bearer ${expired}` })).statusCode).toBe(
      401,
    );

    const openWith = async (link: string, earlier: string, carry = 'memory') => {
      const opened = await viewers.post('/viewer/session', { link, carry, pass: earlier });
      expect(opened.statusCode).toBe(200);
      const session = sessionSchema.parse(opened.json());
      return { session, pass: { authorization: `Bearer ${session.access}` } };
    };
    const again = await openWith(anna.play, expired, 'both');
    expect(again.session).toMatchObject({ id: guest.session.id, run: guest.session.run });
    expect(again.session.log).toHaveLength(toTown.length);
    expect(await viewers.append(again.pass, toTown.length, named(answerTown('Rom')))).toMatchObject({
      outcome: 'appended',
    });

    // Before its first event, nothing is recorded of a session.
    const fresh = await viewers.open(anna.play);
    expect((await openWith(anna.play, fresh.session.access ?? '')).session.id).toBe(fresh.session.id);

    const ofOwner = anna.owner.session.access ?? '';
    for (const [link, earlier] of [
      [bo.play, expired],
      [anna.play, ofOwner],
      [anna.play, `${expired.slice(0, -1)}_`],
      [anna.play, 'nothing'],
    ] as const) {
      const other = await openWith(link, earlier);
      expect(other.session).toMatchObject({ rights: 'play', log: [] });
      expect([guest.session.id, anna.owner.session.id]).not.toContain(other.session.id);
    }
  });

  it('ends for who opened it and did nothing, too', async () => {
    const { owner, play } = await share('Anna');
    const guest = await viewers.open(play);
    expect((await viewers.get('/viewer/session', guest.pass)).statusCode).toBe(200);
    await viewers.served.server.inject({ method: 'DELETE', url: '/viewer/share', headers: owner.pass });
    expect((await viewers.get('/viewer/session', guest.pass)).statusCode).toBe(410);
  });

  it('leaves nothing behind however often it is opened, and who opens it again has no more requests', async () => {
    const { id, owner, play } = await share('Anna');
    const { viewers: viewersTable } = viewers.served.open.pipeline;
    const guest = await viewers.open(play);
    await viewers.append(guest.pass, 0, named(start));
    const before = await viewersTable.sessionsOf(id);
    // The minute that is counted does not pass.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    // What is asked in a session counts for its link as well.
    for (let asked = 0; asked < 500; asked += 1) await viewers.get('/viewer/remake', guest.pass);
    const statuses: number[] = [];
    for (let opened = 0; opened < 1_000; opened += 50)
      statuses.push(...(await Promise.all(Array.from({ length: 50 }, () => openShared(play)))));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(statuses.indexOf(429)).toBe(statuses.filter((each) => each === 200).length);
    expect(await viewersTable.sessionsOf(id)).toEqual(before);
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
