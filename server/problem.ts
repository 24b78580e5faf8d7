import { BespokeError } from '../errors/bespoke-error.ts';
import { errorCatalogue, type ErrorCode } from '../errors/catalogue.ts';
import { nameSystemError } from '../errors/system-error.ts';
import { InvalidRequest, type RequestFault } from './invalid-request.ts';

/**
 * The HTTP status of each code. Failures of the server are 5xx, and their messages are for the operator:
 * clients receive `internal` or `service-unavailable` instead.
 */
export const statusByCode = {
  'request-invalid': 400,
  'usage-invalid': 400,
  'path-invalid': 400,
  'coarser-unknown': 400,
  'settings-invalid': 400,
  'session-unusable': 409,
  'key-missing': 401,
  'session-missing': 401,
  'key-forbidden': 403,
  'rights-missing': 403,
  'origin-refused': 403,
  'route-unknown': 404,
  'render-unknown': 404,
  'campaign-unknown': 404,
  'link-unknown': 404,
  'clip-unavailable': 404,
  'key-unknown': 404,
  'template-unknown': 404,
  'method-unknown': 405,
  'request-timeout': 408,
  'campaign-unfinished': 409,
  'delivery-unknown': 404,
  'endpoint-unknown': 404,
  'still-failed': 422,
  'stills-waiting': 429,
  'endpoints-full': 409,
  'render-unplanned': 409,
  'record-unknown': 409,
  'film-in-making': 409,
  'film-not-made': 409,
  'idempotency-conflict': 409,
  'render-cancelled': 409,
  'link-ended': 410,
  'body-too-large': 413,
  'media-type-unsupported': 415,
  'range-invalid': 416,
  'record-invalid': 422,
  'row-suspect': 422,
  'row-invalid': 422,
  'row-duplicate': 422,
  'person-erased': 422,
  'campaign-stopped': 422,
  'template-broken': 422,
  'template-failed': 422,
  'csv-unreadable': 422,
  'csv-not-text': 422,
  'csv-encoding': 422,
  'csv-empty': 422,
  'csv-quotes': 422,
  'csv-too-wide': 422,
  'csv-columns': 422,
  'csv-ambiguous': 422,
  'csv-encoding-unclear': 422,
  'table-unreadable': 422,
  'table-too-large': 422,
  'table-sheet': 422,
  'table-layout': 422,
  'input-unreachable': 422,
  'webhook-target-refused': 422,
  'rate-limited': 429,
  internal: 500,
  'code-mismatch': 500,
  'directory-not-writable': 500,
  'browser-missing': 500,
  'clip-timeout': 500,
  'browser-crashed': 500,
  'job-timed-out': 500,
  'worker-died': 500,
  'scene-failed': 500,
  'speech-unset': 500,
  'speech-refused': 500,
  'ffmpeg-missing': 500,
  'media-failed': 500,
  'project-unreadable': 500,
  'bundle-failed': 500,
  'templates-missing': 500,
  'config-invalid': 500,
  'worker-alone': 500,
  'template-invalid': 500,
  'secret-invalid': 500,
  'secret-mismatch': 500,
  'stored-file-missing': 500,
  'address-in-use': 500,
  'database-newer': 500,
  'database-older': 500,
  'service-unavailable': 503,
  'speech-unavailable': 503,
  'server-stopped': 503,
  'server-unreachable': 503,
  'server-incompatible': 500,
  'engine-mismatch': 500,
  'engine-unknown': 503,
  'disk-full': 503,
  'redis-away': 503,
  'redis-refuses-writes': 503,
  'redis-refused': 503,
  'redis-evicts': 503,
  'postgres-away': 503,
  'postgres-slow': 503,
  'postgres-refused': 503,
  'store-away': 503,
  'store-refused': 503,
  'workspace-held': 503,
} as const satisfies Readonly<Record<ErrorCode, number>>;

/** Hints for HTTP clients, where the catalogue's hint is about the command line. */
export const hintByCode: Partial<Readonly<Record<ErrorCode, string>>> = {
  internal: 'Try again. If it happens again, send the requestId to the operator.',
  'template-unknown': 'GET /v1/templates lists the templates.',
  'record-invalid': 'Correct the fields named in `errors`. GET /v1/templates/{id} describes them.',
  'row-invalid': 'Correct the named cells in failed.csv and upload it again.',
  'row-duplicate': 'Keep one row per id, or name another id column.',
  'csv-ambiguous': 'Say how it is meant with `dateOrder` or `decimalMark`.',
  'csv-encoding-unclear':
    'Choose the reading in which the names are right with `encoding`, or export the file as UTF-8.',
  'table-sheet': 'Name one of the sheets with `sheet`, or leave it out to use the first.',
  'table-layout': 'Correct `headerRow` or `skipFooter`; rows are counted as a spreadsheet counts them.',
  'row-suspect': 'Correct the named cells, or say with `accept` which kind of values is meant.',
  'csv-columns':
    'Rename the column, or choose one with `map` or `idColumn`. GET /v1/templates/{id} lists the fields.',
};

/** The media type of RFC 9457. */
export const problemType = 'application/problem+json';

/** The answer to a request that failed. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly requestId: string;
  readonly errors?: readonly RequestFault[];
}

/** Failures of Fastify and its plugins that have a code of their own; others go by their status. */
const foreignCodes: Readonly<Record<string, { readonly code: ErrorCode; readonly detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body-too-large',
    detail: 'The body is larger than this route allows.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'media-type-unsupported',
    detail: 'This route does not accept a body of this content type. Send JSON as application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'request-invalid',
    detail: 'The body does not have the length in Content-Length.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'request-invalid', detail: 'The body is not JSON.' },
  FST_ERR_BAD_URL: { code: 'route-unknown', detail: 'The address is invalid.' },
  FST_ERR_HANDLER_TIMEOUT: { code: 'service-unavailable', detail: 'The answer took too long.' },
};

const byStatus: Readonly<Record<number, { readonly code: ErrorCode; readonly detail: string }>> = {
  404: { code: 'route-unknown', detail: 'There is nothing at this address.' },
  413: { code: 'body-too-large', detail: 'The request is larger than this route allows.' },
  414: { code: 'route-unknown', detail: 'The address is too long.' },
  415: { code: 'media-type-unsupported', detail: 'This route does not accept a body of this content type.' },
  503: { code: 'service-unavailable', detail: 'The service cannot answer now.' },
};

function readForeign(error: unknown): { readonly code: ErrorCode; readonly detail: string } {
  if (!(error instanceof Error)) return { code: 'internal', detail: ourFault };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  const known = foreignCodes[code] ?? byStatus[status];
  if (known !== undefined) return known;
  // A library's message about a bad request is about its form, and meant for the client.
  if (status >= 400 && status < 500) return { code: 'request-invalid', detail: sentence(error.message) };
  return { code: 'internal', detail: ourFault };
}

const ourFault = 'Unexpected error on the server.';

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The code and detail of a failure for clients: nothing about the server's inside. */
function readFailure(error: unknown): { readonly code: ErrorCode; readonly detail: string } {
  if (!(error instanceof BespokeError)) return readForeign(error);
  if (error.code === 'service-unavailable') return { code: error.code, detail: error.message };
  if (error.code === 'engine-unknown') return { code: 'service-unavailable', detail: error.message };
  switch (statusByCode[error.code]) {
    case 500:
      return { code: 'internal', detail: ourFault };
    case 503:
      return { code: 'service-unavailable', detail: 'A part of this service is unavailable.' };
    default:
      return { code: error.code, detail: error.message };
  }
}

/** Who sent the request. The owner of the workspace, on the same machine, receives details that clients do not. */
export type Asker = 'client' | 'owner';

function readFailureFor(asker: Asker, error: unknown): ReturnType<typeof readFailure> {
  const known = error instanceof BespokeError ? error : nameSystemError(error);
  if (asker === 'client' || known === undefined) return readFailure(error);
  return { code: known.code, detail: known.message };
}

/** Converts a failure to the answer for the caller. */
export function toProblem(error: unknown, requestId: string, asker: Asker = 'client'): Problem {
  const { code, detail } = readFailureFor(asker, error);
  const { title, hint, retryable } = errorCatalogue[code];
  const status = statusByCode[code];
  return {
    type: `urn:bespoke:error:${code}`,
    title,
    // The route exists; the content of the request names something unknown.
    status: status === 404 && error instanceof InvalidRequest ? 422 : status,
    detail,
    code,
    hint: hintByCode[code] ?? hint,
    retryable,
    requestId,
    ...(error instanceof InvalidRequest && { errors: error.faults }),
  };
}

/**
 * What the log keeps of a failure of the server: kinds, codes and places. Messages of foreign errors are left out,
 * because databases quote values in them.
 */
export function describeFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    error: error.name,
    ...(code !== undefined && { code }),
    ...(error instanceof BespokeError && { reason: error.message }),
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim()),
    ...(error.cause !== undefined && { cause: describeFailure(error.cause) }),
  };
}
