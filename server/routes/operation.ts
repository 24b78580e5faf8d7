import { z } from 'zod';
import type { ServerDependencies } from '../dependencies.ts';
import { createHealthMemory } from '../health-memory.ts';
import { isLocal } from '../local-callers.ts';
import { notReadyAnswer, readyAnswer } from '../schemas/readiness.ts';
import type { Server } from '../server.ts';

const liveness = z
  .object({ status: z.literal('ok').meta({ examples: ['ok'] }) })
  .meta({ description: 'The process answers.' });

/** `/healthz` and `/readyz`, for orchestrators. Open: they tell nothing but whether parts work. */
export async function healthRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const recentHealth = createHealthMemory(dependencies);

  server.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        tags: ['Operation'],
        summary: 'Is the process alive?',
        description: 'Looks at nothing else: an orchestrator restarts what does not answer here.',
        security: [],
        response: { 200: liveness },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' as const }),
  );

  server.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        tags: ['Operation'],
        summary: 'Can it take requests?',
        description:
          'Checks that queue, database and store accept a write, that a browser is found, and that jobs end in time. Checks at most every two seconds.',
        security: [],
        response: { 200: readyAnswer, 503: notReadyAnswer },
      },
    },
    async (request, reply) => {
      const parts = await recentHealth();
      const why = dependencies.halted?.();
      const halted = why && { code: why.code, ...(isLocal(request) && { message: why.message }) };
      void reply.header('cache-control', 'no-store');
      if (Object.values(parts).every((each) => each === 'ok'))
        return reply.code(200).send({ status: 'ready' as const, parts });
      return reply.code(503).send({ status: 'not-ready' as const, parts, ...(halted && { halted }) });
    },
  );
}

/** `/metrics`, behind a key: figures of a business are nobody else's. */
export async function metricsRoutes(server: Server, { metrics }: ServerDependencies): Promise<void> {
  server.get(
    '/metrics',
    {
      config: { scopes: ['read'] },
      schema: {
        operationId: 'getMetrics',
        tags: ['Operation'],
        summary: 'Figures for Prometheus',
        description:
          'Renders by outcome, clip hits and misses by scene, queue depth and age, render seconds, frames, browser starts. Prometheus sends the key with `authorization: { credentials: … }`.',
        response: {
          200: {
            description: "Prometheus' text format.",
            content: {
              'text/plain': {
                schema: z.string().meta({ examples: ['bespoke_videos_total{outcome="done"} 42\n'] }),
              },
            },
          },
        },
      },
    },
    async (_request, reply) =>
      reply
        .type('text/plain; version=0.0.4; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(await metrics()),
  );
}
