import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import type { Log, Namespace, Store } from '../../core/ports.ts';
import { openFileCache } from './file-cache.ts';
import { privateModes } from './make-folder.ts';
import { moveFile } from './move-file.ts';
import { objectName } from './object-name.ts';
import { makeS3Client, type S3Config, type Waiting } from './s3-client.ts';
import { isAbsent, isDenied, s3Failure } from './s3-failure.ts';
import { download, makeUploader, type S3Object, sizeOfObject } from './s3-transfer.ts';
import { openScratchFolder, probeScratch } from './scratch-folder.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4a': 'audio/mp4',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.vtt': 'text/vtt; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
};

/** The content type of a stored file, by its extension; sent when it is uploaded. */
function contentTypeOf(name: string): string {
  return contentTypes[extname(name)] ?? 'application/octet-stream';
}

/** What an S3 store needs besides its configuration. */
export interface S3Options {
  readonly cacheFolder: string;
  readonly log: Log;
  /** Shorter ones for tests. */
  readonly times?: Partial<Waiting & { readonly inUseMs: number; readonly trustedMs: number }>;
}

const usualTimes = {
  patienceMs: 60_000,
  silenceMs: 20_000,
  inUseMs: 10 * 60_000,
  trustedMs: 24 * 3600_000,
} as const;
/** Readiness is checked every few seconds and needs a prompt answer. */
const probeWaiting: Waiting = { patienceMs: 0, silenceMs: 4_000 };
const sweepEveryMs = 3600_000;

/**
 * Opens a store in a bucket of an S3-compatible service. Fetched files stay in a cache on this machine. Each copy that
 * is used was in the bucket within the last day, so a file that was removed is gone from all machines a day later.
 *
 * @throws BespokeError `directory-not-writable`, `disk-full` for the cache; the store's methods too, and
 * `store-away`, `store-refused`, and `stored-file-missing` from `fetch`.
 */
export async function openS3Store(config: S3Config, options: S3Options): Promise<Store> {
  const { cacheFolder, log } = options;
  const times = { ...usualTimes, ...options.times };
  const client = makeS3Client(config, config.endpoint, times, log);
  const brisk = makeS3Client(config, config.endpoint, probeWaiting, log);
  const signer = makeS3Client(config, config.publicEndpoint ?? config.endpoint, probeWaiting, log);
  const upload = makeUploader(client, brisk);

  async function guarded<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw s3Failure(error, config, cacheFolder);
    }
  }

  const limits = { bytes: config.cacheBytes, inUseMs: times.inUseMs, trustedMs: times.trustedMs };
  const cache = openFileCache(join(cacheFolder, 'files'), limits, log);
  const freshScratch = await guarded(async () => {
    await mkdir(cacheFolder, { recursive: true, mode: privateModes.folder });
    return openScratchFolder(join(cacheFolder, 'scratch'));
  });
  const sweep = (): void => void cache.sweep().catch(() => log.warn('cache not swept'));
  sweep();
  setInterval(sweep, sweepEveryMs).unref();

  const objectAt = (key: string): S3Object => ({ Bucket: config.bucket, Key: config.prefix + key });

  async function load(name: string): Promise<string | undefined> {
    const part = await freshScratch('part');
    const get = (): Promise<boolean> => download(client, objectAt(name), part, times.patienceMs);
    try {
      if (await get()) return await cache.keep(name, part);
    } catch (error) {
      await rm(part, { force: true });
      const failure = s3Failure(error, config, cacheFolder);
      if (!(failure instanceof BespokeError) || failure.code !== 'disk-full') throw failure;
      await cache.sweep('all');
      if (await get()) return cache.keep(name, part);
    }
    return undefined;
  }

  async function find(name: string): Promise<string | undefined> {
    const copy = await cache.find(name);
    if (copy?.trusted === true) return copy.file;
    if (copy === undefined) return load(name);
    if ((await sizeOfObject(client, objectAt(name))) === undefined) {
      await cache.forget(name);
      return undefined;
    }
    await cache.confirm(name);
    return copy.file;
  }

  /** Downloads that are running: further requests for the same file wait for the same download. */
  const underWay = new Map<string, Promise<string | undefined>>();

  function findOnce(name: string): Promise<string | undefined> {
    const running = underWay.get(name);
    if (running !== undefined) return running;
    const run = find(name).finally(() => underWay.delete(name));
    underWay.set(name, run);
    return run;
  }

  async function keepCopy(name: string, file: string): Promise<void> {
    try {
      const part = await freshScratch('part');
      await moveFile(file, part, () => freshScratch('part'));
      await cache.keep(name, part);
    } catch (error) {
      log.warn('no copy kept', { error: error instanceof Error ? error.name : 'unknown' });
      await rm(file, { force: true });
    }
  }

  async function textOf(object: S3Object): Promise<string | undefined> {
    try {
      const { Body } = await brisk.send(new GetObjectCommand(object));
      return await Body?.transformToString();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  async function publish(shelf: Namespace, name: string, file: string): Promise<void> {
    const key = objectName(shelf, name);
    const object = objectAt(key);
    const present = await sizeOfObject(client, object);
    if (present === undefined && (await upload(object, file, contentTypeOf(name)))) await keepCopy(key, file);
    else await rm(file, { force: true });
  }

  async function fetch(shelf: Namespace, name: string): Promise<string> {
    const file = await findOnce(objectName(shelf, name));
    if (file !== undefined) return file;
    throw errors.storedFileMissing({ file: `${shelf}/${name}` });
  }

  return {
    has: (shelf, name) =>
      guarded(async () => (await sizeOfObject(client, objectAt(objectName(shelf, name)))) !== undefined),

    publish: (shelf, name, file) => guarded(() => publish(shelf, name, file)),

    copy: (from, to) =>
      guarded(async () => {
        const part = await freshScratch('part');
        try {
          await copyFile(await fetch(from.namespace, from.name), part);
          await publish(to.namespace, to.name, part);
        } finally {
          await rm(part, { force: true });
        }
      }),

    fetch: (shelf, name) => guarded(() => fetch(shelf, name)),

    address: (shelf: Namespace, name, { contentType, cacheControl, seconds }) =>
      guarded(() =>
        getSignedUrl(
          signer,
          new GetObjectCommand({
            ...objectAt(objectName(shelf, name)),
            ResponseContentType: contentType,
            ResponseCacheControl: cacheControl,
          }),
          { expiresIn: seconds },
        ),
      ),

    remove: (shelf, name) =>
      guarded(async () => {
        const key = objectName(shelf, name);
        await client.send(new DeleteObjectCommand(objectAt(key)));
        await cache.forget(key);
      }),

    probe: () =>
      guarded(async () => {
        const object = objectAt(`probe/${randomUUID()}.txt`);
        await brisk.send(new PutObjectCommand({ ...object, Body: 'probe', ContentType: 'text/plain' }));
        const back = await textOf(object);
        await brisk.send(new DeleteObjectCommand(object));
        if (back !== 'probe') throw errors.storeAltersFiles({ bucket: config.bucket });
        await sizeOfObject(brisk, object).catch((error: unknown) => {
          if (!isDenied(error)) throw error;
          throw errors.bucketListingDenied({ bucket: config.bucket }, { cause: error });
        });
        await probeScratch(freshScratch);
      }),

    scratch: (extension) => guarded(() => freshScratch(extension)),
  };
}
