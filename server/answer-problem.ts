import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { BespokeError } from '../errors/bespoke-error.ts';
import type { SecurityHeaders } from './security-headers.ts';
import type { ServerLog } from './dependencies.ts';
import { isLocal } from './local-callers.ts';
import { InvalidInput } from './validate.ts';
import { unavailablePolicy, writeUnavailable } from './viewer/page-html.ts';
import { linger } from './uploads/linger.ts';
import { describeFailure, problemType, toProblem, type Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** People open this address in a browser, so a failure is shown as a page. */
    seenByPeople?: boolean;
  }
}

/** An id in an address that cannot be one: there is nothing there, as with any other unknown id. */
function asUnknown(error: unknown, request: FastifyRequest): unknown {
  if (!(error instanceof InvalidInput) || error.part !== 'params') return error;
  return new BespokeError(
    request.routeOptions.config.unknown ?? 'route-unknown',
    'There is nothing at this address.',
  );
}

/** What is over in a moment. */
const passing: ReadonlySet<string> = new Set(['service-unavailable', 'film-in-making']);

/** Whether a person looks at the answer, in a browser. */
const isSeen = (request: FastifyRequest): boolean =>
  request.routeOptions.config.seenByPeople === true &&
  (request.headers.accept ?? '').toLowerCase().includes('text/html');

function send(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (passing.has(problem.code) && !reply.hasHeader('retry-after')) {
    void reply.header('retry-after', '5');
  }
  // Text, so that no response schema of the route is asked what it thinks of a problem.
  if (problem.status !== 503 || !isSeen(request)) {
    return reply.code(problem.status).type(problemType).send(JSON.stringify(problem));
  }
  void reply.headers({
    'cache-control': 'no-store',
    'content-security-policy': unavailablePolicy,
    vary: 'accept',
  });
  // The page may be embedded in a frame of another site.
  reply.raw.removeHeader('x-frame-options');
  return reply.code(503).type('text/html; charset=utf-8').send(writeUnavailable());
}

/** Answers every failure with problem details; those on our side are noted with the request's id. */
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

/** Answers what is no HTTP at all, or whose headers come too slowly to be waited for, and hangs up. */
export function answerBrokenConnection(
  headers: SecurityHeaders,
  error: ConnectionError,
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? (['408 Request Timeout', 'The request did not arrive in time.'] as const)
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? (['431 Request Header Fields Too Large', 'The headers are too large.'] as const)
        : (['400 Bad Request', 'What arrived is no HTTP request.'] as const);
  const code = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'request-invalid';
  const problem = toProblem(new BespokeError(code, detail), '');
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
