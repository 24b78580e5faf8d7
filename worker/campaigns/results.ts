import { mkdir, rm } from 'node:fs/promises';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import { readOptions } from '../core/erasure.ts';
import {
  skippedCells,
  writeCampaignResults as writeCsv,
  type CampaignResults as CampaignCsv,
  type EndedRow,
} from '../../data/csv/write-campaign-results.ts';
import type { BespokeCells, ResultsForm } from '../../data/csv/write-tables.ts';
import { errors } from '../../errors/messages.ts';
import { type Renders, type Render, renderStatus } from '../core/renders.ts';
import type { Campaign } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { linkCells, type LinkOptions } from './links.ts';
import { requestedTemplate } from './request.ts';

/** The results of a campaign, as files that are there until they are disposed of. */
export interface CampaignResults extends CampaignCsv {
  readonly dispose: () => Promise<void>;
}

const pageSize = 1000;

/** Recorded rows in the input's order, page by page. */
async function* recordedRows(renders: Pick<Renders, 'list'>, campaign: string): AsyncGenerator<Render> {
  for (let after = 0; ;) {
    const page = await renders.list(campaign, after, pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.row;
  }
}

/** What results say of a recorded row. @param files paths or links of its files. */
function cellsOf(entry: Render, fps: number, files: Partial<BespokeCells>): BespokeCells {
  const warnings = [
    ...entry.warnings.map(({ message }) => message),
    ...entry.coming.map((picture) => `The ${picture} is still being made; its link waits for it.`),
  ];
  const status = renderStatus(entry, fps);
  switch (status.state) {
    case 'done':
      return { ...files, status: 'done', durationInSeconds: status.durationInSeconds, warnings };
    case 'skipped':
      return skippedCells(status.reason);
    case 'failed':
      return { status: 'failed', warnings, errorCode: status.code, error: status.message };
    case 'cancelled':
      return { status: 'cancelled', warnings };
    case 'queued':
    case 'rendering':
      if (entry.remake === undefined) throw new Error(`Row ${entry.row} has not ended.`);
      warnings.push('The video is being made again; its links lead to it when it is done.');
      return { ...files, status: 'done', durationInSeconds: entry.durationInFrames / fps, warnings };
    default:
      return status satisfies never;
  }
}

/** What is said of rows that a campaign ended without ever recording. */
function unrecordedCells({ status }: Campaign): BespokeCells | undefined {
  switch (status.state) {
    case 'cancelled':
      return { status: 'cancelled' };
    case 'failed':
      return { status: 'failed', errorCode: status.code, error: status.message };
    case 'planning':
    case 'rendering':
    case 'finished':
      return undefined;
    default:
      return status satisfies never;
  }
}

/** @throws BespokeError `campaign-unfinished`. */
function requireEnd(campaign: Campaign | undefined): void {
  if (campaign === undefined || 'at' in campaign.status) return;
  throw errors.campaignUnfinished();
}

/** Opens the input of a campaign, as it was understood when it was ordered. */
export async function openSource(pipeline: Pipeline, campaign: Campaign): Promise<CustomerFile> {
  const { source } = campaign;
  if (source.kind !== 'csv') throw new Error(`Campaign ${campaign.id} has no file.`);
  const { template } = requestedTemplate(pipeline.registry, campaign.template);
  const file = await pipeline.store.fetch('inputs', source.file);
  return readRows(file, readOptions(template.record, source));
}

/**
 * Writes what became of every row of a campaign, as `bespoke batch` does, with links in place of paths.
 *
 * @returns `undefined` when there is no such campaign; `dispose` of the files when they were read.
 * @throws BespokeError `campaign-unfinished`; `stored-file-missing` when its input is gone; `csv-columns`
 * and `template-unknown` when its template was changed since or removed.
 */
export async function writeCampaignResults(
  pipeline: Pipeline,
  id: string,
  terms: LinkOptions,
  form: ResultsForm = {},
): Promise<CampaignResults | undefined> {
  const { campaigns, renders, store, hmac, clock } = pipeline;
  const campaign = await campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  requireEnd(campaign);
  const input = await openSource(pipeline, campaign);
  const { fps } = requestedTemplate(pipeline.registry, campaign.template).template;
  const now = clock.now();
  const folder = await store.scratch('results');
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { mode: 0o700 });
    const rows = async function* rows(): AsyncGenerator<EndedRow> {
      for await (const entry of recordedRows(renders, id)) {
        const cells = cellsOf(entry, fps, linkCells(hmac, entry, terms, now));
        yield { row: entry.row, cells: { ...cells, variant: entry.variant } };
      }
    };
    return { ...(await writeCsv(input, folder, rows(), unrecordedCells(campaign), form)), dispose };
  } catch (error) {
    await dispose();
    // Its failed rows may have been taken up again while they were being read.
    requireEnd(await campaigns.find(id));
    throw error;
  }
}
