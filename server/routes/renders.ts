import type { FastifyRequest } from 'fastify';
import pMap from 'p-map';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { placeRender, placeSessionRender, retryRender } from '../../worker/campaigns/place.ts';
import { cancelRender, deleteRender } from '../../worker/campaigns/delete-render.ts';
import { findRender, renderSnapshot } from '../../worker/campaigns/report.ts';
import { searchRenders } from '../../worker/campaigns/search-renders.ts';
import {
  acceptedOrder,
  answerHeaders,
  checkWebhookScope,
  contextOf,
  orderAnswers,
  pointers,
  presentTo,
  renderAnswers,
} from '../accept-order.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { answerEvents, eventAnswers, eventHeaders } from '../events.ts';
import { easeBody } from '../ease-body.ts';
import { parsePart } from '../validate.ts';
import { InvalidRequest } from '../invalid-request.ts';
import { nameFaults } from '../name-faults.ts';
import { idParams, orderHeaders } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import {
  batchAnswerSchema,
  renderAnswer,
  renderBatchSchema,
  renderPageSchema,
  renderRequestSchema,
  rendersQuery,
  sessionRenderRequestSchema,
} from '../schemas/render.ts';
import type { Server } from '../server.ts';

const tags = ['Renders'];

/** No route here waits for rendering; a request that takes longer waits for a part that is unavailable. */
const handlerTimeout = 30_000;

/** For many records in one body; each has its own limit. */
const batchLimitBytes = 10_000_000;

const cancelling = 'Queued and running work ends; a clip that other videos need is finished.';

/** Orders of one request that are placed at a time. */
const atOnce = { concurrency: 8 };

/** `/renders`: one record, one video. */
export async function renderRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, publicUrl, linkDays } = dependencies;
  const terms = { publicUrl, linkDays };
  server.addHook('preValidation', async (request) => {
    if (request.method !== 'DELETE') request.body = easeBody(request.body);
  });

  const { find, ordered, answerOrder } = renderAnswers(dependencies);

  const sendEvents = answerEvents(server, (id) => renderSnapshot(pipeline, id, terms), 'render-unknown');

  server.post(
    '/renders',
    {
      config: { scopes: ['render'], answerHeaders },
      handlerTimeout,
      schema: {
        operationId: 'createRender',
        tags,
        summary: 'Order a video',
        description:
          'Checks the record, stores the order and answers at once. Single renders overtake campaigns. Errors in the record are reported here (422). Images are fetched later; one that cannot be fetched is replaced by a fallback, with a warning. When the same API key repeats it with the same `Idempotency-Key` and body, the answer shows the current state of the render, links included.',
        headers: orderHeaders,
        body: renderRequestSchema,
        response: orderAnswers,
      },
    },
    async (request, reply) => {
      if (request.body.linkKey !== undefined) checkWebhookScope(request, request.body.webhookUrl);
      const context = contextOf(request, dependencies);
      const placed = await nameFaults(pointers, () => placeRender(pipeline, request.body, context));
      return answerOrder(request, placed, reply);
    },
  );

  /** Orders one entry of several. */
  async function orderEntry(entry: unknown, index: number, request: FastifyRequest) {
    try {
      const asked = parsePart('body', renderRequestSchema, easeBody(entry));
      if (asked.linkKey !== undefined) checkWebhookScope(request, asked.webhookUrl);
      const { idempotency, webhookOrigins } = contextOf(request, dependencies);
      const own = idempotency && { ...idempotency, key: `${idempotency.key}\n${index}` };
      const placed = await nameFaults(pointers, () =>
        placeRender(pipeline, asked, { idempotency: own, webhookOrigins }),
      );
      return { render: await ordered(request, acceptedOrder(placed)) };
    } catch (error) {
      if (!(error instanceof BespokeError)) throw error;
      const { code, message } = error;
      return { error: { code, message, errors: error instanceof InvalidRequest ? [...error.faults] : [] } };
    }
  }

  server.post(
    '/renders/batch',
    {
      config: { scopes: ['render'] },
      bodyLimit: batchLimitBytes,
      schema: {
        operationId: 'createRenders',
        tags,
        summary: 'Order several videos',
        description:
          'Each entry is a body of `POST /v1/renders` and is accepted or refused separately. Repeated with the same `Idempotency-Key` and entries, nothing is ordered twice. For a file of customers, a campaign is easier to follow.',
        headers: orderHeaders,
        body: renderBatchSchema,
        response: {
          202: batchAnswerSchema,
          ...problems('request-invalid', 'body-too-large', 'media-type-unsupported'),
        },
      },
    },
    async (request, reply) => {
      const renders = await pMap(
        request.body.renders,
        (entry, index) => orderEntry(entry, index, request),
        atOnce,
      );
      return reply.code(202).send({ renders });
    },
  );

  server.post(
    '/renders/:id/retry',
    {
      config: { scopes: ['render'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'retryRender',
        tags,
        summary: 'Retry a video',
        description:
          'One that has failed or was cancelled, also a row of a campaign that has ended; the campaign then ends a second time. Any other stays as it is.',
        params: idParams,
        response: {
          202: renderAnswer('Its present state.', 'ordered'),
          ...problems('render-unknown', 'campaign-unfinished'),
        },
      },
    },
    async (request, reply) => {
      const before = await find(request.params.id);
      if (!(await retryRender(pipeline, before.id))) throw errors.renderUnknown();
      const { self, events } = before.links;
      // The row of a campaign is recorded again in a moment, under the same id.
      const now = (await findRender(pipeline, before.id, terms)) ?? {
        ...before,
        status: { state: 'queued' as const },
        links: { self, events },
        endedAt: undefined,
      };
      return reply.code(202).send(presentTo(request, now));
    },
  );

  server.get(
    '/renders',
    {
      config: { scopes: ['read'] },
      handlerTimeout,
      schema: {
        operationId: 'listRenders',
        tags,
        summary: 'List renders',
        description:
          'Single renders and rows of campaigns: those that were ordered last first, rows of a campaign in the order of its input.',
        querystring: rendersQuery,
        response: { 200: renderPageSchema, ...problems('request-invalid') },
      },
    },
    async ({ query }, reply) => {
      const { renders, next } = await searchRenders(pipeline, query, terms);
      return reply.header('cache-control', 'no-store').send({ renders, next });
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
        placeSessionRender(pipeline, request.body, contextOf(request, dependencies)),
      );
      return answerOrder(request, placed, reply);
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

  server.post(
    '/renders/:id/cancel',
    {
      config: { scopes: ['render'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'cancelRender',
        tags,
        summary: 'Cancel a video',
        description: `${cancelling} A render that has ended stays as it is, whatever happens at the same moment. You can repeat the request. The answer contains links to files and page only for a key with \`read\`.`,
        params: idParams,
        response: {
          200: renderAnswer('Its present state.', 'cancelled'),
          ...problems('render-unknown', 'campaign-unfinished'),
        },
      },
    },
    async (request, reply) => {
      if (!(await cancelRender(pipeline, request.params.id))) throw errors.renderUnknown();
      return reply.send(presentTo(request, await find(request.params.id)));
    },
  );

  server.delete(
    '/renders/:id',
    {
      config: { scopes: ['render'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'deleteRender',
        tags,
        summary: 'Delete or cancel a video',
        description: `Deletes a render that is done or has failed, also a row of a campaign: its record, its files, its page, its links and those that a viewer shared. It is \`skipped\` with the reason \`deleted\` from then on. A single render that has not ended is cancelled: ${cancelling.toLowerCase()} One that was cancelled stays as it is. You can repeat the request.`,
        params: idParams,
        response: {
          200: renderAnswer('Its present state.', 'deleted'),
          ...problems('render-unknown', 'campaign-unfinished'),
        },
      },
    },
    async (request, reply) => {
      if (!(await deleteRender(pipeline, request.params.id))) throw errors.renderUnknown();
      return reply.send(presentTo(request, await find(request.params.id)));
    },
  );
}
