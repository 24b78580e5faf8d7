import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartValue } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import { storageError } from '../worker/adapters/store/storage-error.ts';
import type { Store } from '../worker/core/ports.ts';
import { InvalidRequest } from './invalid-request.ts';
import type { Server } from './server.ts';
import { refuseUnstorable } from './validate.ts';

const longestName = 120;

/** A client's name for a file, safe for messages: one short line without folders. */
function cleanFileName(name: string | undefined): string {
  const last = (name ?? '').normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const shown = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = [...shown].slice(0, longestName).join('');
  return characters === '' || /^\.+$/.test(characters) ? 'upload.csv' : characters;
}

/** Errors for the parser's codes. */
const refusals = new Map([
  ['FST_PARTS_LIMIT', errors.formPartsTooMany],
  ['FST_FIELDS_LIMIT', errors.formFieldsTooMany],
  ['FST_FILES_LIMIT', errors.formFilesTooMany],
  ['FST_PROTO_VIOLATION', errors.formFieldForbidden],
  ['FST_INVALID_JSON_FIELD_ERROR', errors.formFieldNotJson],
  ['FST_MP_PREMATURE_CLOSE', errors.formIncomplete],
]);

/** Explains an error of a form. Other errors are returned as they are. */
function explainFormError(error: unknown, tooLarge: () => BespokeError): unknown {
  if (error instanceof BespokeError || !(error instanceof Error)) return error;
  if (error instanceof ArrivedTooMuch) return tooLarge();
  const code = 'code' in error ? error.code : undefined;
  const refusal = typeof code === 'string' ? refusals.get(code) : undefined;
  if (refusal !== undefined) return refusal(undefined, { cause: error });
  // The parser's own errors are plain and have no code: a missing boundary, a form that ends too early.
  if (code !== undefined || Object.getPrototypeOf(error) !== Error.prototype) return error;
  return errors.formUnreadable({ why: error.message }, { cause: error });
}

const lingerMs = 3_000;

/**
 * Discards what a refused client still sends, for a few seconds, and then closes the connection. Closing at once
 * would reset it before the client has read why it was refused.
 */
export function linger(request: IncomingMessage): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const hasBody = length !== '0' || encoding !== undefined;
  if (!hasBody || request.complete || request.destroyed) return;
  request.unpipe();
  request.on('error', () => undefined);
  request.resume();
  const cut = setTimeout(() => request.destroy(), lingerMs).unref();
  const done = (): void => clearTimeout(cut);
  request.once('end', done);
  request.once('close', done);
}

/** The least that must arrive in each window, or the request is ended. */
export interface Pace {
  readonly windowMs: number;
  readonly bytes: number;
}

const usualPace: Pace = { windowMs: 30_000, bytes: 30_000 };

/** More bytes have arrived than any form may have. */
class ArrivedTooMuch extends Error {}

/**
 * Watches the bytes of a request's body as they arrive. Those that the parser ignores count too: before the
 * first boundary, or of a truncated field.
 *
 * @returns `broken`, which rejects with `ArrivedTooMuch`, or BespokeError `request-timeout` when the client stalls.
 */
function watchArrival(
  request: IncomingMessage,
  most: number,
  pace: Pace = usualPace,
): { readonly broken: Promise<never>; readonly stop: () => void } {
  let arrived = 0;
  let before = 0;
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  broken.catch(() => undefined);
  const count = (chunk: Buffer): void => {
    arrived += chunk.length;
    if (arrived > most) fail(new ArrivedTooMuch());
  };
  request.on('data', count);
  const timer = setInterval(() => {
    if (!request.complete && arrived - before < pace.bytes) {
      fail(errors.requestStalled({ kilobytes: pace.bytes / 1000, seconds: pace.windowMs / 1000 }));
    }
    before = arrived;
  }, pace.windowMs).unref();
  return {
    broken,
    stop: () => {
      clearInterval(timer);
      request.off('data', count);
    },
  };
}

/** Passes a body on as it arrives. Fails when its client stalls, unless the request has been answered. */
function passOn(request: IncomingMessage, answer: ServerResponse, body: Readable, pace: Pace | undefined) {
  const through = new PassThrough();
  const { broken, stop } = watchArrival(request, Infinity, pace);
  broken.catch((error: unknown) => {
    linger(request);
    through.destroy(error instanceof Error ? error : new Error('The body ended too early.'));
  });
  // Nothing listens for the failure when a body is refused unread.
  through.on('error', () => undefined);
  through.once('close', stop);
  answer.once('close', stop);
  body.once('error', (error) => through.destroy(error));
  return body.pipe(through);
}

/** Ends every request whose body stalls. `receiveUpload` watches forms itself, since it knows their size limits. */
export function watchBodies(server: Server, pace: Pace | undefined): void {
  server.addHook('preParsing', async (request, reply, body: Readable) =>
    request.raw.complete || /^multipart\//i.test(request.headers['content-type'] ?? '')
      ? body
      : passOn(request.raw, reply.raw, body, pace),
  );
}

/** A file on disk and its hash. */
export interface SavedFile {
  /** Local. */
  readonly path: string;
  /** SHA-256 of the content, in hex. */
  readonly hash: string;
  readonly bytes: number;
}

/** When writing is aborted. */
export interface SaveLimits {
  readonly signal?: AbortSignal;
  /** Throws when there are too many bytes. */
  readonly check?: (bytes: number) => void;
}

/**
 * Writes a stream to a new file and hashes it on the way. After an error the file is removed.
 *
 * @throws BespokeError `disk-full`, `directory-not-writable`; and what the stream fails with.
 */
async function saveFile(
  from: Readable,
  target: string,
  { signal, check }: SaveLimits = {},
): Promise<SavedFile> {
  signal?.throwIfAborted();
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measure(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      check?.(bytes);
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    // Opened here, because a stream that is aborted before it has opened its file would still create it.
    const file = await open(target, 'wx', 0o600);
    await pipeline(from, measure, file.createWriteStream(), { ...(signal !== undefined && { signal }) });
    return { path: target, hash: hash.digest('hex'), bytes };
  } catch (error) {
    await rm(target, { force: true });
    throw storageError(error, 'uploads');
  }
}

/**
 * Makes an object of a form's fields, so that a schema can check it.
 *
 * @param repeatable names that may be repeated; they become lists.
 * @throws InvalidRequest for another name that is repeated, because it is unclear which value counts; and for
 * text that the tables cannot store.
 */
export function gatherFields(
  fields: readonly (readonly [name: string, value: string])[],
  repeatable: readonly string[],
): Readonly<Record<string, string | readonly string[]>> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of fields) lists.set(name, [...(lists.get(name) ?? []), value]);
  const gathered = Array.from(lists, ([name, values]): readonly [string, string | readonly string[]] => {
    const [value = ''] = values;
    if (repeatable.includes(name)) return [name, values];
    if (values.length === 1) return [name, value];
    const message = `The field "${name}" is repeated.`;
    throw new InvalidRequest('request-invalid', message, [{ pointer: `/${name}`, message }]);
  });
  const form = Object.fromEntries(gathered);
  refuseUnstorable('body', form);
  return form;
}

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
const longestFieldName = 100;
/** For everything in a form that is not the file: fields, headers, boundaries. */
const surroundings = mostFields * longestField + 1024 * 1024;

const tooLarge = (limit: number): BespokeError => errors.fileTooLarge({ megabytes: limit / 1_000_000 });

function readField({ fieldname, value, valueTruncated }: MultipartValue): readonly [string, string] {
  if (typeof fieldname !== 'string' || fieldname === '') throw errors.formFieldUnnamed();
  if (fieldname.length > longestFieldName) throw errors.formFieldNameTooLong({ most: longestFieldName });
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
