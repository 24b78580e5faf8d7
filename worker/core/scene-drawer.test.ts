import { expect, it } from 'vitest';
import { z } from 'zod';
import { storedAudio } from '../../video/story/scene.ts';
import { audioInput, audioUrl, choice, defineScene, defineTemplate } from '../../video/template.ts';
import type { FrameDrawer } from './ports.ts';
import { heardInScene, type Inputs, saidAt, SceneDrawer } from './scene-drawer.ts';

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

it('finds the frames that play what inputs choose: a file where it starts, a recording from there to the end', () => {
  const film = defineScene({
    inputs: z.object({ plan: z.string(), voice: audioInput }),
    durationInFrames: 20,
    captions: () => [],
    sounds: ({ plan, voice }) => [
      { file: `${plan}.wav`, atFrame: 4 },
      { file: voice, atFrame: 12 },
    ],
  });
  const template = defineTemplate({
    id: 'promo',
    record: {
      plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false }),
      voice: audioUrl({ label: 'Voice', personal: true }),
    },
    scenes: { film },
  });
  const heardWith = (inputs: Inputs) => {
    const cues = heardInScene(template, {
      ...{ node: 'film', scene: 'film', inputs, personal: true, durationInFrames: 20 },
    });
    return Array.from({ length: 20 }, (_, frame) => saidAt(cues, frame));
  };
  const one = storedAudio(`audio-200-${'1'.repeat(64)}`);
  const other = storedAudio(`audio-300-${'2'.repeat(64)}`);
  const base = heardWith({ plan: 'Basic', voice: one });
  const differing = (inputs: Inputs) =>
    heardWith(inputs).flatMap((said, frame) => (said === base[frame] ? [] : [frame]));
  expect(differing({ plan: 'Plus', voice: one })).toEqual([4]);
  expect(differing({ plan: 'Basic', voice: other })).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
});
