import { checkBody } from '../../../data/check-record.ts';
import { readRows } from '../../../data/csv/read-rows.ts';
import type { Fields } from '../../../data/record.ts';
import { createContextReader, type WatchedVideo } from '../campaign-context.ts';
import type { Campaign } from '../campaigns.ts';
import { blankInputRows, findRows, readOptions, removeErased, sourceChanged } from '../erasure.ts';
import {
  chunksOf,
  type IntakeContext,
  type IntakeRow,
  judgeSuspects,
  takeIn,
  takeInCancelled,
} from '../intake.ts';
import type { Pipeline } from '../pipeline.ts';
import type { JobAttempt, JobHandlers, Store } from '../ports.ts';
import { erasedFileName } from '../renders.ts';
import { settleCampaigns } from '../settle.ts';
import { stopIfHopeless } from '../stop-campaign.ts';
import { whileWanted } from '../within-time.ts';
import { type Guard, traceOf } from './guard.ts';

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
  const { campaigns, cuts, people, store, log } = pipeline;
  const contextOf = createContextReader(pipeline);

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
    // Read first: a cut may be withdrawn at any time.
    let withdrawn = (await cuts.withdrawn()).size;
    let context = await contextOf(campaign, watched);
    const rows = await openCampaignRows(store, campaign, context.template.record, watched);
    for await (const chunk of chunksOf(rows())) {
      if (!(await recordChunk(context, chunk, signal))) return false;
      await stopIfHopeless(pipeline, campaign.id);
      if (context.template.cuts !== undefined) {
        const { size } = await cuts.withdrawn();
        if (size > withdrawn) context = await contextOf(campaign, watched);
        withdrawn = size;
      }
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
