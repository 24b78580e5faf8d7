import pMap from 'p-map';
import { hasCode } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { Still } from '../../../video/story/path.ts';
import type { Pipeline } from '../pipeline.ts';
import type { JobHandlers, TeaserStrip } from '../ports.ts';
import { type PlannedRender, renderFiles } from '../renders.ts';
import type { RenderPicture } from '../render-schema.ts';
import { stillName } from '../clips.ts';
import type { Guard } from './guard.ts';
import { withScratch } from './with-scratch.ts';

const atOnce = { concurrency: 4 };
const derived = { derived: true };

/** The key of the clip at a step of the path. */
export function clipAt({ id, path }: Pick<PlannedRender, 'id' | 'path'>, step: number): string {
  const clip = path[step]?.clip;
  if (clip === undefined) throw new Error(`Video ${id} has no step ${step}.`);
  return clip;
}

/**
 * A picture of a clip as a local file: the one that was kept when the clip was drawn, or else one that is
 * taken from the clip and kept from now on.
 */
async function fetchStill(
  { store, media, clips }: Pipeline,
  clip: string,
  still: Still,
  fps: number,
): Promise<string> {
  const name = stillName(clip, still);
  try {
    return await store.fetch('stills', name);
  } catch (error) {
    if (!hasCode(error, 'stored-file-missing')) throw error;
  }
  const file = await store.fetch('clips', `${clip}.mp4`);
  // Recorded first: what is on the store must be known, so that it can be erased with its clip.
  if (!(await clips.addStill(clip, still))) {
    throw errors.clipErased();
  }
  await withScratch(store, 'jpg', async (picture) => {
    await media.takeStill(file, still, fps, picture);
    await store.publish('stills', name, picture, derived);
  });
  return store.fetch('stills', name);
}

/** Puts a video's poster on the store from the picture of its clip. */
async function publishPoster(pipeline: Pipeline, render: PlannedRender): Promise<void> {
  const { poster } = render.stills;
  const clip = clipAt(render, poster.step);
  await fetchStill(pipeline, clip, poster.still, render.sound.fps);
  await pipeline.store.copy(
    { namespace: 'stills', name: stillName(clip, poster.still) },
    { namespace: 'posters', name: renderFiles(render.key).poster },
  );
}

async function publishTeaser(pipeline: Pipeline, render: PlannedRender): Promise<void> {
  const { store, media } = pipeline;
  const { teaser, teaserRate } = render.stills;
  const strips = await pMap(
    teaser,
    async ({ step, still }): Promise<TeaserStrip> => ({
      file: await fetchStill(pipeline, clipAt(render, step), still, render.sound.fps),
      count: still.count,
    }),
    atOnce,
  );
  await withScratch(store, 'gif', async (file) => {
    await media.teaser(strips, teaserRate, file);
    await store.publish('teasers', renderFiles(render.key).teaser, file, derived);
  });
}

const publishers = {
  poster: publishPoster,
  teaser: publishTeaser,
} as const satisfies Record<RenderPicture, (pipeline: Pipeline, render: PlannedRender) => Promise<void>>;

/** Makes pictures that a done video still lacks. */
export async function takePictures(
  pipeline: Pipeline,
  render: PlannedRender,
  coming: readonly RenderPicture[],
): Promise<void> {
  for (const picture of coming) await publishers[picture](pipeline, render);
  await pipeline.renders.endPictures(render, coming);
}

/**
 * Makes the pictures that were missing from the store, or could not be made when their video was assembled. A
 * video whose pictures cannot be made stays done; a warning says what is missing.
 */
export function createTakePictures(pipeline: Pipeline, guard: Guard): JobHandlers['take-pictures'] {
  const { renders, log } = pipeline;

  return ({ render: id }, attempt) =>
    guard(
      attempt,
      { render: id },
      async () => {
        const failures = new Map<string, unknown>();
        for (;;) {
          // Read again each time: a picture may be missed, or the render remade, while another one is made.
          const found = await renders.findPlanned(id);
          if (found?.planned === undefined) break;
          const { coming, planned } = found;
          const picture = coming.find((each) => !failures.has(`${planned.key} ${each}`));
          if (picture === undefined) break;
          try {
            await takePictures(pipeline, planned, [picture]);
          } catch (error) {
            // One that fails keeps no other from being made.
            failures.set(`${planned.key} ${picture}`, error);
          }
        }
        for (const error of failures.values()) throw error;
        log.debug('pictures taken', { render: id });
      },
      async (_code, message) => {
        const found = await renders.find(id);
        if (found?.key === undefined) return;
        const warnings = found.coming.map((field) => ({
          code: 'picture-unavailable' as const,
          field,
          message: `The ${field} could not be made: ${message}`,
        }));
        await renders.endPictures({ id, key: found.key }, found.coming, warnings);
      },
    );
}
