import { z } from 'zod';
import { type PartsRead, readParts } from '../../worker/check-health.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { isLocal } from '../local-callers.ts';
import { livenessSchema, notReadyAnswer, readyAnswer } from '../schemas/health.ts';
import type { Server } from '../server.ts';

const rememberedMs = 2_000;

type Parts = PartsRead['parts'];

/**
 * Checks at most every two seconds, because checking a store writes to it. When the unavailable parts change, the
 * reasons are logged; clients do not see them.
 */
function createHealthMemory({
  health,
  pipeline: { clock },
  log,
}: Pick<ServerDependencies, 'health' | 'pipeline' | 'log'>): () => Promise<Parts> {
  let asked: { readonly at: number; readonly answer: Promise<Parts> } | undefined;
  let noted = '';

  async function look(): Promise<Parts> {
    const { parts, reasons } = readParts(await health());
    const away = Object.keys(reasons).join(', ');
    if (away !== noted && away !== '') log.error({ reasons }, 'not ready');
    noted = away;
    return parts;
  }

  return () => {
    const time = clock.now().getTime();
    if (asked === undefined || time - asked.at >= rememberedMs) asked = { at: time, answer: look() };
    return asked.answer;
  };
}

/** `/healthz` and `/readyz`, for orchestrators. Without keys: they only report whether parts work. */
export async function healthRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const recentHealth = createHealthMemory(dependencies);

  server.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        tags: ['Operation'],
        summary: 'Is the process alive?',
        description: 'Checks nothing else. Restart the process if it does not answer.',
        security: [],
        response: { 200: livenessSchema },
      },
    },
    async (request, reply) => {
      const answer = reply.header('cache-control', 'no-store');
      if (!isLocal(request)) return answer.send({ status: 'ok' as const });
      const { halted, publicUrl, servesViewers = false } = dependencies;
      const why = halted?.();
      return answer.send({
        status: 'ok' as const,
        ...(why && { halted: { code: why.code, message: why.message } }),
        ...(servesViewers && { publicUrl }),
      });
    },
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
    async (_request, reply) => {
      const parts = await recentHealth();
      void reply.header('cache-control', 'no-store');
      if (Object.values(parts).every((each) => each === 'ok'))
        return reply.code(200).send({ status: 'ready' as const, parts });
      return reply.code(503).send({ status: 'not-ready' as const, parts });
    },
  );
}

/** `/metrics`, behind a key, because its figures are confidential. */
export async function metricsRoutes(server: Server, { metrics }: ServerDependencies): Promise<void> {
  server.get(
    '/metrics',
    {
      config: { scopes: ['read'] },
      schema: {
        operationId: 'getMetrics',
        tags: ['Operation'],
        summary: 'Metrics for Prometheus',
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
