import { z } from 'zod';
import type { Pipeline } from '../../worker/core/pipeline.ts';

const keyed = z.object({ key: z.string(), scene: z.string(), inputs: z.record(z.string(), z.unknown()) });

/** What a pipeline's parts were asked to make. */
export type PartEvent =
  | { readonly type: 'render'; readonly clip: string; readonly scene: string; readonly inputs: unknown }
  | { readonly type: 'stored'; readonly clip: string }
  | { readonly type: 'joined'; readonly video: string };

/** Reports every render as it begins, every clip once it is on its shelf, every video before it is put there. */
export function watchParts(report: (event: PartEvent) => void): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => ({
    ...pipeline,
    renderer: {
      ...pipeline.renderer,
      renderClip: (clip, file, ...rest) => {
        const { key, scene, inputs } = keyed.parse(clip);
        report({ type: 'render', clip: key, scene, inputs });
        return pipeline.renderer.renderClip(clip, file, ...rest);
      },
    },
    store: {
      ...pipeline.store,
      publish: async (shelf, name, file, options) => {
        if (shelf === 'videos') report({ type: 'joined', video: name });
        await pipeline.store.publish(shelf, name, file, options);
        if (shelf === 'clips') report({ type: 'stored', clip: name.replace('.mp4', '') });
      },
    },
  });
}
