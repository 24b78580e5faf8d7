import path from 'node:path';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import type { ColumnOverride } from '../../data/csv/map-columns.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { deliveredPaths, openFolderDestination } from '../adapters/destination/folder-destination.ts';
import type { Campaign, VideoEntry } from '../core/ledger.ts';
import { priorities, type Pipeline } from '../core/pipeline.ts';
import { qualities, type Quality } from '../core/quality.ts';
import { runCampaign, type CampaignEvent } from '../core/run-campaign.ts';
import { linkCells, type LinkTerms } from '../orders/links.ts';
import { spoolInput } from './spool-input.ts';
import { writeBatchResults, type BatchResults } from './write-batch-results.ts';

/** A CSV and what to make of it. */
export interface BatchRequest {
  readonly csv: string;
  readonly entry: RegistryEntry;
  readonly format: Format;
  readonly quality: Quality;
  /** ISO date; unset: the day the campaign begins, which a continued run keeps. */
  readonly asOf?: string;
  /** Folder that receives videos and results. */
  readonly out: string;
  readonly map?: readonly ColumnOverride[];
  readonly idColumn?: string;
  readonly limit?: number;
  /** Has results say public links instead of paths. */
  readonly links?: LinkTerms | undefined;
}

export type BatchEvent = { readonly type: 'input'; readonly input: CustomerFile } | CampaignEvent;

/** What became of every row, and the campaign they belong to. */
export interface BatchReport extends BatchResults {
  readonly campaign: Campaign;
}

/** The parts of a batch's request that the reader of its CSV wants. */
export function readOptions({
  entry,
  map,
  idColumn,
  limit,
}: Pick<BatchRequest, 'entry' | 'map' | 'idColumn' | 'limit'>) {
  return {
    fields: entry.template.record,
    ...(map !== undefined && { map }),
    ...(idColumn !== undefined && { idColumn }),
    ...(limit !== undefined && { limit }),
  };
}

/**
 * Checks every row of a CSV, renders the good ones, and writes `results.csv` and `failed.csv`.
 * Interrupting it loses nothing: the same request continues where it stopped.
 *
 * @throws BespokeError when the CSV cannot be used as a whole, or the output folder not be written to.
 */
export async function runBatch(
  pipeline: Pipeline,
  request: BatchRequest,
  observe: (event: BatchEvent) => void,
  signal: AbortSignal,
): Promise<BatchReport> {
  const { store, clock, ledger, keyring } = pipeline;
  const spooled = await spoolInput(request.csv, store);
  try {
    const input = await readRows(spooled.file, readOptions(request));
    observe({ type: 'input', input });
    const out = path.resolve(request.out);
    const destination = await openFolderDestination(out, store);
    const { map, idColumn, limit, asOf, links } = request;
    const campaign = await runCampaign(
      pipeline,
      {
        entry: request.entry,
        format: request.format,
        encoding: qualities[request.quality],
        asOf: asOf ?? clock.now().toISOString().slice(0, 10),
        source: JSON.stringify({ hash: spooled.hash, map, idColumn, limit, asOf }),
        destination,
        priority: priorities.batch,
        rows: input.rows,
      },
      observe,
      signal,
    );
    const results = {
      id: campaign.id,
      fps: request.entry.template.fps,
      filesOf:
        links === undefined
          ? ({ fileName }: VideoEntry) => deliveredPaths(fileName)
          : (video: VideoEntry) => linkCells(keyring, video, links, clock.now()),
    };
    return { campaign, ...(await writeBatchResults(ledger, results, input, out)) };
  } finally {
    await spooled.remove();
  }
}
