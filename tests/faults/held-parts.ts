import { appendFile, stat, truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import type { HoldPoint } from './process-task.ts';

/** More than two parts of an upload. */
const largeBytes = 20_000_000;

/** A box that players pass over, at the end of a video. */
function freeBox(bytes: number): Buffer {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes, 0);
  box.write('free', 4, 'latin1');
  return box;
}

/** Resolves once somebody has written to the file. */
async function untilWritten(file: string): Promise<void> {
  for (;;) {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size > 0) return;
    await sleep(20);
  }
}

/** Lets a pipeline stop for ever at one point of its work, having said so. */
export function holdParts(at: HoldPoint | undefined, hanging: () => void): (pipeline: Pipeline) => Pipeline {
  const forEver = (): Promise<never> => {
    hanging();
    return new Promise(() => undefined);
  };
  return (pipeline) => {
    const { renderer, media, campaigns, webhooks, queue } = pipeline;
    switch (at) {
      case undefined:
        return pipeline;
      case 'clip':
        return {
          ...pipeline,
          renderer: {
            ...renderer,
            renderClip: async (clip, file, signal) => {
              void untilWritten(file).then(hanging);
              await renderer.renderClip({ ...clip, durationInFrames: 1_000_000 }, file, signal);
            },
          },
        };
      case 'assembly':
        return {
          ...pipeline,
          media: {
            ...media,
            assemble: async (clips, mix, file) => {
              await media.assemble(clips, mix, file);
              await truncate(file, Math.floor((await stat(file)).size / 2));
              await forEver();
            },
          },
        };
      case 'teaser':
        return { ...pipeline, media: { ...media, teaser: forEver } };
      case 'large-video':
        return {
          ...pipeline,
          media: {
            ...media,
            assemble: async (clips, mix, file) => {
              await media.assemble(clips, mix, file);
              await appendFile(file, freeBox(largeBytes));
            },
          },
        };
      case 'settle':
        return { ...pipeline, campaigns: { ...campaigns, settle: forEver } };
      case 'note':
        return { ...pipeline, webhooks: { ...webhooks, recordAttempt: forEver } };
      case 'queue':
        return { ...pipeline, queue: { ...queue, add: forEver } };
      case 'erase':
        return { ...pipeline, people: { ...pipeline.people, erase: forEver } };
      case 'remove':
        return { ...pipeline, store: { ...pipeline.store, remove: forEver } };
      default:
        return at satisfies never;
    }
  };
}
