import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Snapshot } from '../../worker/campaigns/report.ts';
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
        'The id of the last event received; browsers send it themselves. That event is not sent again.',
      examples: ['9f2c1e7d3b5a48607c1d2e3f'],
    }),
});

/** The answers of a route for events, for its documentation. */
export const eventAnswers = {
  200: {
    description:
      'Server-sent events. Each `data` is the answer of the route without `/events`. It is sent at once and after every change; the stream closes after the last one.',
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
    .meta({ description: 'It has ended and you have received its last event. Do not connect again.' }),
};

/**
 * Answers requests for events of subjects of one kind. Streams end when the server closes.
 *
 * @param read the present state of a subject; `data` is sent as JSON.
 * @param unknown the code for an unknown subject.
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
    if (stream === 'unknown') throw errors.nothingHere(unknown);
    void reply.header('cache-control', 'no-store');
    if (stream === 'ended') return reply.code(204).send();
    return reply.type('text/event-stream; charset=utf-8').header('x-accel-buffering', 'no').send(stream);
  };
}
