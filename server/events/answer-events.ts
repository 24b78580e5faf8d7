import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Snapshot } from '../../worker/orders/snapshots.ts';
import type { Server } from '../server.ts';
import { SnapshotFeed } from './snapshot-feed.ts';

/** The headers of a request for events. */
export const eventHeaders = z.looseObject({
  'last-event-id': z
    .string()
    .max(100)
    .optional()
    .meta({
      description:
        'The id of the last event that arrived; browsers send it by themselves. What it told is not told again.',
      examples: ['9f2c1e7d3b5a48607c1d2e3f'],
    }),
});

/** The answers of a route for events, for its documentation. */
export const eventAnswers = {
  200: {
    description:
      'Server-sent events. Each `data` is what the address without `/events` answers, sent at once and whenever it has changed; the stream closes after the last one.',
    content: {
      'text/event-stream': {
        schema: z.string().meta({
          examples: [
            'retry: 2000\n\nid: 9f2c1e7d3b5a48607c1d2e3f\ndata: {"id":"…","status":{"state":"rendering","done":2,"total":5}}\n\n',
          ],
        }),
      },
    },
  },
  204: z
    .undefined()
    .meta({ description: 'It has ended, and the event that said so has arrived: do not connect again.' }),
};

/**
 * Answers requests for events about subjects of one kind. Streams end when the server closes.
 *
 * @param read how a subject stands now; `data` is sent as JSON.
 * @param unknown the code for a subject that there is not.
 */
export function answerEvents(
  server: Server,
  read: (id: string) => Promise<Snapshot<unknown> | undefined>,
  unknown: ErrorCode,
): (id: string, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const feed = new SnapshotFeed(async (id) => {
    const snapshot = await read(id);
    return snapshot && { id: snapshot.id, json: JSON.stringify(snapshot.data), ended: snapshot.ended };
  });
  server.addHook('preClose', async () => feed.close());

  return async (id, request, reply) => {
    const known = request.headers['last-event-id'];
    const stream = await feed.open(id, typeof known === 'string' ? known : undefined);
    if (stream === 'unknown') throw new BespokeError(unknown, 'There is nothing of this id.');
    void reply.header('cache-control', 'no-store');
    if (stream === 'ended') return reply.code(204).send();
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream);
  };
}
