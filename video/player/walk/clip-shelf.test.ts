import { describe, expect, it } from 'vitest';
import type { ClipViews } from '../../story/engine/viewing.ts';
import { ClipShelf } from './clip-shelf.ts';

const viewOf = (name: string): ClipViews[string] => ({
  url: `/${name}`,
  state: 'stored',
  shared: true,
  durationInFrames: 10,
  cues: [],
  sounds: [],
});
const views = (...names: readonly string[]): ClipViews =>
  Object.fromEntries(names.map((name) => [name, viewOf(name)]));

/** A server that answers when it is told to. */
function newBench(...names: readonly string[]) {
  const asked: string[] = [];
  const answers = new Map<string, (response: Response | Error) => void>();
  const aborted: string[] = [];
  const pauses: number[] = [];
  const gone: string[] = [];

  const shelf = new ClipShelf(views(...names), {
    fetch: (url, signal) =>
      new Promise((resolve, reject) => {
        asked.push(url);
        answers.set(url, (response) => (response instanceof Error ? reject(response) : resolve(response)));
        signal.addEventListener('abort', () => {
          aborted.push(url);
          reject(new DOMException('', 'AbortError'));
        });
      }),
    pause: async (ms) => void pauses.push(ms),
    changed: () => undefined,
    gone: () => void gone.push('gone'),
  });
  const answer = async (url: string, response: Response | Error): Promise<void> => {
    answers.get(url)?.(response);
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { shelf, asked, aborted, pauses, gone, answer };
}

const clip = (): Response => new Response(new Uint8Array(10), { headers: { 'content-length': '10' } });

describe('the shelf', () => {
  it('fetches what is likeliest first, two at a time', async () => {
    const { shelf, asked, answer } = newBench('a', 'b', 'c');
    shelf.want(['a', 'b', 'c']);
    expect(asked).toEqual(['/a', '/b']);
    await answer('/a', clip());
    expect(asked).toEqual(['/a', '/b', '/c']);
    expect(shelf.load('a')).toMatchObject({ whole: true, byteLength: 10 });
    shelf.want(['a', 'b', 'c']);
    expect(asked).toHaveLength(3);
  });

  it('lets go of what nobody wants any more, for what is waited for', async () => {
    const { shelf, asked, aborted } = newBench('a', 'b', 'c');
    shelf.want(['a', 'b']);
    shelf.want(['c', 'b']);
    expect(aborted).toEqual(['/a']);
    expect(asked).toEqual(['/a', '/b', '/c']);
    expect(shelf.load('a')).toBeUndefined();
  });

  it('fetches a clip when it is told of it', () => {
    const { shelf, asked } = newBench();
    shelf.want(['a']);
    expect(asked).toEqual([]);
    shelf.learn(views('a'));
    expect(asked).toEqual(['/a']);
  });

  it('asks again for one that is being made, as often as it is told to', async () => {
    const { shelf, asked, pauses, answer } = newBench('a');
    shelf.want(['a']);
    await answer('/a', new Response(null, { status: 202, headers: { 'retry-after': '3' } }));
    expect(asked).toEqual(['/a', '/a']);
    expect(pauses).toEqual([3000]);
    await answer('/a', clip());
    expect(shelf.load('a')?.whole).toBe(true);
  });

  it('tries again after the network failed, and gives up what the server refuses', async () => {
    const { shelf, asked, answer } = newBench('a');
    shelf.want(['a']);
    await answer('/a', new TypeError('no network'));
    expect([asked.length, shelf.isGone('a')]).toEqual([2, false]);
    for (let refusals = 0; refusals < 3; refusals += 1)
      await answer('/a', new Response(null, { status: 404 }));
    expect([asked.length, shelf.isGone('a')]).toEqual([4, true]);
  });

  it('has itself told anew of a stored clip that is gone, and fetches it from where it is made', async () => {
    const { shelf, asked, gone, answer } = newBench('a');
    shelf.want(['a']);
    await answer('/a', new Response(null, { status: 404 }));
    expect(gone).toEqual(['gone']);
    shelf.learn({ a: { ...viewOf('made/a'), state: 'making' } });
    await answer('/a', new Response(null, { status: 404 }));
    expect(asked.at(-1)).toBe('/made/a');
    await answer('/made/a', clip());
    expect(shelf.load('a')?.whole).toBe(true);
  });
});
