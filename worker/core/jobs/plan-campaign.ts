import { checkBody } from '../../../data/check-record.ts';
import { readRows } from '../../../data/csv/read-rows.ts';
import type { AnyRecord, Fields } from '../../../data/record.ts';
import type { Variant } from '../../../video/story/bind.ts';
import { chosenPlaythrough, type Playthrough } from '../../../video/story/playthrough.ts';
import { orderedTemplate } from '../../../video/story/ordered-template.ts';
import { type Campaign, type NewCampaign, qualities } from '../campaigns.ts';
import { blankInputRows, findRows, readOptions, removeErased, sourceChanged } from '../erasure.ts';
import type { Hmac } from '../hmac.ts';
import {
  chunksOf,
  type IntakeContext,
  type IntakeRow,
  judgeSuspects,
  takeIn,
  takeInCancelled,
} from '../intake.ts';
import type { Pipeline } from '../pipeline.ts';
import { rememberTemplateCode } from '../plan-context.ts';
import type { JobAttempt, JobHandlers, Store } from '../ports.ts';
import { erasedFileName } from '../renders.ts';
import { requireTemplate } from '../require-template.ts';
import { settleCampaigns } from '../settle.ts';
import { stopIfHopeless } from '../stop-campaign.ts';
import { linkOwnerOf } from '../suppression.ts';
import { createPlanners } from '../variants.ts';
import { whileWanted } from '../within-time.ts';
import { type Guard, traceOf } from './guard.ts';

/** A video as a viewer watched it. */
export interface WatchedVideo {
  readonly record: AnyRecord;
  /** HMAC of the customer's id, where one is known. */
  readonly person: string | undefined;
  readonly variant: Variant | undefined;
  /** Fields that were shown coarser. */
  readonly coarser: readonly string[] | undefined;
  /** Takes the way that the viewer took. */
  readonly walker: Playthrough;
}

/** The rows of a campaign as they are to be taken in, from the first one at each call. */
export type CampaignRows = () => AsyncIterable<IntakeRow>;

const erasedRow: IntakeRow = {
  row: 1,
  fileName: erasedFileName(1),
  erased: true,
  warnings: [],
  check: { ok: false, code: 'person-erased', message: 'The person was erased.' },
};

/**
 * Opens what a campaign's rows are made from. Rows of a file are read as they are asked for.
 *
 * @param watched what was watched in a session, where the campaign's source is one.
 * @throws BespokeError when the source cannot be used as a whole: `stored-file-missing`, `csv-*`.
 */
async function openCampaignRows(
  store: Pick<Store, 'fetch'>,
  { id, source, person, customerId, asOf }: Campaign,
  fields: Fields,
  watched: WatchedVideo | undefined,
): Promise<CampaignRows> {
  switch (source.kind) {
    case 'session': {
      if (watched === undefined) throw new Error(`Render ${id} was planned without its session.`);
      const check = { ok: true, record: watched.record } as const;
      return async function* one() {
        yield await Promise.resolve({ row: 1, fileName: id, person: watched.person, warnings: [], check });
      };
    }
    case 'record': {
      const check = checkBody(fields, source.record, asOf);
      const row: IntakeRow = {
        row: 1,
        fileName: id,
        person,
        customerId,
        warnings: check.ok ? check.warnings : [],
        check: check.ok
          ? check
          : {
              ok: false,
              code: 'record-invalid',
              message: check.issues.map(({ message }) => message).join(' '),
            },
      };
      return async function* one() {
        yield await Promise.resolve(judgeSuspects(row, source.suspects ?? {}));
      };
    }
    case 'csv': {
      const { suspects = {} } = source;
      const file = await store.fetch('inputs', source.file);
      const options = { ...readOptions(fields, source), asOf };
      const input = await readRows(file, options).catch(async (error: unknown) => {
        // It may have gone after it was found: then this says so.
        await store.fetch('inputs', source.file);
        throw error;
      });
      const erased = new Set(source.erasedRows);
      return async function* rows() {
        for await (const row of input.rows()) {
          yield erased.has(row.row) ? { ...row, erased: true } : judgeSuspects(row, suspects);
        }
      };
    }
    case 'erased':
      return async function* none() {
        yield await Promise.resolve(erasedRow);
      };
    default:
      return source satisfies never;
  }
}

/** Turns 128 bits of a key into the shape of a random UUID. */
function uuidOf(key: string): string {
  const variant = ((Number.parseInt(key.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const digits = `${key.slice(0, 12)}4${key.slice(13, 16)}${variant}${key.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Ids of a campaign's renders: the same whenever it is planned. A single render has its campaign's id. */
function renderIdOf(hmac: Hmac, { id, kind }: Pick<NewCampaign, 'id' | 'kind'>, row: number): string {
  return kind === 'render' ? id : uuidOf(hmac('row-id', { campaign: id, row }));
}

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
    const entry = requireTemplate(registry, name);
    const coarser =
      source.kind === 'session' ? watched?.coarser : 'coarser' in source ? source.coarser : undefined;
    const settings = 'settings' in source ? source.settings : undefined;
    const template = orderedTemplate(entry.template, { coarser, settings });
    const choice = { template, format, asOf, encoding: qualities[quality] };
    const single = source.kind === 'record' ? source : undefined;
    const walker = watched?.walker ?? (single?.path && chosenPlaythrough(single.path));
    const variant = watched?.variant ?? single?.variant;
    const variants = source.kind === 'csv' ? source.variants : undefined;
    const planContext = { ...choice, ...(await templateCode(entry)), variant };
    return {
      campaign,
      template,
      plannerFor: createPlanners(planContext, hmac, variants, walker),
      book: planContext.book,
      suspects: 'suspects' in source ? source.suspects : undefined,
      holdout: source.kind === 'csv' ? source.holdout : undefined,
      priority: campaign.priority,
      videoId: (row) => renderIdOf(hmac, campaign, row),
      linkOwner: (person) => {
        const { linkOwner, linkKey } = campaign;
        if (linkOwner !== undefined) return linkOwner;
        return linkKey && person && linkOwnerOf(hmac, linkKey, person);
      },
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
      await stopIfHopeless(pipeline, campaign.id);
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
  async function forgetErased({ id, source }: Campaign, rows: readonly number[]): Promise<void> {
    if (rows.length === 0) return;
    if (source.kind === 'csv') await blankInputRows(pipeline, id, rows);
    else await people.erase({ render: id }, []);
    try {
      await removeErased(pipeline);
    } catch (error) {
      log.warn('files of erased people are removed later', { campaign: id, trace: traceOf(error) });
    }
  }

  /** The same for a campaign that could not be planned: only its file says who is in it. */
  async function forgetSuppressed(id: string): Promise<void> {
    const campaign = await campaigns.find(id);
    if (campaign?.source.kind !== 'csv' || !(await people.isAnyoneSuppressed())) return;
    const rows = await findRows(pipeline, campaign, people.suppressed);
    if (rows !== undefined) await forgetErased(campaign, rows);
  }

  const plan = (guard: Guard, id: string, attempt: JobAttempt): Promise<void> =>
    guard(
      attempt,
      { campaign: id },
      async (signal, renew) => {
        const campaign = await campaigns.find(id);
        if (campaign === undefined) return;
        if (campaign.status.state === 'planning' && (await recordAllRows(campaign, signal, renew))) {
          await forgetErased(campaign, await people.erasedRows(id));
          await campaigns.planned(id);
          log.info('campaign planned', { campaign: id, kind: campaign.kind, rows: campaign.rows });
        }
        await settleCampaigns(pipeline, [id]);
      },
      async (code, message) => {
        await campaigns.fail(id, code, message);
        log.warn('campaign failed', { campaign: id, code });
        await settleCampaigns(pipeline, [id]);
        try {
          await forgetSuppressed(id);
        } catch (error) {
          log.warn('rows of erased people may be left in a file; erase them again', {
            campaign: id,
            trace: traceOf(error),
          });
        }
      },
    );
  return {
    'plan-render': ({ campaign }, attempt) => plan(guards['plan-render'], campaign, attempt),
    'plan-campaign': ({ campaign }, attempt) => plan(guards['plan-campaign'], campaign, attempt),
  };
}
