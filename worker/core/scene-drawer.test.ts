import { expect, it } from 'vitest';
import type { FrameDrawer } from './ports.ts';
import { type Inputs, SceneDrawer } from './scene-drawer.ts';

/** What a frame shows and plays, each time it is drawn. */
type Draw = (
  inputs: Inputs,
  frame: number,
  time: number,
) => { readonly shows: string; readonly plays?: string };

async function firstDifference(draw: Draw, alike = false) {
  let time = 0;
  const scales = new Set<number>();
  const renderer: FrameDrawer = {
    drawFrames: async ({ inputs, encoding }, frames, _days, onFrame) => {
      scales.add(encoding.scale);
      time += 1;
      for (const frame of frames) {
        const { shows, plays } = draw(inputs, frame, time);
        onFrame(frame, { picture: Buffer.from(shows), sounds: plays === undefined ? [] : [{ src: plays }] });
      }
      await Promise.resolve();
    },
  };
  const clip = {
    template: 't',
    scene: 's',
    images: {},
    format: '16:9',
    fps: 10,
    durationInFrames: 40,
  } as const;
  const drawer = new SceneDrawer({ renderer, signal: new AbortController().signal }, clip);
  const frames = { all: [10, 11, 12, 13], closely: [10, 13] };
  const at = await drawer.firstDifference(frames, { plan: 'Basic' }, { plan: 'Plus' }, () =>
    Promise.resolve(alike),
  );
  return { at, sizes: scales.size };
}

it('finds no difference where all frames are equal, small and at full size', async () => {
  expect(await firstDifference(() => ({ shows: 'film' }))).toEqual({ at: undefined, sizes: 2 });
});

it('finds the first frame that shows or plays something else', async () => {
  const shows: Draw = ({ plan }, frame) => ({ shows: frame < 12 ? 'film' : `film for ${String(plan)}` });
  expect((await firstDifference(shows, true)).at).toBe(12);
  const plays: Draw = ({ plan }, frame) => ({ shows: 'film', ...(frame === 13 && { plays: String(plan) }) });
  expect((await firstDifference(plays, true)).at).toBe(13);
});

it('takes what browsers draw a little differently now and then for the same', async () => {
  // Once, and not again.
  expect(
    (await firstDifference((_, frame, time) => ({ shows: time === 2 && frame === 11 ? 'edge' : 'film' }))).at,
  ).toBe(undefined);
  const never: Draw = (_, frame, time) => ({ shows: `film ${time}` });
  expect((await firstDifference(never, true)).at).toBe(undefined);
  expect((await firstDifference(never, false)).at).toBe(10);
});
