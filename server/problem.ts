import { BespokeError } from '../errors/bespoke-error.ts';
import { errorCatalogue, type ErrorCode } from '../errors/catalogue.ts';
import { nameSystemError } from '../errors/system-error.ts';
import { InvalidRequest, type RequestFault } from './invalid-request.ts';
import { hintByCode, statusByCode } from './problem-status.ts';

/** The media type of RFC 9457. */
export const problemType = 'application/problem+json';

/** What a client is told when something fails. */
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
    detail: 'The body is larger than this address takes.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'media-type-unsupported',
    detail: 'This address does not take a body of this content type; JSON must be named application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'request-invalid',
    detail: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'request-invalid', detail: 'The body is not JSON.' },
  FST_ERR_BAD_URL: { code: 'route-unknown', detail: 'The address is not a valid one.' },
  FST_ERR_HANDLER_TIMEOUT: { code: 'service-unavailable', detail: 'The answer took too long.' },
};

const byStatus: Readonly<Record<number, { readonly code: ErrorCode; readonly detail: string }>> = {
  404: { code: 'route-unknown', detail: 'There is nothing at this address.' },
  413: { code: 'body-too-large', detail: 'The request is larger than this address takes.' },
  414: { code: 'route-unknown', detail: 'The address is longer than any that exists.' },
  415: { code: 'media-type-unsupported', detail: 'This address does not take a body of this content type.' },
  503: { code: 'service-unavailable', detail: 'The service cannot answer now.' },
};

function readForeign(error: unknown): { readonly code: ErrorCode; readonly detail: string } {
  if (!(error instanceof Error)) return { code: 'internal', detail: ourFault };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  const known = foreignCodes[code] ?? byStatus[status];
  if (known !== undefined) return known;
  // What a library says of a bad request is about its form and is meant for who sent it.
  if (status >= 400 && status < 500) return { code: 'request-invalid', detail: sentence(error.message) };
  return { code: 'internal', detail: ourFault };
}

const ourFault = 'Something went wrong on our side.';

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The code and detail of a failure as clients may know them: nothing of what is behind this door. */
function readFailure(error: unknown): { readonly code: ErrorCode; readonly detail: string } {
  if (!(error instanceof BespokeError)) return readForeign(error);
  if (error.code === 'service-unavailable') return { code: error.code, detail: error.message };
  if (error.code === 'engine-unknown') return { code: 'service-unavailable', detail: error.message };
  switch (statusByCode[error.code]) {
    case 500:
      return { code: 'internal', detail: ourFault };
    case 503:
      return { code: 'service-unavailable', detail: 'A part that this service stands on is away.' };
    default:
      return { code: error.code, detail: error.message };
  }
}

/** Who asked. The owner of the workspace, at their own machine, is told what clients elsewhere are not. */
export type Asker = 'client' | 'owner';

function readFailureFor(asker: Asker, error: unknown): ReturnType<typeof readFailure> {
  const known = error instanceof BespokeError ? error : nameSystemError(error);
  if (asker === 'client' || known === undefined) return readFailure(error);
  return { code: known.code, detail: known.message };
}

/** The one way from a failure to what is said of it to whoever asked. */
export function toProblem(error: unknown, requestId: string, asker: Asker = 'client'): Problem {
  const { code, detail } = readFailureFor(asker, error);
  const { title, hint, retryable } = errorCatalogue[code];
  const status = statusByCode[code];
  return {
    type: `urn:bespoke:error:${code}`,
    title,
    // A request that names what there is not is found; it is its content that cannot be used.
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
 * What the log keeps of a failure on our side: kinds, codes and places. Messages of errors that are
 * not ours are left out, because databases quote in them the values that they were given.
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
