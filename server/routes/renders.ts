import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../../errors/messages.ts';
import { renewLinks, revokeLinks } from '../../worker/campaigns/links.ts';
import { cancelCampaign, placeRender, placeSessionRender } from '../../worker/campaigns/place.ts';
import type { RenderReport } from '../../worker/campaigns/report-schema.ts';
import { findRender, renderSnapshot } from '../../worker/campaigns/report.ts';
import type { PlaceOutcome } from '../../worker/campaigns/request.ts';
import { allows } from '../../worker/core/keys.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { answerEvents, eventAnswers, eventHeaders } from '../events.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { nameFaults } from '../name-faults.ts';
import { keyOf } from '../require-keys.ts';
import { idParams, orderHeaders } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import { renderAnswer, renderRequestSchema, sessionRenderRequestSchema } from '../schemas/render.ts';
import type { Server } from '../server.ts';

const tags = ['Renders'];

/** No route here waits for rendering; a request that takes longer waits for a part that is unavailable. */
const handlerTimeout = 30_000;

/** The idempotency key of a request for a campaign. */
export function idempotencyOf(
  request: FastifyRequest,
): { readonly apiKey: string; readonly key: string } | undefined {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? { apiKey: keyOf(request).id, key } : undefined;
}

/**
 * Sets the headers for a campaign: its address, and whether an earlier request placed it.
 *
 * @throws BespokeError `idempotency-conflict`.
 */
export function acceptOrder(reply: FastifyReply, placed: PlaceOutcome, address: (id: string) => string) {
  if (placed.outcome === 'conflict') throw errors.idempotencyConflict();
  void reply.header('location', address(placed.campaign.id));
  if (placed.outcome === 'repeated') void reply.header('idempotency-replayed', 'true');
  return placed.campaign;
}

/** `/renders`: one record, one video. */
export async function renderRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, publicUrl, linkDays, webhookOrigins } = dependencies;
  const terms = { publicUrl, linkDays };
  /** Only keys with `read` see the links of a render that they name by id. */
  function presentTo(request: FastifyRequest, report: RenderReport): RenderReport {
    if (allows(keyOf(request), 'read')) return report;
    const { self, events } = report.links;
    return { ...report, links: { self, events }, linksExpireAt: undefined };
  }

  async function find(id: string): Promise<RenderReport> {
    const report = await findRender(pipeline, id, terms);
    if (report === undefined) throw errors.renderUnknown();
    return report;
  }

  const sendEvents = answerEvents(server, (id) => renderSnapshot(pipeline, id, terms), 'render-unknown');

  server.post(
    '/renders',
    {
      config: {
        scopes: ['render'],
        answerHeaders: {
          202: {
            Location: 'Address of the render.',
            'Idempotency-Replayed': '`true` when an earlier request of the same key and body was answered.',
          },
        },
      },
      handlerTimeout,
      schema: {
        operationId: 'createRender',
        tags,
        summary: 'Order a video',
        description:
          'Checks the record, stores the order and answers at once. Single renders overtake campaigns. Errors in the record are reported here (422). Images are fetched later; one that cannot be fetched is replaced by a fallback, with a warning. When the same API key repeats it with the same `Idempotency-Key` and body, the answer shows the current state of the render, links included.',
        headers: orderHeaders,
        body: renderRequestSchema,
        response: {
          202: renderAnswer('Accepted.', 'ordered'),
          ...problems(
            'request-invalid',
            'idempotency-conflict',
            'body-too-large',
            'media-type-unsupported',
            'record-invalid',
            'path-invalid',
            'webhook-target-refused',
            { unusable: 'template-unknown' },
          ),
        },
      },
    },
    async (request, reply) => {
      const pointers = {
        'template-unknown': '/template',
        'request-invalid': '/format',
        'webhook-target-refused': '/webhookUrl',
        'path-invalid': '/path',
      } as const;
      const placed = await nameFaults(pointers, () =>
        placeRender(pipeline, request.body, { idempotency: idempotencyOf(request), webhookOrigins }),
      );
      if (placed.outcome === 'invalid') {
        const { issues } = placed;
        throw new InvalidRequest(
          'record-invalid',
          errors.recordInvalid({ fields: issues.length }).message,
          issues.map(({ field, message }) => ({ pointer: `/record/${field}`, message })),
        );
      }
      const { id } = acceptOrder(reply, placed, (campaign) => `${publicUrl}/v1/renders/${campaign}`);
      return reply.code(202).send(await find(id));
    },
  );

  server.post(
    '/renders/from-session',
    {
      config: { scopes: ['admin'] },
      handlerTimeout,
      schema: {
        operationId: 'createSessionRender',
        tags,
        summary: 'Order a video of what a viewer watched',
        description:
          'The session of an interactive viewer determines template, format, record and date. The video follows the path that the viewer took.',
        headers: orderHeaders,
        body: sessionRenderRequestSchema,
        response: {
          202: renderAnswer('Accepted.', 'ordered'),
          ...problems(
            'request-invalid',
            'idempotency-conflict',
            'session-unusable',
            'body-too-large',
            'media-type-unsupported',
            'webhook-target-refused',
          ),
        },
      },
    },
    async (request, reply) => {
      const pointers = { 'webhook-target-refused': '/webhookUrl' } as const;
      const placed = await nameFaults(pointers, () =>
        placeSessionRender(pipeline, request.body, { idempotency: idempotencyOf(request), webhookOrigins }),
      );
      const { id } = acceptOrder(reply, placed, (campaign) => `${publicUrl}/v1/renders/${campaign}`);
      return reply.code(202).send(await find(id));
    },
  );

  server.get(
    '/renders/:id',
    {
      config: { scopes: ['read'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'getRender',
        tags,
        summary: 'Get a render',
        description: 'Also finds the rows of campaigns, by the ids in the list of rows.',
        params: idParams,
        response: { 200: renderAnswer('Its present state.', 'done'), ...problems('render-unknown') },
      },
    },
    async (request, reply) => reply.header('cache-control', 'no-store').send(await find(request.params.id)),
  );

  server.get(
    '/renders/:id/events',
    {
      exposeHeadRoute: false,
      config: { scopes: ['read'], unknown: 'render-unknown' },
      schema: {
        operationId: 'watchRender',
        tags,
        summary: 'Follow a render',
        description: 'Server-sent events until its end. Try it with `curl -N`.',
        params: idParams,
        headers: eventHeaders,
        response: { ...eventAnswers, ...problems('render-unknown') },
      },
    },
    async (request, reply) => {
      await sendEvents(request.params.id, request, reply);
    },
  );

  server.delete(
    '/renders/:id',
    {
      config: { scopes: ['render'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'cancelRender',
        tags,
        summary: 'Cancel a video',
        description:
          'Ends queued and running work; a clip that other videos need is finished. A render that has ended stays as it is. You can repeat the request. The answer contains links to files and page only for a key with `read`.',
        params: idParams,
        response: {
          200: renderAnswer('Its present state.', 'cancelled'),
          ...problems('render-unknown'),
        },
      },
    },
    async (request, reply) => {
      const campaign = await cancelCampaign(pipeline, 'render', request.params.id);
      if (campaign === undefined) throw errors.renderUnknown();
      return reply.send(presentTo(request, await find(campaign.id)));
    },
  );

  server.post(
    '/renders/:id/links',
    {
      config: { scopes: ['render'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'renewLinks',
        tags,
        summary: 'Create new links',
        description:
          'Earlier links stop working at once. The answer contains the new ones only for a key with `read`.',
        params: idParams,
        response: {
          200: renderAnswer('With its new links.', 'done'),
          ...problems('render-unknown'),
        },
      },
    },
    async (request, reply) => {
      const { id } = await find(request.params.id);
      await renewLinks(pipeline, id);
      return reply.send(presentTo(request, await find(id)));
    },
  );

  server.delete(
    '/renders/:id/links',
    {
      config: { scopes: ['render'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'revokeLinks',
        tags,
        summary: 'Withdraw the links of a video',
        description: 'They stop working at once. `POST` to the same address creates new ones.',
        params: idParams,
        response: {
          200: renderAnswer('Without links to files.', 'ordered'),
          ...problems('render-unknown'),
        },
      },
    },
    async (request, reply) => {
      const { id } = await find(request.params.id);
      await revokeLinks(pipeline, id);
      return reply.send(presentTo(request, await find(id)));
    },
  );
}
