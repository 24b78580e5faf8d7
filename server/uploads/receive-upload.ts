import { rm } from 'node:fs/promises';
import type { MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { Store } from '../../worker/core/ports.ts';
import { cleanFileName } from './clean-file-name.ts';
import { explainFormError } from './explain-form-error.ts';
import { linger } from './linger.ts';
import { saveFile, type SavedFile } from './save-file.ts';
import { watchArrival, type Pace } from './watch-arrival.ts';

/** A file that was received whole. */
export interface UploadedFile extends SavedFile {
  /** The client's name for it, safe to show; no path is built from it. */
  readonly fileName: string;
}

/** The content of a form. */
export interface Upload {
  /** In the order of the form; names may be repeated. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly file: UploadedFile;
  /** Removes the file, unless it was moved away. */
  readonly discard: () => Promise<void>;
}

/** Limits of a form. */
export interface UploadLimits {
  /** Of the file. */
  readonly bytes: number;
  readonly pace?: Pace | undefined;
}

const mostFields = 64;
const longestField = 64 * 1024;
const longestName = 100;
/** For everything in a form that is not the file: fields, headers, boundaries. */
const surroundings = mostFields * longestField + 1024 * 1024;

const tooLarge = (limit: number): BespokeError => errors.fileTooLarge({ megabytes: limit / 1_000_000 });

function readField({ fieldname, value, valueTruncated }: MultipartValue): readonly [string, string] {
  if (typeof fieldname !== 'string' || fieldname === '') throw errors.formFieldUnnamed();
  if (fieldname.length > longestName) throw errors.formFieldNameTooLong({ most: longestName });
  if (valueTruncated) throw errors.formFieldTooLarge({ field: fieldname, kilobytes: longestField / 1024 });
  return [fieldname, typeof value === 'string' ? value : JSON.stringify(value)];
}

async function receiveParts(
  request: FastifyRequest,
  target: string,
  bytes: number,
  signal: AbortSignal,
): Promise<Omit<Upload, 'discard'>> {
  const fields: (readonly [string, string])[] = [];
  let file: UploadedFile | undefined;
  const limits = {
    files: 1,
    // The parser truncates silently; one byte above the limit shows that there was more.
    fileSize: bytes + 1,
    fields: mostFields,
    fieldSize: longestField,
    parts: mostFields + 1,
    headerPairs: 16,
    headerSize: 8 * 1024,
  };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') fields.push(readField(part));
    else if (part.fieldname !== 'file') throw errors.formFileMisplaced();
    else {
      const check = (arrived: number): void => {
        if (arrived > bytes) throw tooLarge(bytes);
      };
      const saved = await saveFile(part.file, target, { signal, check });
      file = { ...saved, fileName: cleanFileName(part.filename) };
    }
  }
  if (file === undefined) throw errors.formFileMissing();
  return { fields, file };
}

/**
 * Receives a form with one file. The file is written to the store's scratch folder and hashed while it
 * arrives, and is never held in memory. After an error no file remains.
 *
 * @throws BespokeError `request-invalid`, `request-timeout`, `body-too-large` as early as possible,
 * `disk-full`.
 */
export async function receiveUpload(
  request: FastifyRequest,
  store: Pick<Store, 'scratch'>,
  { bytes, pace }: UploadLimits,
): Promise<Upload> {
  const most = bytes + surroundings;
  if (Number(request.headers['content-length'] ?? 0) > most) {
    linger(request.raw);
    throw tooLarge(bytes);
  }
  const target = await store.scratch('upload');
  const discard = (): Promise<void> => rm(target, { force: true });
  const giveUp = new AbortController();
  const arrival = watchArrival(request.raw, most, pace);
  try {
    const parts = receiveParts(request, target, bytes, giveUp.signal);
    const received = await Promise.race([parts, arrival.broken]);
    return { ...received, discard };
  } catch (error) {
    giveUp.abort();
    linger(request.raw);
    await discard();
    throw explainFormError(error, () => tooLarge(bytes));
  } finally {
    arrival.stop();
  }
}
