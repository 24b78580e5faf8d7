import pMap from 'p-map';
import { extname } from 'node:path';
import { readFile, rm } from 'node:fs/promises';
import { leavesOf } from '../../data/leaves.ts';
import type { AnyRecord, Field, Fields } from '../../data/record.ts';
import type { ResolvedImages } from '../../video/story/bind.ts';
import { absentImage, guessedAudio, storedAudio } from '../../video/story/scene.ts';
import { contentFiles, type ImageMemory, imageNames } from './clips.ts';
import { compactKey, type Hmac } from './hmac.ts';
import type { Pipeline } from './pipeline.ts';
import type { FetchedImage } from './media-sources.ts';
import type { Store } from './ports.ts';
import type { RenderWarning } from './render-schema.ts';
import { withTimeLimit } from './within-time.ts';

/** How long a fetched picture is taken for current. */
const trustedForMs = 24 * 60 * 60 * 1000;
/** How long a forecast does not try again what could not be had, so that one after another gets on. */
const failureTrustedForMs = 10 * 60 * 1000;

const parallelFetches = 8;
/** As many as a browser opens. A host that does not answer leaves places for the others. */
const parallelFetchesPerHost = 6;

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
  readonly kind: 'image' | 'audio';
  readonly ground: string | undefined;
}

/** What the address of a picture or a recording is remembered by. */
export const imageKeyOf = (
  hmac: Hmac,
  { kind, ground }: Pick<Field, 'kind' | 'ground'>,
  url: string,
): string =>
  kind === 'audio' ? hmac('audio-url', url) : hmac('image-url', ground === undefined ? url : { url, ground });

/** The name under which a picture or a recording is stored, if it is. */
async function storedName(store: Pick<Store, 'has'>, hash: string): Promise<string | undefined> {
  for (const { namespace, name } of contentFiles(hash)) if (await store.has(namespace, name)) return name;
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
export interface ImagePipeline extends Pick<
  Pipeline,
  'hmac' | 'store' | 'imageSource' | 'audioSource' | 'clock'
> {
  readonly clips: Pick<Pipeline['clips'], 'images' | 'needImages' | 'rememberImages'>;
}

/** How pictures are resolved. */
export interface ResolveOptions {
  readonly signal: AbortSignal;
  /** Whether clips are made with them, so that they are kept. Others are forgotten after two days. */
  readonly needed: boolean;
  /** Bounds what is fetched. Unset: everything. */
  readonly budget?: ImageBudget;
}

/** How many pictures are looked at, and for how long, in one forecast; and how many it is about. */
export class ImageBudget {
  #pictures: number;
  #ms: number;
  /** Of the addresses, only a part: 128 bits distinguish any number of pictures. */
  readonly #looked = new Map<string, boolean>();

  constructor({ pictures, ms }: { readonly pictures: number; readonly ms: number }) {
    this.#pictures = pictures;
    this.#ms = ms;
  }

  /** Different pictures so far, and those of them that are known: looked at now or before. */
  counts(): { distinct: number; looked: number } {
    const looked = [...this.#looked.values()].filter(Boolean).length;
    return { distinct: this.#looked.size, looked };
  }

  note(urlKey: string, looked: boolean): void {
    this.#looked.set(compactKey(urlKey), looked);
  }

  /** Works on some of the pictures, as far as the budget reaches. The work's signal fires when the time is up. */
  async spend<T>(
    pictures: readonly T[],
    signal: AbortSignal,
    work: (pictures: readonly T[], signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const some = pictures.slice(0, this.#pictures);
    if (some.length === 0 || this.#ms <= 0) return;
    this.#pictures -= some.length;
    const began = performance.now();
    const late = new Error('The budget for pictures is spent.');
    try {
      await withTimeLimit({ ms: this.#ms, signal, late: () => late }, (within) => work(some, within));
    } catch (error) {
      if (error !== late) throw error;
    } finally {
      this.#ms -= performance.now() - began;
    }
  }
}

const keyed = (hmac: Hmac, field: Field, url: string) => ({
  urlKey: imageKeyOf(hmac, field, url),
  ground: field.ground,
});

function references({ hmac }: ImagePipeline, fields: Fields, record: AnyRecord): readonly Reference[] {
  return leavesOf(fields, record).flatMap(({ path, field, value: url, label }) =>
    (field.kind === 'image' || field.kind === 'audio') && typeof url === 'string'
      ? [{ ...{ field: path, label, url, kind: field.kind }, ...keyed(hmac, field, url) }]
      : [],
  );
}

/** Whether what is remembered of a picture is recent enough to be used without asking the remote host again. */
async function isCurrent(
  { store, clock }: ImagePipeline,
  { hash, fetchedAt }: ImageMemory,
  { budget }: ResolveOptions,
): Promise<boolean> {
  const age = clock.now().getTime() - fetchedAt.getTime();
  if (hash === undefined) return budget !== undefined && age <= failureTrustedForMs;
  // A forecast draws nothing: whether the file is still there matters to those that need it.
  return age <= trustedForMs && (budget !== undefined || (await storedName(store, hash)) !== undefined);
}

/** Fetches one picture or recording into the store. One that cannot be had is an answer, not an error. */
async function fetchImage(
  { store, clips, imageSource, audioSource, clock }: ImagePipeline,
  { url, urlKey, kind, ground }: Reference,
  needed: boolean,
  signal: AbortSignal,
): Promise<ImageMemory> {
  const scratch = await store.scratch(kind === 'audio' ? 'wav' : 'jpg');
  try {
    const fetched: FetchedImage =
      kind === 'audio'
        ? await audioSource.fetch(url, scratch, signal)
        : await imageSource.fetch(url, scratch, signal, ground);
    signal.throwIfAborted();
    const fetchedAt = clock.now();
    const memory: ImageMemory = fetched.ok
      ? {
          urlKey,
          hash: fetched.hash,
          reason: fetched.faint,
          fetchedAt,
          needed,
        }
      : { urlKey, hash: undefined, reason: fetched.reason, fetchedAt, needed: false };
    // Remembered first: an erasure finds by it what is stored, whatever ends this process.
    await clips.rememberImages([memory]);
    if (fetched.ok) {
      const [first, png = first] = contentFiles(fetched.hash);
      const target = fetched.transparent === true ? png : first;
      if (target !== undefined) await store.publish(target.namespace, target.name, fetched.file);
    }
    return memory;
  } finally {
    await rm(scratch, { force: true });
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** Does work on each picture, several at a time, with no more than a few on one host. The first failure ends it. */
async function eachInTurn(
  references: readonly Reference[],
  signal: AbortSignal,
  work: (reference: Reference) => Promise<void>,
): Promise<void> {
  const waiting = new Map<string, Reference[]>();
  for (const reference of references) {
    const host = hostOf(reference.url);
    const others = waiting.get(host);
    if (others === undefined) waiting.set(host, [reference]);
    else others.push(reference);
  }
  const busy = new Map<string, number>();
  let failed = false;

  /** The next picture of the host whose turn it is. */
  function take(): { readonly host: string; readonly reference: Reference } | undefined {
    for (const [host, queue] of waiting) {
      if ((busy.get(host) ?? 0) >= parallelFetchesPerHost) continue;
      waiting.delete(host);
      const reference = queue.shift();
      if (queue.length > 0) waiting.set(host, queue);
      if (reference !== undefined) return { host, reference };
    }
    return undefined;
  }

  /** Ends when the hosts that are left have as many as they may: those go on with the rest. */
  async function run(): Promise<void> {
    while (!failed) {
      signal.throwIfAborted();
      const next = take();
      if (next === undefined) return;
      const { host, reference } = next;
      busy.set(host, (busy.get(host) ?? 0) + 1);
      try {
        await work(reference);
      } catch (error) {
        failed = true;
        throw error;
      } finally {
        busy.set(host, (busy.get(host) ?? 1) - 1);
      }
    }
  }

  const ends = await Promise.allSettled(Array.from({ length: parallelFetches }, run));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}

function warningOf(
  { field, label, kind }: Reference,
  { hash, reason = '' }: ImageMemory,
): RenderWarning | undefined {
  if (hash === undefined && kind === 'audio') {
    return { code: 'audio-unavailable', field, message: `${label}: ${reason}; nothing is played instead.` };
  }
  if (hash === undefined) {
    return {
      code: 'image-unavailable',
      field,
      message: `${label}: ${reason}; the fallback is shown instead.`,
    };
  }
  return reason === ''
    ? undefined
    : { code: 'faint-picture', field, message: `${label}: the picture ${reason}.` };
}

/** How long a recording is taken to be that a forecast left out. */
const guessedSeconds = 10;

function inputOf({ kind }: Reference, { hash }: ImageMemory): ResolvedImages[string] {
  if (hash === undefined) return absentImage;
  return kind === 'audio' ? storedAudio(hash) : { kind: 'stored', hash };
}

/**
 * Turns the URLs of pictures and recordings of records into what scenes may read: the hash of pixels that are on the
 * store, or the mark of the fallback with a warning that says why. Equal URLs are fetched once.
 *
 * Where a budget leaves a picture out, it counts as one that was not seen before: a forecast then counts its clips as
 * new, and nothing is said about it.
 */
export async function resolveImages(
  pipeline: ImagePipeline,
  fields: Fields,
  records: readonly AnyRecord[],
  options: ResolveOptions,
): Promise<readonly ResolvedRecord[]> {
  const { signal, needed, budget } = options;
  const { clips } = pipeline;
  const wanted = records.map((record) => references(pipeline, fields, record));
  const distinct = new Map(wanted.flat().map((reference) => [reference.urlKey, reference]));
  const urlKeys = [...distinct.keys()];
  const known: Map<string, ImageMemory> = new Map();
  if (urlKeys.length > 0) {
    const memories = await (needed ? clips.needImages(urlKeys) : clips.images(urlKeys));
    const check = async (memory: ImageMemory) => {
      if (await isCurrent(pipeline, memory, options)) known.set(memory.urlKey, memory);
    };
    await pMap(memories, check, { concurrency: parallelFetches });
  }
  const missing = [...distinct.values()].filter(({ urlKey }) => !known.has(urlKey));
  const fetchAll = (some: readonly Reference[], within: AbortSignal): Promise<void> =>
    eachInTurn(some, within, async (reference) => {
      known.set(reference.urlKey, await fetchImage(pipeline, reference, needed, within));
    });
  if (budget === undefined) await fetchAll(missing, signal);
  else await budget.spend(missing, signal, fetchAll);
  for (const urlKey of urlKeys) budget?.note(urlKey, known.has(urlKey));

  return wanted.map((ofRecord) => {
    const images: Record<string, ResolvedImages[string]> = {};
    const warnings: RenderWarning[] = [];
    for (const reference of ofRecord) {
      const { field, urlKey, kind } = reference;
      const memory = known.get(urlKey);
      if (memory === undefined) {
        if (budget === undefined) throw new Error('A picture was left out without a budget.');
        images[field] =
          kind === 'audio' ? guessedAudio(guessedSeconds, urlKey) : { kind: 'stored', hash: urlKey };
        continue;
      }
      images[field] = inputOf(reference, memory);
      const warning = warningOf(reference, memory);
      if (warning !== undefined) warnings.push(warning);
    }
    return { images, warnings };
  });
}
