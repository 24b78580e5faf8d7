import type { ServerLog } from './dependencies.ts';
import type { Server } from './server.ts';

/**
 * Logs every request: its route's pattern rather than its address, which may hold a link or a
 * cursor, and no header but the public part of the key.
 */
export function logRequests(server: Server, log: ServerLog): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(request.apiKey !== undefined && { apiKey: request.apiKey.id }),
      },
      'request',
    );
  });
}
