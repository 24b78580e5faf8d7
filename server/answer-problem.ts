import type { Socket } from 'node:net';
import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../errors/messages.ts';
import { acceptedLanguages, choosePageLanguage } from '../video/story/languages.ts';
import type { ServerLog } from './dependencies.ts';
import { isLocal } from './local-callers.ts';
import { describeFailure, type Problem, problemType, toProblem } from './problem.ts';
import { linger } from './receive-upload.ts';
import type { SecurityHeaders } from './security-headers.ts';
import { InvalidInput } from './validate.ts';
import { plainPolicy, writeNoFile, writeUnavailable } from './viewer-page-html.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** People open this address in a browser, so a failure is shown as a page. */
    seenByPeople?: boolean;
  }
}

/** A malformed id in an address is answered like any other unknown id. */
function asUnknown(error: unknown, request: FastifyRequest): unknown {
  if (!(error instanceof InvalidInput) || error.part !== 'params') return error;
  return errors.nothingHere(request.routeOptions.config.unknown);
}

/** Failures that pass in a moment. */
const passing: ReadonlySet<string> = new Set(['service-unavailable', 'film-in-making', 'stills-waiting']);

/** Whether a person sees the answer in a browser. */
const isSeen = (request: FastifyRequest): boolean =>
  request.routeOptions.config.seenByPeople === true &&
  (request.headers.accept ?? '').toLowerCase().includes('text/html');

/** What a person sees in place of a problem. */
function pageFor({ status, code }: Problem, request: FastifyRequest): string | undefined {
  const language = choosePageLanguage(acceptedLanguages(request.headers['accept-language']));
  if (status === 503) return writeUnavailable(language);
  return code === 'link-unknown' ? writeNoFile(language) : undefined;
}

function send(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (passing.has(problem.code) && !reply.hasHeader('retry-after')) {
    void reply.header('retry-after', '5');
  }
  const page = isSeen(request) ? pageFor(problem, request) : undefined;
  // Text, so that no response schema of the route is applied to a problem.
  if (page === undefined) {
    return reply.code(problem.status).type(problemType).send(JSON.stringify(problem));
  }
  void reply.headers({
    'cache-control': 'no-store',
    'content-security-policy': plainPolicy,
    vary: 'accept, accept-language',
  });
  // The page may be embedded in a frame of another site.
  reply.raw.removeHeader('x-frame-options');
  return reply.code(problem.status).type('text/html; charset=utf-8').send(page);
}

/** Answers every failure with problem details. Those on the server's side are logged with the request's id. */
export function answerProblem(log: ServerLog) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(asUnknown(error, request), request.id, isLocal(request) ? 'owner' : 'client');
    if (problem.status >= 500) {
      const { url: route } = request.routeOptions;
      log.error(
        { requestId: request.id, method: request.method, route, ...describeFailure(error) },
        problem.title,
      );
    }
    // The rest of the body is discarded, within a time limit.
    linger(request.raw);
    return send(request, reply, problem);
  };
}

/** Answers bytes that are not HTTP, and headers that arrive too slowly, and closes the connection. */
export function answerBrokenConnection(
  headers: SecurityHeaders,
  error: ConnectionError,
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, failure] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? (['408 Request Timeout', errors.requestLate()] as const)
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? (['431 Request Header Fields Too Large', errors.headersTooLarge()] as const)
        : (['400 Bad Request', errors.notHttp()] as const);
  const problem = toProblem(failure, '');
  const body = JSON.stringify({ ...problem, status: Number.parseInt(status, 10), requestId: undefined });
  socket.end(
    [
      `HTTP/1.1 ${status}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      `Content-Type: ${problemType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
