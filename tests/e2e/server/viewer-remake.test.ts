import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { problemSchema } from '../../../server/schemas/problem.ts';
import { renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { knownChangedSchema, knownSchema, shareSchema } from '../../../video/story/viewer-data-schema.ts';
import { remakeSchema, sessionSchema } from '../../../video/story/viewer-schema.ts';
import type { KnownChange } from '../../../video/story/engine/viewer-protocol.ts';
import { renderFiles } from '../../../worker/core/renders.ts';
import { searchFolder } from '../search-everywhere.ts';
import { publicUrl } from './server-bench.ts';
import { hookOrigin, named, serveViewers, type ServedViewers } from './viewer-bench.ts';

let viewers: ServedViewers;

beforeAll(async () => {
  viewers = await serveViewers();
});
afterAll(() => viewers.close());

type Headers = Readonly<Record<string, string>>;

/** Orders a film of Zaphodine, and opens its session. */
async function watch(webhookUrl?: string) {
  const record = { town: 'Ulm', plan: 'Plus' };
  const film = await viewers.newFilm('Zaphodine', 'invitation', record, webhookUrl ? { webhookUrl } : {});
  const opened = await viewers.open(film.token);
  await viewers.append(opened.pass, 0, named({ type: 'start' }));
  return { ...film, ...opened };
}

const correct = (value: string): KnownChange => ({ name: 'name', do: 'correct', value });
const withhold = (name: string): KnownChange => ({ name, do: 'withhold' });

const change = async (pass: Headers, ...changes: readonly KnownChange[]) =>
  knownChangedSchema.parse((await viewers.post('/viewer/known', { changes }, pass)).json());

async function remake(pass: Headers, method: 'GET' | 'POST' = 'GET'): Promise<string> {
  const answer = await viewers.served.server.inject({ method, url: '/viewer/remake', headers: pass });
  return remakeSchema.parse(answer.json()).state;
}

const untilRemade = (pass: Headers, state: string) =>
  vi.waitFor(async () => expect(await remake(pass)).toBe(state), { timeout: 30_000, interval: 200 });

/** How each file of a film is answered: a status, and why where it is none. */
async function answersOf(links: Readonly<Record<string, string | undefined>>) {
  const files = ['video', 'poster', 'teaser', 'captions'];
  return Promise.all(
    files.map(async (kind) => {
      const answer = await viewers.get(links[kind]?.replace(publicUrl, '') ?? '');
      if (answer.statusCode === 200) return 200;
      return problemSchema.parse(JSON.parse(answer.body)).code;
    }),
  );
}

const all = <T>(each: T): readonly T[] => [each, each, each, each];

const sessionOf = async (pass: Headers) =>
  sessionSchema.parse((await viewers.get('/viewer/session', pass)).json());

/** Every word that is told and made of a film. */
async function toldAndMade({ token, pass }: { readonly token: string; readonly pass: Headers }) {
  const page = await viewers.get(`/v/${token}`);
  const session = await viewers.get('/viewer/session', pass);
  const { clips } = sessionSchema.parse(session.json());
  const made = await Promise.all(
    Object.values(clips).map(async ({ url, state }) =>
      state === 'stored' ? (await viewers.get(url, pass)).body : '',
    ),
  );
  return [page.body, session.body, ...made].join('\n');
}

it('a queued render whose person is erased ends, and its webhook goes with them', async () => {
  const { pipeline } = viewers.served.open;
  const key = await viewers.served.keyed('admin');
  onTestFinished(viewers.gate.open);
  viewers.gate.close();
  const campaign = {
    ...{ template: 'invitation', quality: 'draft', record: { name: 'Slartibartfast', plan: 'Plus' } },
    ...{ customerId: 'c-Slarti', webhookUrl: `${hookOrigin}/hook?of=Slartibartfast` },
  };
  const { id } = renderSchema.parse((await viewers.post('/v1/renders', campaign, key)).json());
  await expect.poll(() => viewers.drawn.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const erased = await viewers.post('/v1/people/erase', { customerId: 'c-Slarti' }, key);
  expect(erased.json()).toMatchObject({ removed: { videos: 1, records: 1 } });
  expect((await viewers.report(id)).status).toMatchObject({ state: 'skipped', reason: 'erased' });
  viewers.gate.open();
  await vi.waitFor(async () => expect((await pipeline.campaigns.find(id))?.status.state).toBe('finished'));
  expect(await pipeline.webhooks.list({ order: id }, undefined, 10)).toMatchObject({ deliveries: [] });
});

describe('a film whose viewer withholds a value', () => {
  it('is not shown as it was, whether it is being made anew, cannot be made, or is there', async () => {
    const { deployment, open } = viewers.served;
    const { pipeline, metrics } = open;
    const film = await watch(`${hookOrigin}/hook`);
    const { id, links, pass, session } = film;
    expect(await answersOf(links)).toEqual(all(200));
    expect(await toldAndMade(film)).toContain('Zaphodine');
    const old = renderFiles((await pipeline.renders.find(id))?.key ?? '');
    const greeting = session.clips['["hello","own",{}]']?.url ?? '';
    expect((await viewers.get(greeting, pass)).body).toBe('Dear Zaphodine');

    viewers.gate.close();
    expect(await change(pass, withhold('name'))).toMatchObject({ outcome: 'changed' });
    expect(await answersOf(links)).toEqual(all('film-in-making'));
    expect(await sessionOf(pass)).toMatchObject({ remake: 'making', film: '', poster: '' });
    expect((await viewers.get(greeting, pass)).statusCode).toBe(404);
    expect(await toldAndMade(film)).not.toContain('Zaphodine');
    expect((await viewers.get(`/v/${film.token}`)).body).toContain('is being made again');
    expect((await viewers.report(id)).status).toMatchObject({ state: 'rendering' });

    viewers.broken.add('Dear you');
    viewers.gate.open();
    await untilRemade(pass, 'failed');
    expect(await answersOf(links)).toEqual(all('film-not-made'));
    expect((await viewers.get(greeting, pass)).statusCode).toBe(404);
    expect(await toldAndMade(film)).not.toContain('Zaphodine');
    expect((await viewers.get(`/v/${film.token}`)).body).toContain('could not be made with your changes');
    expect((await viewers.report(id)).status).toMatchObject({ state: 'failed', code: 'scene-failed' });
    expect(await metrics.expose()).toMatch(/bespoke_videos_total\{outcome="failed"\} [1-9]/);
    const events = async () =>
      (await pipeline.webhooks.list({ order: id }, undefined, 10)).deliveries.map(({ event }) => event);
    await vi.waitFor(async () => expect(await events()).toEqual(['render.failed', 'render.done']));
    for (const [shelf, name] of [
      ['videos', old.video],
      ['posters', old.poster],
      ['teasers', old.teaser],
      ['captions', old.captions],
    ] as const) {
      expect(await pipeline.store.has(shelf, name), shelf).toBe(false);
    }
    expect(await searchFolder(path.join(deployment.folder, 'store'), ['Zaphodine'])).toEqual([]);

    expect(await remake(pass, 'POST')).toBe('making');
    await untilRemade(pass, 'failed');
    viewers.broken.delete('Dear you');
    expect(await remake(pass, 'POST')).toBe('making');
    await untilRemade(pass, 'none');
    expect(await answersOf(links)).toEqual(all(200));
    expect(await toldAndMade(film)).not.toContain('Zaphodine');
    expect((await sessionOf(pass)).film).toMatch(/^\/f\/.+\?film=[0-9a-f]{16}$/);
    expect((await viewers.report(id)).status.state).toBe('done');
    await vi.waitFor(async () =>
      expect(await events()).toEqual(['render.done', 'render.failed', 'render.done']),
    );
    expect(await remake(pass, 'POST')).toBe('none');
  });

  it('does not come back for those who only watch, who are told and can try nothing', async () => {
    const { pass, links } = await watch();
    const shared = shareSchema.parse((await viewers.post('/viewer/share', {}, pass)).json());
    const guest = await viewers.open(shared.url.split('/v/')[1] ?? '');
    viewers.broken.add('Dear Ford');
    await change(pass, correct('Ford'));
    await untilRemade(pass, 'failed');
    expect((await viewers.get(guest.session.film)).json()).toMatchObject({ code: 'film-not-made' });
    expect(await sessionOf(guest.pass)).toMatchObject({ rights: 'play', remake: 'failed', film: '' });
    const tried = await viewers.post('/viewer/remake', {}, guest.pass);
    expect(tried.json()).toMatchObject({ code: 'rights-missing' });

    // Correcting it otherwise is another way out of it.
    await change(pass, correct('Trillian'));
    await untilRemade(pass, 'none');
    expect((await viewers.get(guest.session.film)).statusCode).toBe(200);
    expect(await answersOf(links)).toEqual(all(200));
  });

  it('keeps every change of two tabs that make one each at the same moment', async () => {
    const { pass } = await watch();
    await Promise.all([change(pass, withhold('name')), change(pass, withhold('town'))]);
    const { values } = knownSchema.parse((await viewers.get('/viewer/known', pass)).json());
    expect(
      values
        .filter(({ withheld }) => withheld)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['name', 'town']);
    await untilRemade(pass, 'none');
  });
});
