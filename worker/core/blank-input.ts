import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline as stream } from 'node:stream/promises';
import { blankRows } from '../../data/csv/write-tables.ts';
import { readRows } from '../../data/csv/read-rows.ts';
import type { AnyRecord, Fields } from '../../data/record.ts';
import { BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { findTemplate } from '../../video/story/registry.ts';
import { withScratch } from './jobs/with-scratch.ts';
import type { Keyring } from './keyring.ts';
import type { OrderEntry, OrderSource } from './campaigns.ts';
import type { Pipeline } from './pipeline.ts';

type CsvSource = Extract<OrderSource, { readonly kind: 'csv' }>;
type BlankingPipeline = Pick<Pipeline, 'registry' | 'campaigns' | 'people' | 'store' | 'keyring'>;

/** What the addresses of a record's pictures are remembered by. */
export function imageKeysOf(keyring: Keyring, fields: Fields, record: AnyRecord): readonly string[] {
  return Object.entries(fields).flatMap(([name, { kind }]) => {
    const url = record[name];
    return kind === 'image' && typeof url === 'string' ? [keyring('image-url', url)] : [];
  });
}

const readOptions = (fields: Fields, { fileName, map, idColumn }: CsvSource) => ({
  name: fileName,
  fields,
  map,
  ...(idColumn !== undefined && { idColumn }),
});

/** Keys of the pictures that some rows of a file name. */
async function imageKeysOfRows(
  { registry, keyring }: BlankingPipeline,
  template: string,
  file: string,
  source: CsvSource,
  rows: ReadonlySet<number>,
): Promise<readonly string[]> {
  const fields = findTemplate(registry, template)?.template.record ?? {};
  if (!Object.values(fields).some(({ kind }) => kind === 'image')) return [];
  const keys: string[] = [];
  const input = await readRows(file, readOptions(fields, source));
  for await (const { row, check } of input.rows()) {
    if (rows.has(row) && check.ok) keys.push(...imageKeysOf(keyring, fields, check.record));
  }
  return keys;
}

/** Publishes a file without what some rows hold. @returns its name. */
async function publishBlanked(
  { store }: BlankingPipeline,
  file: string,
  rows: ReadonlySet<number>,
  name: string,
): Promise<string> {
  return withScratch(store, 'csv', async (scratch) => {
    await blankRows(file, scratch, rows, name);
    const hash = createHash('sha256');
    await stream(createReadStream(scratch), hash);
    const published = `${hash.digest('hex')}.csv`;
    await store.publish('inputs', published, scratch);
    return published;
  });
}

/**
 * Takes what rows hold out of the file that a campaign was ordered with. All rows keep their numbers, so
 * that its account stays exact; the file without them takes the other one's place, which is removed.
 *
 * @returns how many rows were blanked now; those that were before are not counted.
 */
export async function blankInputRows(
  pipeline: BlankingPipeline,
  id: string,
  rows: readonly number[],
): Promise<number> {
  const { campaigns, people, store } = pipeline;
  for (;;) {
    const order = await campaigns.find(id);
    if (order?.source.kind !== 'csv') return 0;
    const { source } = order;
    const before = source.erasedRows ?? [];
    const fresh = new Set(rows.filter((row) => !before.includes(row)));
    if (fresh.size === 0) return 0;
    try {
      const file = await store.fetch('inputs', source.file);
      const imageKeys = await imageKeysOfRows(pipeline, order.template, file, source, fresh);
      const erasedRows = [...before, ...fresh].sort((a, b) => a - b);
      const blanked = await publishBlanked(pipeline, file, new Set(erasedRows), source.fileName);
      const without = { ...source, file: blanked, erasedRows };
      if (await people.exchangeSource(id, source, without, imageKeys)) return fresh.size;
    } catch (error) {
      if (await sourceChanged(pipeline, order)) continue;
      // A file that is gone holds nobody.
      if (hasCode(error, 'stored-file-missing')) return 0;
      throw error;
    }
  }
}

/** Whether an order is made from something else than it was: somebody was erased meanwhile. */
export async function sourceChanged(
  { campaigns }: Pick<Pipeline, 'campaigns'>,
  { id, source }: OrderEntry,
): Promise<boolean> {
  const now = await campaigns.find(id);
  return now !== undefined && canonicalJson(now.source) !== canonicalJson(source);
}

/** Rows of a campaign's file that name a customer. Reads the whole file. @returns `undefined` where it cannot be read. */
export async function findRows(
  { registry, store }: Pick<Pipeline, 'registry' | 'store'>,
  { template, source }: OrderEntry,
  isTheirs: (customerId: string) => boolean,
): Promise<readonly number[] | undefined> {
  if (source.kind !== 'csv') return [];
  const fields = findTemplate(registry, template)?.template.record ?? {};
  const found: number[] = [];
  try {
    const input = await readRows(await store.fetch('inputs', source.file), readOptions(fields, source));
    for await (const { row, customerId } of input.rows()) {
      if (customerId !== undefined && isTheirs(customerId)) found.push(row);
    }
  } catch (error) {
    if (!(error instanceof BespokeError) || error.retryable) throw error;
    return error.code === 'stored-file-missing' ? [] : undefined;
  }
  return found;
}
