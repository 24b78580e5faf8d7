import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../../errors/bespoke-error.ts';
import type { Playthrough } from '../../video/story/playthrough.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { chunksOf, takeIn, type IntakeContext, type IntakeRow } from './intake.ts';
import type { Campaign, CampaignProgress, VideoEntry } from './ledger.ts';
import type { Pipeline } from './pipeline.ts';
import { createPlanContext } from './plan-context.ts';
import { createPlanner } from './plan-video.ts';
import type { Destination, Encoding, Priority } from './ports.ts';
import { reconcile } from './reconcile.ts';
import { missingPictures, videoFiles } from './video.ts';

/** What to make of which rows, and where it goes. */
export interface CampaignRequest {
  readonly entry: RegistryEntry;
  readonly format: Format;
  readonly encoding: Encoding;
  /** ISO date; a continued campaign keeps the one it began with. */
  readonly asOf: string;
  /** Identifies the input's content, so that the same command continues and a changed file begins anew. */
  readonly source: string;
  readonly destination: Destination;
  readonly priority: Priority;
  readonly rows: () => AsyncIterable<IntakeRow>;
  /** Decides for the viewers, as `source` identifies too; unset: nobody does. */
  readonly walker?: Playthrough;
}

export type CampaignEvent =
  | { readonly type: 'opened'; readonly campaign: Campaign; readonly continued: boolean }
  | { readonly type: 'taken-in'; readonly rows: number; readonly complete: boolean }
  | { readonly type: 'delivered'; readonly video: VideoEntry }
  | { readonly type: 'progress'; readonly progress: CampaignProgress };

const pollMs = 300;
/** Without any change for so long, what the ledger wants is queued once more. */
const quietMs = 60_000;

/** Hands a video over. @returns false, with the video being made again, when the store lost its files. */
async function deliverVideo(
  { ledger, queue }: Pipeline,
  { id, fileName, status, warnings }: VideoEntry,
  key: string,
  { destination, priority }: Pick<CampaignRequest, 'destination' | 'priority'>,
): Promise<boolean> {
  if (status.state === 'skipped') return true;
  try {
    await destination.deliver(fileName, videoFiles(key), missingPictures(warnings));
    return true;
  } catch (error) {
    if (!hasCode(error, 'stored-file-missing')) throw error;
    await ledger.reopenVideo(id);
    await queue.add([{ job: { name: 'assemble-video', video: id }, priority }]);
    return false;
  }
}

/** Hands over the files of rows that have ended well. @returns whether there were any. */
async function deliverFinished(
  pipeline: Pipeline,
  { id }: Campaign,
  request: CampaignRequest,
  observe: (event: CampaignEvent) => void,
): Promise<boolean> {
  const { ledger } = pipeline;
  const finished = await ledger.undelivered(id, 200, request.destination.withPictures);
  const delivered: (VideoEntry & { readonly key: string })[] = [];
  for (const video of finished) {
    const { key } = video;
    if (key === undefined) continue;
    if (await deliverVideo(pipeline, video, key, request)) delivered.push({ ...video, key });
  }
  if (delivered.length > 0) await ledger.markDelivered(request.destination.name, delivered);
  for (const video of delivered) observe({ type: 'delivered', video });
  return delivered.length > 0;
}

/** Watches a campaign until every row that was taken in has ended and been handed over. */
async function watch(
  pipeline: Pipeline,
  campaign: Campaign,
  request: CampaignRequest,
  intake: { readonly complete: boolean },
  observe: (event: CampaignEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastChange = pipeline.clock.now().getTime();
  let lastSeen = '';
  for (;;) {
    signal.throwIfAborted();
    const complete = intake.complete;
    const handedOver = await deliverFinished(pipeline, campaign, request, observe);
    const progress = await pipeline.ledger.progress(campaign.id);
    observe({ type: 'progress', progress });
    const coming = request.destination.withPictures ? progress.coming : 0;
    const open = progress.rows.waiting + progress.rows.ready + coming;
    if (complete && open === 0 && !handedOver) return;

    const now = pipeline.clock.now().getTime();
    const seen = JSON.stringify(progress);
    if (seen !== lastSeen) [lastChange, lastSeen] = [now, seen];
    if (now - lastChange > quietMs) {
      await reconcile(pipeline);
      lastChange = now;
    }
    // An abort ends the pause; its own reason is thrown above.
    if (!handedOver) await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Runs a campaign to its end: plans and queues its rows while workers render, and hands each video
 * over as it is finished. Ending early (by `signal`) loses nothing; the same request continues.
 *
 * @returns the campaign, whose rows the ledger now holds in an end state.
 */
export async function runCampaign(
  pipeline: Pipeline,
  request: CampaignRequest,
  observe: (event: CampaignEvent) => void,
  signal: AbortSignal,
): Promise<Campaign> {
  const { ledger, keyring } = pipeline;
  const { entry, format, encoding, destination, priority } = request;
  const planContext = await createPlanContext(pipeline, entry, request);
  const identity = keyring('campaign', {
    template: entry.template.id,
    version: entry.template.version,
    contract: await pipeline.renderer.codeHash(entry.template.id),
    code: Object.fromEntries(planContext.codeHashes),
    engine: planContext.engineVersion,
    format,
    encoding,
    source: request.source,
    destination: destination.name,
  });
  const { campaign, continued } = await ledger.openCampaign({
    id: randomUUID(),
    identity,
    template: entry.template.id,
    format,
    asOf: request.asOf,
  });
  observe({ type: 'opened', campaign, continued });

  const planner = createPlanner({ ...planContext, asOf: campaign.asOf }, keyring, request.walker);
  const context: IntakeContext = {
    campaign,
    template: entry.template,
    planner,
    destination,
    priority,
    videoId: () => randomUUID(),
  };
  const intake = { complete: false };
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);

  async function takeInAll(): Promise<void> {
    let rows = 0;
    for await (const chunk of chunksOf(request.rows())) {
      either.throwIfAborted();
      await takeIn(pipeline, context, chunk, either);
      rows += chunk.length;
      observe({ type: 'taken-in', rows, complete: false });
    }
    intake.complete = true;
    observe({ type: 'taken-in', rows, complete: true });
  }

  const work = [takeInAll(), watch(pipeline, campaign, request, intake, observe, either)];
  try {
    await Promise.all(work);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(work);
    throw error;
  }
  await ledger.finishCampaign(campaign.id);
  return campaign;
}
