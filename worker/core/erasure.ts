import pMap from 'p-map';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline as stream } from 'node:stream/promises';
import { copyTable } from '../../data/csv/write-tables.ts';
import { readRows, type ReadOptions } from '../../data/csv/read-rows.ts';
import { leafFields, leavesOf } from '../../data/leaves.ts';
import { type AnyRecord, type Fields, isFetched } from '../../data/record.ts';
import { BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { findTemplate } from '../../video/story/registry.ts';
import { withScratch } from './jobs/with-scratch.ts';
import type { Hmac } from './hmac.ts';
import { imageKeyOf } from './image-resolver.ts';
import { chunksOf } from './intake.ts';
import type { Campaign, CampaignSource } from './campaigns.ts';
import type { Pipeline } from './pipeline.ts';
import type { Store } from './ports.ts';
import { withPeople } from './suppression.ts';

type CsvSource = Extract<CampaignSource, { readonly kind: 'csv' }>;
type BlankingPipeline = Pick<Pipeline, 'registry' | 'campaigns' | 'people' | 'store' | 'hmac'>;

/** What the addresses of a record's pictures and recordings are remembered by. */
export function imageKeysOf(hmac: Hmac, fields: Fields, record: AnyRecord): readonly string[] {
  return leavesOf(fields, record).flatMap(({ field, value: url }) =>
    isFetched(field) && typeof url === 'string' ? [imageKeyOf(hmac, field, url)] : [],
  );
}

/** How a campaign's file is read, each time in the same way. */
export const readOptions = (
  fields: Fields,
  { fileName, map, mapping, idColumn, conventions }: CsvSource,
): ReadOptions => ({
  ...{ name: fileName, fields, map, mapping, idColumn },
  // Nobody is asked about a file that was accepted.
  conventions: conventions ?? {},
});

/** Keys of the pictures that some rows of a file name. */
async function imageKeysOfRows(
  { registry, hmac }: BlankingPipeline,
  template: string,
  file: string,
  source: CsvSource,
  rows: ReadonlySet<number>,
): Promise<readonly string[]> {
  const fields = findTemplate(registry, template)?.template.record ?? {};
  if (!leafFields(fields).some(isFetched)) return [];
  const keys: string[] = [];
  const input = await readRows(file, readOptions(fields, source));
  for await (const { row, check } of input.rows()) {
    if (rows.has(row) && check.ok) keys.push(...imageKeysOf(hmac, fields, check.record));
  }
  return keys;
}

/** Publishes a copy of a file of rows. @returns its name in the namespace `inputs`. */
export async function publishCopy(
  store: Pick<Store, 'scratch' | 'publish'>,
  file: string,
  name: string,
  options: Parameters<typeof copyTable>[3],
): Promise<string> {
  return withScratch(store, 'csv', async (scratch) => {
    await copyTable(file, scratch, name, options);
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
    const campaign = await campaigns.find(id);
    if (campaign?.source.kind !== 'csv') return 0;
    const { source } = campaign;
    const before = source.erasedRows ?? [];
    const fresh = new Set(rows.filter((row) => !before.includes(row)));
    if (fresh.size === 0) return 0;
    try {
      const file = await store.fetch('inputs', source.file);
      const imageKeys = await imageKeysOfRows(pipeline, campaign.template, file, source, fresh);
      const erasedRows = [...before, ...fresh].sort((a, b) => a - b);
      const blanked = await publishCopy(store, file, source.fileName, {
        blanked: new Set(erasedRows),
      });
      const without = { ...source, file: blanked, erasedRows };
      if (await people.exchangeSource(id, source, without, imageKeys)) return fresh.size;
    } catch (error) {
      if (await sourceChanged(pipeline, campaign)) continue;
      // A file that is gone holds nobody.
      if (hasCode(error, 'stored-file-missing')) return 0;
      throw error;
    }
  }
}

/** Whether a campaign is made from something else than it was: someone was erased meanwhile. */
export async function sourceChanged(
  { campaigns }: Pick<Pipeline, 'campaigns'>,
  { id, source }: Campaign,
): Promise<boolean> {
  const now = await campaigns.find(id);
  return now !== undefined && canonicalJson(now.source) !== canonicalJson(source);
}

/**
 * Rows of a campaign's file that are about some people. Reads the whole file.
 *
 * @param select which of these people, by the HMACs of their ids, are meant.
 * @returns `undefined` where it cannot be read.
 */
export async function findRows(
  { registry, store, hmac }: Pick<Pipeline, 'registry' | 'store' | 'hmac'>,
  { template, source }: Campaign,
  select: (people: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<readonly number[] | undefined> {
  if (source.kind !== 'csv') return [];
  const fields = findTemplate(registry, template)?.template.record ?? {};
  const found: number[] = [];
  try {
    const input = await readRows(await store.fetch('inputs', source.file), readOptions(fields, source));
    for await (const chunk of chunksOf(input.rows())) {
      const rows = withPeople({ hmac }, chunk);
      const theirs = await select(rows.flatMap(({ person }) => person ?? []));
      for (const { row, person = '' } of rows) if (theirs.has(person)) found.push(row);
    }
  } catch (error) {
    if (!(error instanceof BespokeError) || error.retryable) throw error;
    return error.code === 'stored-file-missing' ? [] : undefined;
  }
  return found;
}

const pageSize = 500;
/** A store may be far away: so many files are removed at a time. */
const atOnce = { concurrency: 8 };

/**
 * Removes the files of people who were erased. One that cannot be removed now stays noted, and workers
 * look again and again; so do they for an hour where a job was still making it.
 *
 * @returns how many files were there.
 */
export async function removeErased({ people, store }: Pick<Pipeline, 'people' | 'store'>): Promise<number> {
  let removed = 0;
  for (;;) {
    const files = await people.removals(pageSize);
    const failures: unknown[] = [];
    const there = await pMap(
      files,
      async ({ namespace, name }) => {
        try {
          const held = await store.has(namespace, name);
          if (held) await store.remove(namespace, name);
          return held;
        } catch (error) {
          failures.push(error);
          return 'stays' as const;
        }
      },
      atOnce,
    );
    removed += there.filter((each) => each === true).length;
    await people.removed(files.filter((_file, index) => there[index] !== 'stays'));
    if (failures.length > 0) throw failures[0];
    // What is watched stays noted and comes last: a short page, or one without anything to remove, is the end.
    if (files.length < pageSize || !there.includes(true)) return removed;
  }
}
