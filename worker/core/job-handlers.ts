import type { BespokeError } from '../../errors/bespoke-error.ts';
import { createAssembleVideo } from './jobs/assemble-video.ts';
import { createGuard } from './jobs/guard.ts';
import { createPlanOrder } from './jobs/plan-order.ts';
import { createRenderClip } from './jobs/render-clip.ts';
import { createTakePictures } from './jobs/take-pictures.ts';
import type { Pipeline } from './pipeline.ts';
import type { JobHandlers } from './ports.ts';

/**
 * What a worker does with jobs.
 *
 * @param deliverWebhook knows the way to targets, which the others do not need.
 * @param halt is told of failures of the machine (disk full, no browser) that no job survives.
 */
export function createJobHandlers(
  pipeline: Pipeline,
  deliverWebhook: JobHandlers['deliver-webhook'],
  halt: (error: BespokeError) => void,
): JobHandlers {
  const guard = createGuard(pipeline, halt);
  return {
    'render-clip': createRenderClip(pipeline, guard),
    'assemble-video': createAssembleVideo(pipeline, guard),
    'take-pictures': createTakePictures(pipeline, guard),
    ...createPlanOrder(pipeline, guard),
    'deliver-webhook': deliverWebhook,
  };
}
