import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import { errorCatalogue, type ErrorCode } from '../errors/catalogue.ts';

/** Where a deployment is reached. */
export interface ClientOptions {
  /** Its address, without a slash at the end. */
  readonly baseUrl: string;
  /** API key, or the pass of a viewer. Not needed over a socket that only the owner can open. */
  readonly key?: string;
  /** How requests are sent; unset: the `fetch` of the platform. */
  readonly fetch?: typeof fetch;
  /**
   * For how long a request is repeated while the server does not answer or is overloaded; milliseconds. Only
   * requests that can safely be repeated are.
   */
  readonly patienceMs?: number;
  /** Is called, once for a request, when it has waited for two seconds or is about to. */
  readonly onWait?: (error: unknown) => void;
}

/** A part of a request's body that the server refuses. */
export interface RefusedPart {
  /** JSON pointer into the body, such as `/record/plan`. */
  readonly pointer: string;
  readonly message: string;
}

/** An answer of the API that says why a request failed. */
export class ApiError extends BespokeError {
  /** The HTTP status. */
  readonly status: number;
  readonly parts: readonly RefusedPart[];

  constructor(code: ErrorCode, message: string, status: number, parts: readonly RefusedPart[]) {
    super(code, message);
    this.status = status;
    this.parts = parts;
  }
}

/** A request to one route. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base address, such as `/v1/renders`. */
  readonly path: string;
  /** Values that are not set are left out. A list is joined by commas, or with `each` the name is repeated. */
  readonly query?: Readonly<
    Record<string, string | number | readonly string[] | { readonly each: readonly string[] } | undefined>
  >;
  readonly json?: unknown;
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Whether it may be sent again when its answer was lost; GET and DELETE always may. */
  readonly repeatable?: boolean;
  /** A status besides 2xx and 304 that is not a failure, if its answer is JSON. */
  readonly acceptStatus?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests to one deployment. */
export interface Transport {
  /**
   * Sends a request, and again where it may be repeated, until `read` has read an answer whole.
   *
   * @throws BespokeError `server-unreachable`, `server-incompatible`, and every code that the API answers with.
   */
  readonly receive: <T>(request: ApiRequest, read: (response: Response) => Promise<T>) => Promise<T>;
  /** Sends a request. The body of its answer has yet to be read. */
  readonly send: (request: ApiRequest) => Promise<Response>;
  /** Sends a request and reads the JSON of its answer. */
  readonly ask: <S extends z.ZodType>(schema: S, request: ApiRequest) => Promise<z.output<S>>;
  /** Follows a route of server-sent events until the last one, through lost connections. */
  readonly follow: <S extends z.ZodType>(
    schema: S,
    request: ApiRequest,
    isLast: (data: z.output<S>) => boolean,
  ) => AsyncGenerator<z.output<S>>;
}

const problemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);

/** Answers after which the same request can succeed a moment later. */
const busyStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const typeOf = ({ headers }: Response): string => headers.get('content-type') ?? 'no content type';

const isJson = (response: Response): boolean => /\bjson\b/.test(typeOf(response));

/** An answer that was written by another program, such as a proxy. */
const unknownAnswer = (response: Response): BespokeError =>
  errors.serverUnknown({ status: response.status, type: typeOf(response) });

/** @throws SyntaxError when the text breaks off, TypeError when the connection does. */
async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  return isJson(response) ? JSON.parse(text) : undefined;
}

function check<S extends z.ZodType>(schema: S, data: unknown): z.output<S> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw errors.answerUnknown({ difference: z.prettifyError(parsed.error).slice(0, 300) });
}

/** The JSON of an answer, for `receive`. */
export async function readJson<S extends z.ZodType>(schema: S, response: Response): Promise<z.output<S>> {
  const body = await readBody(response);
  if (body === undefined) throw unknownAnswer(response);
  return check(schema, body);
}

/** The data of a server-sent event: events arrive whole or not at all. */
function parseEvent(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw errors.answerUnknown({ difference: 'an event is not JSON' }, { cause: error });
  }
}

async function readProblem(response: Response): Promise<BespokeError> {
  const { status } = response;
  const problem = problemSchema.safeParse(await readBody(response));
  if (!problem.success) {
    return busyStatuses.has(status)
      ? new ApiError('service-unavailable', errors.serverBusy({ status }).message, status, [])
      : unknownAnswer(response);
  }
  const { code, detail, errors: parts = [] } = problem.data;
  return new ApiError(isErrorCode(code) ? code : 'internal', detail, status, parts);
}

function addressOf(baseUrl: string, { path, query = {} }: ApiRequest): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (typeof value === 'object' && 'each' in value) {
      for (const each of value.each) search.append(name, each);
    } else search.set(name, typeof value === 'object' ? value.join(',') : String(value));
  }
  const text = search.toString();
  return `${baseUrl}${path}${text === '' ? '' : `?${text}`}`;
}

/** Milliseconds that an answer asks to wait. */
function askedPause(response: Response | undefined): number | undefined {
  const seconds = Number(response?.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds, 30) * 1000 : undefined;
}

const quietWaitMs = 2_000;

function whyOf(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return undefined;
  return 'code' in cause ? String(cause.code) : cause.message;
}

/** The error for an answer of which only a part arrived. */
export const answerLost = (error: unknown): BespokeError =>
  errors.answerLost({ why: whyOf(error) }, { cause: error });

/** Creates the transport of a client. */
export function createTransport(options: ClientOptions): Transport {
  const { baseUrl, key, patienceMs = 60_000, onWait } = options;
  const fetchOnce = options.fetch ?? fetch;

  function open(request: ApiRequest): Promise<Response> {
    const { method = 'GET', json, form, headers = {}, signal } = request;
    const set = Object.entries({
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]]));
    const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
    return fetchOnce(addressOf(baseUrl, request), {
      method,
      headers: set,
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    });
  }

  /** One attempt. Throws errors that a repetition cannot mend; returns the others. */
  async function attempt<T>(
    request: ApiRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly error: unknown; readonly pauseMs?: number }> {
    let response: Response | undefined;
    try {
      response = await open(request);
      const { ok, status } = response;
      const isAccepted = status === request.acceptStatus && isJson(response);
      if (ok || status === 304 || isAccepted) return { value: await read(response) };
      const error = await readProblem(response);
      if (!busyStatuses.has(status)) throw error;
      return { error, pauseMs: askedPause(response) ?? 1_000 };
    } catch (error) {
      request.signal?.throwIfAborted();
      if (error instanceof BespokeError) throw error;
      if (response !== undefined) return { error: answerLost(error) };
      return { error: errors.serverUnreachable({ url: baseUrl, why: whyOf(error) }, { cause: error }) };
    }
  }

  async function receive<T>(request: ApiRequest, read: (response: Response) => Promise<T>): Promise<T> {
    const { method = 'GET', signal } = request;
    const repeatable = request.repeatable ?? method !== 'POST';
    const began = performance.now();
    const until = began + patienceMs;
    let isQuiet = true;
    for (let pauseMs = 200; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      const tried = await attempt(request, read);
      if ('value' in tried) return tried.value;
      const pause = tried.pauseMs ?? pauseMs;
      const next = performance.now() + pause;
      if (!repeatable || next > until) throw tried.error;
      if (isQuiet && next - began >= quietWaitMs) {
        isQuiet = false;
        onWait?.(tried.error);
      }
      await sleep(pause, undefined, signal === undefined ? {} : { signal });
    }
  }

  const send = (request: ApiRequest): Promise<Response> => receive(request, async (response) => response);

  async function* events(
    response: Response,
  ): AsyncGenerator<{ readonly id?: string; readonly data: string }> {
    if (response.body === null || !typeOf(response).startsWith('text/event-stream')) {
      throw unknownAnswer(response);
    }
    const stream = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    try {
      for await (const { id, data } of stream) {
        yield { ...(id !== undefined && { id }), data };
      }
    } catch {
      // A lost connection ends the stream; the next one continues where it was.
    }
  }

  return {
    receive,
    send,
    ask: (schema, request) => receive(request, (response) => readJson(schema, response)),
    follow: async function* follow(schema, request, isLast) {
      let seen: string | undefined;
      for (;;) {
        const response = await send({
          ...request,
          headers: { accept: 'text/event-stream', 'last-event-id': seen },
        });
        if (response.status === 204) return;
        for await (const { id, data } of events(response)) {
          seen = id ?? seen;
          const parsed = check(schema, parseEvent(data));
          yield parsed;
          if (isLast(parsed)) return;
        }
        request.signal?.throwIfAborted();
        await sleep(500, undefined, request.signal === undefined ? {} : { signal: request.signal });
      }
    },
  };
}
