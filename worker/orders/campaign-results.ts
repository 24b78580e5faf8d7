import { mkdir, rm } from 'node:fs/promises';
import { readRows, type CustomerFile } from '../../data/csv/read-rows.ts';
import type { BespokeCells } from '../../data/csv/write-tables.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { writeBatchResults, type BatchResults } from '../batch/write-batch-results.ts';
import type { OrderEntry } from '../core/orders.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { linkCells, type LinkTerms } from './links.ts';
import { requestedTemplate } from './order-request.ts';

/** The results of a campaign, as files that are there until they are disposed of. */
export interface CampaignResults extends BatchResults {
  readonly dispose: () => Promise<void>;
}

/** What is said of rows that an order ended without ever recording. */
function unrecordedCells({ status }: OrderEntry): BespokeCells | undefined {
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
function requireEnd(order: OrderEntry | undefined): void {
  if (order === undefined || 'at' in order.status) return;
  throw new BespokeError('campaign-unfinished', 'Some rows of the campaign are still open.');
}

async function openSource(pipeline: Pipeline, order: OrderEntry): Promise<CustomerFile> {
  const { source } = order;
  if (source.kind !== 'csv') throw new Error(`Campaign ${order.id} has no file.`);
  const { template } = requestedTemplate(pipeline.registry, order.template);
  const { file, fileName, map, idColumn } = source;
  return readRows(await pipeline.store.fetch('inputs', file), {
    fields: template.record,
    map,
    ...(idColumn !== undefined && { idColumn }),
    name: fileName,
  });
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
  terms: LinkTerms,
): Promise<CampaignResults | undefined> {
  const { orders, ledger, store, keyring, clock } = pipeline;
  const order = await orders.find(id);
  if (order?.kind !== 'campaign') return undefined;
  requireEnd(order);
  const input = await openSource(pipeline, order);
  const { fps } = requestedTemplate(pipeline.registry, order.template).template;
  const now = clock.now();
  const folder = await store.scratch('results');
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { mode: 0o700 });
    const campaign = {
      id,
      fps,
      filesOf: (video: Parameters<typeof linkCells>[1]) => linkCells(keyring, video, terms, now),
      unrecorded: unrecordedCells(order),
    };
    return { ...(await writeBatchResults(ledger, campaign, input, folder)), dispose };
  } catch (error) {
    await dispose();
    // Its failed rows may have been taken up again while they were being read.
    requireEnd(await orders.find(id));
    throw error;
  }
}
