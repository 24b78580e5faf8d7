import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { problemSchema } from '../../../server/schemas/problem.ts';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { knownChangedSchema, knownSchema, shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { eventsAppendedSchema, sessionSchema } from '../../../video/story/viewer-schema.ts';
import type { SessionEvent } from '../../../video/story/engine/take.ts';
import type { KnownChange } from '../../../video/story/engine/viewer-protocol.ts';
import type { RunningWorker } from '../../../worker/compose.ts';
import { stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment, type ServedDeployment } from './server-bench.ts';

/** Whom the clips show that were rendered, in order; not said of those that show nobody. */
const drawn: string[] = [];
let served: ServedDeployment;
let worker: RunningWorker;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  served = await serveDeployment(
    {},
    {
      lookEveryMs: 200,
      exchangeParts: stubParts({
        draw: async (name) => {
          if (typeof name === 'string') drawn.push(name);
          await Promise.resolve();
        },
        assemble: () => Promise.resolve(),
      }),
    },
  );
  headers = await served.keyed('render', 'read');
  worker = await served.open.startWorker();
});

afterAll(async () => {
  await worker.stop('abort');
  await served.close();
});

type Headers = Readonly<Record<string, string>>;

const post = (url: string, payload: object | undefined, more: Headers = {}) =>
  served.server.inject({ method: 'POST', url, headers: more, ...(payload && { payload }) });
const get = (url: string, more: Headers = {}) => served.server.inject({ url, headers: more });
const codeOf = (answer: { readonly body: string }): string =>
  problemSchema.parse(JSON.parse(answer.body)).code;

/** Orders a film and waits for it. */
async function newFilm(record: object, customerId?: string) {
  const body = { template: 'invitation', quality: 'draft', record, ...(customerId && { customerId }) };
  const { id, links } = renderSchema.parse((await post('/v1/renders', body, headers)).json());
  await get(links.events.replace(publicUrl, ''), headers);
  const done = renderSchema.parse((await get(`/v1/renders/${id}`, headers)).json());
  return { id, links: done.links, token: done.links.page?.split('/v/')[1] ?? '' };
}

async function open(token: string) {
  const answer = await post('/viewer/session', { link: token, carry: 'memory' });
  const session = sessionSchema.parse(answer.json());
  return { session, pass: { authorization: `Bearer ${session.access}` } };
}

async function watch(record: object, customerId?: string) {
  const film = await newFilm(record, customerId);
  return { ...film, ...(await open(film.token)) };
}

async function known(pass: Headers) {
  const view = knownSchema.parse((await get('/viewer/known', pass)).json());
  return { ...view, of: (name: string) => view.values.find((value) => value.name === name) };
}

const change = async (pass: Headers, ...changes: readonly KnownChange[]) =>
  knownChangedSchema.parse((await post('/viewer/known', { changes }, pass)).json());

async function append(pass: Headers, after: number, ...events: readonly SessionEvent[]) {
  const sent = events.map((event) => ({ id: randomBytes(6).toString('base64url'), event }));
  const answer = await post('/viewer/events', { run: 0, after, events: sent }, pass);
  return eventsAppendedSchema.parse(answer.json());
}

/** The names that a film's clips show. */
async function shownBy(id: string): Promise<readonly unknown[]> {
  const { renders, clips: clipTable } = served.open.pipeline;
  const path = (await renders.find(id))?.path ?? [];
  const clips = await clipTable.find(path.map(({ clip }) => clip));
  return clips.flatMap(({ inputs }) => inputs['name'] ?? []);
}

const untilShown = (id: string, names: readonly string[]) =>
  vi.waitFor(async () => expect(await shownBy(id)).toEqual(names), { timeout: 20_000, interval: 50 });

/** What is drawn while something happens. */
async function drawnBy(happens: () => Promise<unknown>): Promise<readonly string[]> {
  const before = drawn.length;
  await happens();
  return drawn.slice(before);
}

const holds = (name: string) => served.open.pipeline.store.has('clips', name);
async function clipFiles(id: string): Promise<readonly string[]> {
  const video = await served.open.pipeline.renders.find(id);
  return (video?.path ?? []).map(({ clip }) => `${clip}.mp4`);
}

const start: SessionEvent = { type: 'start' };
const toForm: readonly SessionEvent[] = [start, { type: 'ended', node: 'hello', visit: 1 }];
const live = (value: string): SessionEvent => ({ type: 'answer', node: 'where', visit: 1, frame: 0, value });

describe('a viewer', () => {
  it('is told every value of their film, where it comes from and what they can do about it', async () => {
    const { pass } = await watch({ name: 'Anna', plan: 'Plus', unused: 'kept to itself' });
    const told = await known(pass);
    expect(told.values.map(({ name }) => name).sort()).toEqual(['greeting', 'name', 'plan', 'town']);
    expect(told.of('name')).toEqual({
      name: 'name',
      label: 'Name',
      value: 'Anna',
      source: 'sender',
      correction: { type: 'text', maxLength: expect.any(Number) as number },
      canWithhold: true,
      withheld: false,
      personal: true,
      scenes: ['number'],
    });
    expect(told.of('greeting')).toMatchObject({ value: 'Dear Anna', source: 'derived', label: 'Greeting' });
    expect(told.of('plan')).toMatchObject({
      correction: { type: 'choice', options: ['Basic', 'Plus'] },
      canWithhold: false,
      personal: false,
    });
    expect(told.consents).toEqual([
      {
        variable: 'home',
        label: 'Where you live',
        purpose: 'To send the invitation by post',
        agreed: false,
      },
    ]);
    await append(pass, 0, ...toForm, live('Bree'));
    expect((await known(pass)).of('home')).toMatchObject({ value: 'Bree', source: 'viewer' });
  });

  it('corrects, withholds and restores values; only what differs is rendered, under the same links', async () => {
    const { id, links, pass, session } = await watch({ name: 'Corrie', town: 'Ulm', plan: 'Plus' });
    await append(pass, 0, start);
    const [greeting = ''] = await clipFiles(id);

    const corrected = await drawnBy(async () => {
      expect(await change(pass, { name: 'name', do: 'correct', value: ' Trillian ' })).toMatchObject({
        outcome: 'changed',
        restarts: false,
      });
      await untilShown(id, ['Dear Trillian', 'Ulm', 'Plus']);
    });
    expect(corrected).toEqual(['Dear Trillian']);
    expect((await get(links.video?.replace(publicUrl, '') ?? '')).statusCode).toBe(200);
    await vi.waitFor(async () => expect(await holds(greeting)).toBe(false), { timeout: 10_000 });
    expect(await known(pass).then((view) => view.of('name'))).toMatchObject({
      value: 'Trillian',
      source: 'viewer',
    });

    const withheld = await drawnBy(async () => {
      await change(pass, { name: 'name', do: 'withhold' }, { name: 'town', do: 'withhold' });
      await untilShown(id, ['Dear you', 'Hof', 'Plus']);
    });
    expect(withheld.filter((name) => name !== 'Hof')).toEqual(['Dear you']);
    const told = (await known(pass)).of('name');
    expect(told).toMatchObject({ withheld: true });
    expect(told).not.toHaveProperty('value');

    await change(pass, { name: 'name', do: 'restore' }, { name: 'town', do: 'restore' });
    await untilShown(id, ['Dear Corrie', 'Ulm', 'Plus']);
    expect((await known(pass)).of('name')).toMatchObject({
      value: 'Corrie',
      source: 'sender',
      withheld: false,
    });
    expect((await open(links.page?.split('/v/')[1] ?? '')).session).toMatchObject({ id: session.id, run: 0 });
    const campaign = renderSchema.parse((await get(`/v1/renders/${id}`, headers)).json());
    expect(campaign.status.state).toBe('done');
  });

  it('is told why a change cannot be made, and then none is', async () => {
    const { id, pass } = await watch({ name: 'Dora', plan: 'Plus' });
    const wrong = await change(
      pass,
      { name: 'town', do: 'correct', value: 'Bonn' },
      { name: 'plan', do: 'correct', value: 'Gold' },
      { name: 'plan', do: 'withhold' },
      { name: 'name', do: 'correct', value: 'ཀ' },
      { name: 'greeting', do: 'correct', value: 'Hi' },
      { name: 'name', do: 'correct', value: 'a'.repeat(1_000) },
      { name: 'town', do: 'correct', value: '  ' },
    );
    if (wrong.outcome !== 'refused') throw new Error('It was changed.');
    expect(wrong.faults.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      expect.stringMatching(/^plan: Plan holds "Gold", which /),
      'plan: The video requires this value: Plan.',
      expect.stringMatching(/^name: Name holds “ཀ” \(U\+0F40\), which no bundled font can draw/),
      'greeting: This value is derived from others and cannot be changed.',
      expect.stringMatching(/^name: Name holds "a+…", which has 1000 characters/),
      'town: Town cannot be corrected to this; leave it out instead.',
    ]);
    expect(wrong.faults.map(({ problem }) => problem)).toEqual([
      ...['not-an-option', 'required', 'not-drawable', 'derived', 'too-long', 'empty'],
    ]);
    expect(await shownBy(id)).toEqual(['Dear Dora', 'Hof', 'Plus']);
  });

  it('lets an answer change the record, and only what comes after it is rendered anew', async () => {
    const { id, pass, session } = await watch({ name: 'Ella', town: 'Köln', plan: 'Plus' });
    await append(pass, 0, ...toForm);
    const agreed = await post('/viewer/consent', { variable: 'home', agreed: true }, pass);
    expect(knownSchema.parse(agreed.json()).consents).toMatchObject([{ variable: 'home', agreed: true }]);
    const answered = await drawnBy(async () => {
      expect(await append(pass, 2, live('Gallifrey'))).toMatchObject({ outcome: 'appended' });
      await untilShown(id, ['Dear Ella', 'Gallifrey', 'Plus']);
    });
    expect(answered).toEqual(['Gallifrey']);
    expect((await known(pass)).of('town')).toMatchObject({ value: 'Gallifrey', source: 'viewer' });
    const now = sessionSchema.parse((await get('/viewer/session', pass)).json());
    expect(now).toMatchObject({ id: session.id, run: 0, consents: ['home'] });
    expect(now.log).toHaveLength(3);

    await post('/viewer/consent', { variable: 'home', agreed: false }, pass);
    await untilShown(id, ['Dear Ella', 'Köln', 'Plus']);
    expect((await known(pass)).of('town')).toMatchObject({ value: 'Köln', source: 'sender' });
    expect(codeOf(await post('/viewer/consent', { variable: 'name', agreed: true }, pass))).toBe(
      'request-invalid',
    );
  });

  it('shares a link that plays and does nothing else, until it is withdrawn', async () => {
    const { pass, token } = await watch({ name: 'Fay', plan: 'Basic' });
    const shared = shareSchema.parse((await post('/viewer/share', undefined, pass)).json());
    expect(shareSchema.parse((await post('/viewer/share', undefined, pass)).json())).toEqual(shared);
    const playToken = shared.url.split('/v/')[1] ?? '';
    expect(playToken).not.toContain(token.slice(0, 22));
    expect((await known(pass)).shared).toBe(true);

    const guest = await open(playToken);
    expect(guest.session.rights).toBe('play');
    expect((await get(guest.session.film)).statusCode).toBe(200);
    expect(await append(guest.pass, 0, start)).toMatchObject({ outcome: 'appended' });
    for (const url of ['/viewer/known', '/viewer/known/export']) {
      expect(codeOf(await get(url, guest.pass)), url).toBe('rights-missing');
    }
    const writes = {
      '/viewer/known': { changes: [{ name: 'name', do: 'withhold' }] },
      '/viewer/consent': { variable: 'home', agreed: true },
      '/viewer/share': undefined,
      '/viewer/erase': { confirm: true },
    };
    for (const [url, body] of Object.entries(writes)) {
      expect(codeOf(await post(url, body, guest.pass)), url).toBe('rights-missing');
    }

    const gone = await served.server.inject({ method: 'DELETE', url: '/viewer/share', headers: pass });
    expect(gone.statusCode).toBe(204);
    expect(codeOf(await get('/viewer/session', guest.pass))).toBe('link-ended');
    expect((await get(guest.session.film)).statusCode).toBe(404);
    expect((await post('/viewer/session', { link: playToken, carry: 'memory' })).statusCode).toBe(404);
    expect((await get('/viewer/session', pass)).statusCode).toBe(200);
  });

  it('needs a page of ours for what changes anything with a cookie', async () => {
    const { token } = await newFilm({ name: 'Gil', plan: 'Plus' });
    const opened = await post('/viewer/session', { link: token, carry: 'cookie' });
    const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? '';
    const elsewhere = { cookie, origin: 'https://elsewhere.test', 'sec-fetch-site': 'cross-site' };
    expect(codeOf(await post('/viewer/erase', { confirm: true }, elsewhere))).toBe('origin-refused');
    const ours = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await post('/viewer/erase', {}, ours)).statusCode).toBe(400);
    const erased = await post('/viewer/erase', { confirm: true }, ours);
    expect(erased.statusCode).toBe(200);
    expect(String(erased.headers['set-cookie'])).toMatch(/=; .*Max-Age=0/);
    expect(codeOf(await get('/viewer/session', ours))).toBe('session-missing');
  });
});
