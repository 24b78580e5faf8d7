import { errors } from '../../../errors/messages.ts';
import { chosenPlaythrough } from '../../../video/story/playthrough.ts';
import { findTemplate } from '../../../video/story/registry.ts';
import { blankInputRows, sourceChanged, removeErased } from '../erasure.ts';
import { chunksOf, takeIn, takeInCancelled, type IntakeContext, type IntakeRow } from '../intake.ts';
import { type Campaign, qualities } from '../campaigns.ts';
import type { Pipeline } from '../pipeline.ts';
import { rememberTemplateCode } from '../plan-context.ts';
import { createPlanner } from '../plan-render.ts';
import type { JobAttempt, JobHandlers } from '../ports.ts';
import { settleCampaigns } from '../settle.ts';
import type { Guard } from './guard.ts';
import { openCampaignRows, renderIdOf, type WatchedVideo } from './campaign-rows.ts';
import { traceOf } from './trace-of.ts';
import { whileWanted } from './while-wanted.ts';

/**
 * Records the rows of campaigns. A campaign may be planned again and again: rows that are recorded are
 * passed over, so that what a worker left in the middle continues there.
 *
 * @param readWatched reads what was watched in a viewer's session.
 */
export function createPlanCampaign(
  pipeline: Pipeline,
  guards: Readonly<Record<'plan-render' | 'plan-campaign', Guard>>,
  readWatched: (session: string) => Promise<WatchedVideo>,
): Pick<JobHandlers, 'plan-render' | 'plan-campaign'> {
  const { registry, hmac, campaigns, people, store, log } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);

  async function contextOf(campaign: Campaign, watched: WatchedVideo | undefined): Promise<IntakeContext> {
    const { template: name, format, asOf, quality, source } = campaign;
    const entry = findTemplate(registry, name);
    if (entry === undefined) {
      throw errors.templateNotHere({ template: name });
    }
    const { template } = entry;
    const choice = { template, format, asOf, encoding: qualities[quality] };
    const path = source.kind === 'record' ? source.path : undefined;
    const walker = watched?.walker ?? (path && chosenPlaythrough(path));
    return {
      campaign,
      template,
      planner: createPlanner({ ...choice, ...(await templateCode(entry)) }, hmac, walker),
      priority: campaign.priority,
      videoId: (row) => renderIdOf(hmac, campaign, row),
    };
  }

  /** What a campaign's rows are to become now: it may be cancelled, or end, while it is planned. */
  async function wantedOf(id: string): Promise<'renders' | 'cancelled' | 'nothing'> {
    const now = await campaigns.find(id);
    if (now?.status.state !== 'planning') return 'nothing';
    return now.cancelling ? 'cancelled' : 'renders';
  }

  /** @returns whether the rows are recorded; not where the campaign ended meanwhile. */
  async function recordChunk(
    context: IntakeContext,
    rows: readonly IntakeRow[],
    signal: AbortSignal,
  ): Promise<boolean> {
    const { id } = context.campaign;
    for (;;) {
      signal.throwIfAborted();
      const wanted = await wantedOf(id);
      if (wanted === 'nothing') return false;
      if (wanted === 'cancelled') {
        await takeInCancelled(pipeline, context, rows);
        return true;
      }
      const taken = await whileWanted(
        async () => (await wantedOf(id)) === 'renders',
        signal,
        async (within) => {
          await takeIn(pipeline, context, rows, within);
          return true;
        },
      );
      if (taken !== undefined) return taken;
    }
  }

  /** @returns whether all rows are recorded; not where the campaign ended meanwhile. */
  async function recordRows(campaign: Campaign, signal: AbortSignal, renew: () => void): Promise<boolean> {
    const { source } = campaign;
    const watched = source.kind === 'session' ? await readWatched(source.session) : undefined;
    const context = await contextOf(campaign, watched);
    const rows = await openCampaignRows(store, campaign, context.template.record, watched);
    for await (const chunk of chunksOf(rows())) {
      if (!(await recordChunk(context, chunk, signal))) return false;
      renew();
    }
    return true;
  }

  /** The same, where the campaign's file is exchanged meanwhile for one without someone who was erased. */
  async function recordAllRows(campaign: Campaign, signal: AbortSignal, renew: () => void): Promise<boolean> {
    try {
      return await recordRows(campaign, signal, renew);
    } catch (error) {
      if (signal.aborted || !(await sourceChanged(pipeline, campaign))) throw error;
      const now = await campaigns.find(campaign.id);
      return now === undefined ? false : recordAllRows(now, signal, renew);
    }
  }

  /** People who were erased are not kept in what the campaign was made from either. */
  async function forgetErased({ id, source }: Campaign): Promise<void> {
    const rows = await people.erasedRows(id);
    if (rows.length === 0) return;
    if (source.kind === 'csv') await blankInputRows(pipeline, id, rows);
    else await people.erase({ render: id }, []);
    try {
      await removeErased(pipeline);
    } catch (error) {
      log.warn('files of erased people are removed later', { campaign: id, trace: traceOf(error) });
    }
  }

  const plan = (guard: Guard, id: string, attempt: JobAttempt): Promise<void> =>
    guard(
      attempt,
      { campaign: id },
      async (signal, renew) => {
        const campaign = await campaigns.find(id);
        if (campaign === undefined) return;
        if (campaign.status.state === 'planning' && (await recordAllRows(campaign, signal, renew))) {
          await forgetErased(campaign);
          await campaigns.planned(id);
          log.info('campaign planned', { campaign: id, kind: campaign.kind, rows: campaign.rows });
        }
        await settleCampaigns(pipeline, [id]);
      },
      async (code, message) => {
        await campaigns.fail(id, code, message);
        log.warn('campaign failed', { campaign: id, code });
        await settleCampaigns(pipeline, [id]);
      },
    );
  return {
    'plan-render': ({ campaign }, attempt) => plan(guards['plan-render'], campaign, attempt),
    'plan-campaign': ({ campaign }, attempt) => plan(guards['plan-campaign'], campaign, attempt),
  };
}
