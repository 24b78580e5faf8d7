import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { errors } from '../../../errors/messages.ts';
import { privateModes } from './make-folder.ts';
import { retryDelayMs } from './s3-client.ts';
import { isAbsent, isNotImplemented, isOvertaken } from './s3-failure.ts';
import { isOfThisDisk } from './storage-error.ts';

/** An object's address in a bucket. */
export interface S3Object {
  readonly Bucket: string;
  readonly Key: string;
}

/** Above this size a file is sent in parts of this size, four at a time. */
const partBytes = 8 * 1024 * 1024;

/** @returns an object's size in bytes, `undefined` if it does not exist. */
export async function sizeOfObject(client: S3Client, object: S3Object): Promise<number | undefined> {
  try {
    return (await client.send(new HeadObjectCommand(object))).ContentLength ?? 0;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function send(
  client: S3Client,
  brisk: S3Client,
  object: S3Object,
  file: string,
  headers: { readonly ContentType: string; readonly IfNoneMatch?: '*' },
): Promise<void> {
  const upload = new Upload({
    client,
    params: { ...object, ...headers, Body: createReadStream(file, { highWaterMark: 1024 * 1024 }) },
    partSize: partBytes,
    leavePartsOnError: true,
  });
  try {
    await upload.done();
  } catch (error) {
    const { uploadId: UploadId } = upload;
    // After a minute of failed attempts, do not wait another minute to drop the parts.
    if (UploadId !== undefined) {
      await brisk.send(new AbortMultipartUploadCommand({ ...object, UploadId })).catch(() => undefined);
    }
    throw error;
  }
}

/**
 * Makes an upload: an object appears complete or not at all, and an existing one stays as it is. If a store answers
 * that it does not support conditional writes, uploads continue without the condition.
 *
 * @returns an upload that returns whether the object has the content of this file.
 */
export function makeUploader(
  client: S3Client,
  brisk: S3Client,
): (object: S3Object, file: string, contentType: string) => Promise<boolean> {
  let conditional = true;
  return async (object, file, contentType) => {
    const headers = { ContentType: contentType };
    try {
      if (conditional) {
        try {
          await send(client, brisk, object, file, { ...headers, IfNoneMatch: '*' });
          return true;
        } catch (error) {
          if (!isNotImplemented(error)) throw error;
          conditional = false;
        }
      }
      await send(client, brisk, object, file, headers);
      return true;
    } catch (error) {
      // Another worker was first, or the answer to this one's first request was lost.
      if (isOvertaken(error) && (await sizeOfObject(client, object)) !== undefined) return false;
      throw error;
    }
  };
}

/**
 * Downloads a complete object to `file` and syncs it to disk. If the connection breaks, it starts again, for
 * `patienceMs`.
 *
 * @returns `false` when there is no such object.
 * @throws BespokeError `store-away` when the connection keeps breaking; the client's errors.
 */
export async function download(
  client: S3Client,
  object: S3Object,
  file: string,
  patienceMs: number,
): Promise<boolean> {
  const giveUpAt = Date.now() + patienceMs;
  for (let tries = 0; ; tries += 1) {
    let answer;
    try {
      answer = await client.send(new GetObjectCommand(object));
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
    const { Body, ContentLength } = answer;
    if (!(Body instanceof Readable)) throw new Error('The answer of the store has no body.');
    try {
      await pipeline(Body, createWriteStream(file, { flush: true, mode: privateModes.file }));
      const { size } = await stat(file);
      if (ContentLength === undefined || size === ContentLength) return true;
      throw errors.downloadIncomplete({ arrived: size, whole: ContentLength });
    } catch (error) {
      await rm(file, { force: true });
      if (isOfThisDisk(error) || Date.now() > giveUpAt) throw error;
    }
    await sleep(retryDelayMs(tries));
  }
}
