import pMap from 'p-map';
import { extname } from 'node:path';
import { readFile, rm } from 'node:fs/promises';
import type { AnyRecord, Field, Fields } from '../../data/record.ts';
import type { ResolvedImages } from '../../video/story/bind.ts';
import { absentImage, type ImageInput } from '../../video/story/scene.ts';
import { type ImageMemory, imageNames } from './clips.ts';
import type { Hmac } from './hmac.ts';
import type { Pipeline } from './pipeline.ts';
import type { Store } from './ports.ts';
import type { RenderWarning } from './render-schema.ts';

/** How long a fetched picture is taken for current. */
const trustedForMs = 24 * 60 * 60 * 1000;
const parallelFetches = 8;

/** A record's images as hashes or fallbacks, and what the viewer's row says about the fallbacks. */
export interface ResolvedRecord {
  readonly images: ResolvedImages;
  readonly warnings: readonly RenderWarning[];
}

interface Reference {
  readonly field: string;
  readonly label: string;
  readonly url: string;
  readonly urlKey: string;
  readonly ground: string | undefined;
}

/** What the address of a picture is remembered by. */
export const imageKeyOf = (hmac: Hmac, { ground }: Pick<Field, 'ground'>, url: string): string =>
  hmac('image-url', ground === undefined ? url : { url, ground });

/** The name under which a picture is stored, if it is. */
async function storedName(store: Pick<Store, 'has'>, hash: string): Promise<string | undefined> {
  for (const name of imageNames(hash)) if (await store.has('images', name)) return name;
  return undefined;
}

/** A stored picture's file on this machine. @throws BespokeError `stored-file-missing` */
export async function fetchStoredImage(store: Pick<Store, 'has' | 'fetch'>, hash: string): Promise<string> {
  return store.fetch('images', (await storedName(store, hash)) ?? imageNames(hash)[0]);
}

/** A picture's file as a `data:` URL. */
export async function inlineImage(file: string): Promise<string> {
  const type = extname(file) === '.png' ? 'image/png' : 'image/jpeg';
  return `data:${type};base64,${await readFile(file, 'base64')}`;
}

/** What fetches and remembers images. */
export interface ImagePipeline extends Pick<Pipeline, 'hmac' | 'store' | 'imageSource' | 'clock'> {
  readonly clips: Pick<Pipeline['clips'], 'images' | 'rememberImages'>;
}

function references({ hmac }: ImagePipeline, fields: Fields, record: AnyRecord): readonly Reference[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const { kind, label, ground } = field;
    const url = record[name];
    if (kind !== 'image' || typeof url !== 'string') return [];
    return [{ field: name, label, url, urlKey: imageKeyOf(hmac, field, url), ground }];
  });
}

/** Remembered pictures that are recent enough to be used without asking the remote host again. */
async function trusted(
  { clips, clock }: ImagePipeline,
  urlKeys: readonly string[],
): Promise<Map<string, ImageMemory & { hash: string }>> {
  const oldest = clock.now().getTime() - trustedForMs;
  const memories = urlKeys.length === 0 ? [] : await clips.images(urlKeys);
  return new Map(
    memories.flatMap((memory) =>
      memory.hash !== undefined && memory.fetchedAt.getTime() >= oldest
        ? [[memory.urlKey, { ...memory, hash: memory.hash }] as const]
        : [],
    ),
  );
}

/** Fetches one picture into the store. A picture that cannot be had is an answer, not an error. */
async function fetchImage(
  pipeline: ImagePipeline,
  { url, urlKey, ground }: Reference,
  signal: AbortSignal,
): Promise<ImageMemory> {
  const scratch = await pipeline.store.scratch('jpg');
  try {
    const fetched = await pipeline.imageSource.fetch(url, scratch, signal, ground);
    if (fetched.ok) {
      const [jpeg, png] = imageNames(fetched.hash);
      await pipeline.store.publish('images', fetched.transparent === true ? png : jpeg, fetched.file);
    }
    return {
      urlKey,
      hash: fetched.ok ? fetched.hash : undefined,
      reason: fetched.ok ? fetched.faint : fetched.reason,
      fetchedAt: pipeline.clock.now(),
    };
  } finally {
    await rm(scratch, { force: true });
  }
}

const faintWarning = (
  { field, label }: Pick<Reference, 'field' | 'label'>,
  faint: string,
): RenderWarning => ({
  code: 'faint-picture',
  field,
  message: `${label}: the picture ${faint}.`,
});

/**
 * Turns the image URLs of records into what scenes may read: the hash of pixels that are on the
 * store, or the mark of the fallback with a warning that says why. Equal URLs are fetched once.
 */
export async function resolveImages(
  pipeline: ImagePipeline,
  fields: Fields,
  records: readonly AnyRecord[],
  signal: AbortSignal,
): Promise<readonly ResolvedRecord[]> {
  const wanted = records.map((record) => references(pipeline, fields, record));
  const distinct = new Map(wanted.flat().map((reference) => [reference.urlKey, reference]));
  const known: Map<string, ImageMemory> = new Map();
  for (const [urlKey, memory] of await trusted(pipeline, [...distinct.keys()])) {
    if ((await storedName(pipeline.store, memory.hash)) !== undefined) known.set(urlKey, memory);
  }
  const missing = [...distinct.values()].filter(({ urlKey }) => !known.has(urlKey));
  const fetched = await pMap(missing, (each) => fetchImage(pipeline, each, signal), {
    concurrency: parallelFetches,
  });
  if (fetched.length > 0) await pipeline.clips.rememberImages(fetched);
  for (const memory of fetched) known.set(memory.urlKey, memory);

  return wanted.map((fieldsOfRecord) => {
    const images: Record<string, ImageInput> = {};
    const warnings: RenderWarning[] = [];
    for (const { field, label, urlKey } of fieldsOfRecord) {
      const memory = known.get(urlKey);
      images[field] = memory?.hash === undefined ? absentImage : { kind: 'stored', hash: memory.hash };
      if (memory?.hash === undefined) {
        const reason = memory?.reason ?? 'it was not fetched';
        warnings.push({
          code: 'image-unavailable',
          field,
          message: `${label}: ${reason}; the fallback is shown instead.`,
        });
      } else if (memory.reason !== undefined) {
        warnings.push(faintWarning({ field, label }, memory.reason));
      }
    }
    return { images, warnings };
  });
}

/**
 * What images would resolve to without fetching anything: remembered ones as they are, all others
 * as pictures not seen before, so that a forecast counts their clips as new.
 */
export async function foreseeImages(
  pipeline: ImagePipeline,
  fields: Fields,
  records: readonly AnyRecord[],
): Promise<readonly ResolvedRecord[]> {
  const wanted = records.map((record) => references(pipeline, fields, record));
  const known = await trusted(pipeline, [...new Set(wanted.flat().map(({ urlKey }) => urlKey))]);
  return wanted.map((fieldsOfRecord) => ({
    images: Object.fromEntries(
      fieldsOfRecord.map(({ field, urlKey }) => [
        field,
        { kind: 'stored', hash: known.get(urlKey)?.hash ?? urlKey } as const,
      ]),
    ),
    warnings: fieldsOfRecord.flatMap((reference) => {
      const faint = known.get(reference.urlKey)?.reason;
      return faint === undefined ? [] : [faintWarning(reference, faint)];
    }),
  }));
}
