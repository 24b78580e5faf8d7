import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sessionSchema } from '../../../video/story/viewer-schema.ts';
import { s3Config } from '../../conformance/store-kinds.ts';
import { answerTown, homeOf, named, serveViewers, toTown, type ServedViewers } from './viewer-bench.ts';

const stores = [
  ['a folder', () => ({})],
  ['a bucket', () => ({ store: s3Config(inject('s3'), { cacheBytes: 0 }) })],
] as const;

describe.each(stores)('a clip that is gone from %s', (_store, config) => {
  let viewers: ServedViewers;
  beforeAll(async () => {
    viewers = await serveViewers(undefined, config());
  });
  afterAll(() => viewers.close());

  const holds = (key: string) => viewers.served.open.pipeline.store.has('clips', `${key}.mp4`);
  async function lose(url: string): Promise<string> {
    const key = /[0-9a-f]{64}/.exec(url)?.[0] ?? '';
    expect(await holds(key)).toBe(true);
    await viewers.served.open.pipeline.store.remove('clips', `${key}.mp4`);
    return key;
  }

  it('is made again for the viewer who asks for it, before they are answered', async () => {
    const { pass } = await viewers.open((await viewers.newFilm('Anna')).token);
    const { clips } = await viewers.append(pass, 0, named(...toTown, answerTown('Kiel')));
    const { url = '' } = clips[homeOf('Kiel')] ?? {};
    expect((await viewers.get(url, pass)).body).toBe('Kiel');
    const drawn = viewers.drawn.length;
    const key = await lose(url);
    const again = await viewers.get(url, pass);
    expect([again.statusCode, again.body]).toEqual([200, 'Kiel']);
    expect(viewers.drawn.slice(drawn)).toEqual(['Kiel']);
    expect(await holds(key)).toBe(true);
  });

  it('is made again where it is about nobody, as soon as a viewer comes to it', async () => {
    const { session, pass } = await viewers.open((await viewers.newFilm('Bo')).token);
    const { url = '' } = session.clips['["way","own",{}]'] ?? {};
    expect(url).toMatch(/^\/c\//);
    expect((await viewers.get(url)).statusCode).toBe(200);
    await lose(url);
    expect((await viewers.get(url)).json()).toMatchObject({ code: 'clip-unavailable' });
    const opened = sessionSchema.parse((await viewers.get('/viewer/session', pass)).json());
    expect(opened.clips['["way","own",{}]']).toBeUndefined();
    const asked = await viewers.append(pass, 0, []);
    const clip = asked.clips['["way","own",{}]'];
    expect(clip).toMatchObject({ state: 'making', shared: true });
    expect((await viewers.get(clip?.url ?? '', pass)).statusCode).toBe(200);
    expect((await viewers.get(url)).statusCode).toBe(200);
  });

  it('is made again for the film that is joined from it', async () => {
    const { pipeline } = viewers.served.open;
    const one = await viewers.newFilm('Cleo', 'frame-counter');
    const film = await pipeline.renders.find(one.id);
    const keys = new Set(film?.path.map(({ clip }) => clip));
    for (const key of keys) await lose(key);
    await pipeline.store.remove('videos', `${film?.key}.mp4`);
    const two = await viewers.newFilm('Cleo', 'frame-counter');
    expect((await viewers.report(two.id)).status).toMatchObject({ state: 'done' });
    for (const key of keys) expect(await holds(key)).toBe(true);
  });
});
