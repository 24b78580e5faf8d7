import type { BespokeError } from '../../errors/bespoke-error.ts';
import type { WatchedVideo } from './campaign-context.ts';
import { createAssembleVideo } from './jobs/assemble-video.ts';
import { createDrawStill } from './jobs/draw-still.ts';
import { createGuard, type Guard, type JobWatch } from './jobs/guard.ts';
import { createPlanCampaign } from './jobs/plan-campaign.ts';
import { createProveCut } from './jobs/prove-cut.ts';
import { createRenderClip } from './jobs/render-clip.ts';
import { createTakePictures } from './jobs/take-pictures.ts';
import type { Pipeline } from './pipeline.ts';
import type { JobHandlers, JobName } from './ports.ts';
import type { ReplanWithdrawn } from './replan-withdrawn.ts';

/**
 * What a worker does with jobs.
 *
 * @param deliverWebhook knows the way to targets, which the others do not need.
 * @param halt is called with failures of the machine (disk full, no browser) that no job survives.
 * @param watch keeps every job within its time limit.
 * @param replan plans again what was planned with cuts that were withdrawn.
 * @param readWatched reads what was watched in a viewer's session, which only those who know viewers can do.
 */
export function createJobHandlers(
  pipeline: Pipeline,
  deliverWebhook: JobHandlers['deliver-webhook'],
  halt: (error: BespokeError) => void,
  watch: JobWatch,
  replan: ReplanWithdrawn,
  readWatched: (session: string) => Promise<WatchedVideo>,
): JobHandlers {
  const guard = (name: JobName): Guard => createGuard(name, pipeline, watch, halt);
  return {
    'render-clip': createRenderClip(pipeline, guard('render-clip')),
    'assemble-video': createAssembleVideo(pipeline, guard('assemble-video')),
    'take-pictures': createTakePictures(pipeline, guard('take-pictures')),
    'draw-still': createDrawStill(pipeline, guard('draw-still')),
    ...createPlanCampaign(
      pipeline,
      { 'plan-render': guard('plan-render'), 'plan-campaign': guard('plan-campaign') },
      readWatched,
    ),
    'prove-cut': createProveCut(pipeline, guard('prove-cut'), replan),
    'deliver-webhook': (job, attempt) =>
      watch.run('deliver-webhook', attempt.signal, (signal) => deliverWebhook(job, { ...attempt, signal })),
  };
}
