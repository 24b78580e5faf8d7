import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { imageUrl, text } from '../../data/fields.ts';
import { list } from '../../data/nested-fields.ts';
import type { ImageMemory } from './clips.ts';
import { hmacWith } from './hmac.ts';
import { ImageBudget, type ImagePipeline, resolveImages } from './image-resolver.ts';
import type { FetchedImage } from './media-sources.ts';

const fields = { photo: imageUrl({ label: 'Photo', personal: true }) };
const { signal } = new AbortController();
const stored = (url: string): FetchedImage => ({
  ...{ ok: true, hash: hmacWith(Buffer.alloc(32))('content', url), file: '/nowhere' },
});

/** A pipeline whose pictures come from a function, and that remembers them. */
function picturesFrom(fetch: (url: string, signal: AbortSignal) => Promise<FetchedImage>) {
  const memories = new Map<string, ImageMemory>();
  const asked: string[] = [];
  const read = async (urlKeys: readonly string[]) => urlKeys.flatMap((key) => memories.get(key) ?? []);
  let now = new Date('2026-11-01T12:00:00Z');
  const pipeline = {
    hmac: hmacWith(Buffer.alloc(32)),
    clock: { now: () => now },
    clips: {
      images: read,
      needImages: read,
      rememberImages: async (images: readonly ImageMemory[]) =>
        images.forEach((image) => memories.set(image.urlKey, image)),
    },
    store: { has: async () => true, scratch: async () => '/nowhere/x.jpg', publish: async () => undefined },
    imageSource: {
      fetch: async (url: string, _scratch: string, within: AbortSignal) => {
        asked.push(url);
        return fetch(url, within);
      },
    },
  } as unknown as ImagePipeline;
  return { pipeline, asked, memories, later: (minutes: number) => (now = new Date(+now + minutes * 60_000)) };
}

const records = (urls: readonly string[]) => urls.map((photo) => ({ photo }));
const numbered = (host: string, count: number) =>
  Array.from({ length: count }, (_, index) => `https://${host}/${index}.jpg`);

it('resolves pictures in lists under their places, each address once', async () => {
  const { pipeline, asked } = picturesFrom(async (url) =>
    url.includes('gone') ? { ok: false, reason: 'was not found', retryable: false } : stored(url),
  );
  const own = { personal: false } as const;
  const products = list({
    label: 'Products',
    fields: { name: text({ ...own, label: 'Name' }), picture: imageUrl({ ...own, label: 'Picture' }) },
  });
  const mug = { name: 'Mug', picture: 'https://a.example/mug.jpg' };
  const record = { products: [mug, { name: 'Cap' }, { ...mug, picture: 'https://a.example/gone.jpg' }, mug] };
  const [resolved] = await resolveImages(pipeline, { products }, [record], { signal, needed: true });
  expect(asked).toHaveLength(2);
  expect(Object.keys(resolved?.images ?? {})).toEqual([0, 2, 3].map((at) => `products[${at}].picture`));
  expect(resolved?.images['products[3].picture']).toEqual(resolved?.images['products[0].picture']);
  expect(resolved?.warnings).toEqual([
    {
      code: 'image-unavailable',
      field: 'products[2].picture',
      message: 'Products 3, Picture: was not found; the fallback is shown instead.',
    },
  ]);
});

describe('pictures within a budget', () => {
  it('are fetched once each, as many as it allows, and the next forecast continues there', async () => {
    const { pipeline, asked } = picturesFrom(async (url) => stored(url));
    const urls = numbered('a.example', 5);
    const look = async (pictures: number) => {
      const budget = new ImageBudget({ pictures, ms: 10_000 });
      const resolved = await resolveImages(pipeline, fields, records([...urls, ...urls]), {
        ...{ signal, needed: false, budget },
      });
      return { resolved, counts: budget.counts() };
    };
    const first = await look(3);
    expect(first.counts).toEqual({ distinct: 5, looked: 3 });
    expect(asked).toEqual(urls.slice(0, 3));
    expect(first.resolved.flatMap(({ warnings }) => warnings)).toEqual([]);
    const hashes = first.resolved.map(({ images }) => JSON.stringify(images.photo));
    expect(new Set(hashes).size).toBe(5);
    expect((await look(3)).counts).toEqual({ distinct: 5, looked: 5 });
    expect((await look(3)).counts).toEqual({ distinct: 5, looked: 5 });
    expect(asked).toEqual(urls);

    await resolveImages(pipeline, fields, records(urls), { signal, needed: true });
    expect(asked).toEqual(urls);
  });

  it('are left when the time is up, even one that drips, and what came until then is known', async () => {
    const { pipeline, memories } = picturesFrom(async (url, within) => {
      if (!url.includes('slow')) return stored(url);
      await sleep(60_000, undefined, { signal: within }).catch(() => undefined);
      return stored(url);
    });
    const budget = new ImageBudget({ pictures: 100, ms: 200 });
    const urls = [...numbered('slow.example', 50), ...numbered('fast.example', 20)];
    const began = performance.now();
    await resolveImages(pipeline, fields, records(urls), { signal, needed: false, budget });
    expect(performance.now() - began).toBeLessThan(5_000);
    // One host took no place from the other, and nothing of it is kept that came too late.
    expect(budget.counts()).toEqual({ distinct: 70, looked: 20 });
    await sleep(50);
    expect(memories.size).toBe(20);
    await resolveImages(pipeline, fields, records(numbered('late.example', 1)), {
      ...{ signal, needed: false, budget },
    });
    expect(budget.counts()).toEqual({ distinct: 71, looked: 20 });
  });

  it('that cannot be had are known for minutes, and a campaign tries them again at once', async () => {
    const { pipeline, asked, later } = picturesFrom(async () => ({
      ...{ ok: false, reason: 'the server answered 404', retryable: false },
    }));
    const urls = numbered('a.example', 1);
    const look = () =>
      resolveImages(pipeline, fields, records(urls), {
        ...{ signal, needed: false, budget: new ImageBudget({ pictures: 9, ms: 1_000 }) },
      });
    for (const resolved of [await look(), await look()]) {
      expect(resolved).toMatchObject([
        { images: { photo: { kind: 'absent' } }, warnings: [{ code: 'image-unavailable', field: 'photo' }] },
      ]);
    }
    expect(asked).toHaveLength(1);
    await resolveImages(pipeline, fields, records(urls), { signal, needed: true });
    expect(asked).toHaveLength(2);
    later(15);
    await look();
    expect(asked).toHaveLength(3);
  });

  it('are fetched from one host a few at a time', async () => {
    let [running, most] = [0, 0];
    const { pipeline } = picturesFrom(async (url) => {
      running += 1;
      most = Math.max(most, running);
      await sleep(2);
      running -= 1;
      return stored(url);
    });
    await resolveImages(pipeline, fields, records(numbered('a.example', 60)), { signal, needed: true });
    expect(most).toBe(6);
  });
});
