import { readFile } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { drawRecord, drawRender, type StillOutcome } from '../../worker/campaigns/draw-still.ts';
import { pointers, recordInvalid, requireRead } from '../accept-order.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { easeBody } from '../ease-body.ts';
import { nameFaults } from '../name-faults.ts';
import { problems } from '../schemas/problem.ts';
import { stillRequestSchema } from '../schemas/still.ts';
import type { Server } from '../server.ts';

const usualPatienceMs = 20_000;

/** Sends a file whole: it may be forgotten while it is read. */
const sendPicture = async (reply: FastifyReply, file: string): Promise<FastifyReply> =>
  reply.type('image/png').send(await readFile(file));

/** `/stills`: one frame of a video that need not be rendered. */
export async function stillRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, stillPatienceMs: patienceMs = usualPatienceMs } = dependencies;
  const closing = new AbortController();
  server.addHook('preClose', async () => {
    closing.abort();
  });
  server.addHook('preValidation', async (request) => {
    request.body = easeBody(request.body);
  });

  async function draw(
    request: FastifyRequest<{ Body: z.output<typeof stillRequestSchema> }>,
    signal: AbortSignal,
  ): Promise<StillOutcome> {
    const { body } = request;
    if ('record' in body) return drawRecord(pipeline, body, patienceMs, signal);
    requireRead(request);
    const { scene } = body;
    const of = 'render' in body ? { render: body.render } : { campaign: body.campaign, row: body.row };
    const drawn = await drawRender(pipeline, { of, scene }, patienceMs, signal);
    if (drawn === undefined) throw errors.renderUnknown();
    return drawn;
  }

  server.post(
    '/stills',
    {
      config: { scopes: ['render'] },
      schema: {
        operationId: 'drawStill',
        tags: ['Renders'],
        summary: 'Draw a picture of a record or row',
        description:
          'One frame as PNG, of a record before it is ordered (checked as `POST /v1/renders` does), or of a render or a row of a campaign, for a key with `read`. Nothing is ordered. A worker draws the picture, beside rendering; the request waits up to 20 seconds for it and then answers 202: send it again. The same request gets the same picture for ten minutes; then picture and record are forgotten.',
        body: stillRequestSchema,
        response: {
          200: {
            description: 'The picture.',
            content: { 'image/png': { schema: z.string().meta({ format: 'binary' }) } },
          },
          202: z.null().meta({ description: 'The picture is still being drawn.' }),
          ...problems(
            'request-invalid',
            'body-too-large',
            'media-type-unsupported',
            'record-invalid',
            'person-erased',
            'still-failed',
            'render-unknown',
            'render-unplanned',
            'record-unknown',
            'stills-waiting',
            'template-broken',
            { unusable: 'template-unknown' },
          ),
        },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, closing.signal]);
      const drawn = await nameFaults(pointers, () => draw(request, signal));
      void reply.header('cache-control', 'no-store');
      switch (drawn.outcome) {
        case 'drawn':
          return sendPicture(reply, drawn.file);
        case 'drawing':
          return reply.code(202).header('retry-after', '1').send(null);
        case 'invalid':
          throw recordInvalid(drawn.issues);
        default:
          return drawn satisfies never;
      }
    },
  );
}
