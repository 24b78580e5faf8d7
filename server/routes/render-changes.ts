import { errors } from '../../errors/messages.ts';
import { changeRender } from '../../worker/campaigns/change-render.ts';
import { placeRender } from '../../worker/campaigns/place.ts';
import { linkOwnerOf, personKey } from '../../worker/core/suppression.ts';
import {
  answerHeaders,
  checkWebhookScope,
  contextOf,
  orderAnswers,
  pointers,
  renderAnswers,
} from '../accept-order.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { easeBody } from '../ease-body.ts';
import { nameFaults } from '../name-faults.ts';
import { idParams, orderHeaders } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import { customerParams, customerRenderSchema, renderAnswer, renderChangeSchema } from '../schemas/render.ts';
import type { Server } from '../server.ts';

const tags = ['Renders'];
const handlerTimeout = 30_000;

/** Routes that replace what a link shows. */
export async function renderChangeRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline } = dependencies;

  server.addHook('preValidation', async (request) => {
    request.body = easeBody(request.body);
  });

  const { find, answerOrder } = renderAnswers(dependencies);

  server.put(
    '/renders/by-customer/:linkKey/:customerId',
    {
      config: { scopes: ['render'], unknown: 'render-unknown', answerHeaders },
      handlerTimeout,
      schema: {
        operationId: 'putCustomerRender',
        tags,
        summary: 'Order or replace the video of a customer',
        description:
          'As `POST /v1/renders` with this `linkKey` and `customerId`. When the video is done, the link of the customer shows it; until then it shows what it showed. Of several orders, the newest wins, whichever is done first.',
        params: customerParams,
        headers: orderHeaders,
        body: customerRenderSchema,
        response: orderAnswers,
      },
    },
    async (request, reply) => {
      checkWebhookScope(request, request.body.webhookUrl);
      const asked = { ...request.body, ...request.params };
      const placed = await nameFaults(pointers, () =>
        placeRender(pipeline, asked, contextOf(request, dependencies)),
      );
      return answerOrder(request, placed, reply);
    },
  );

  server.get(
    '/renders/by-customer/:linkKey/:customerId',
    {
      config: { scopes: ['read'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'getCustomerRender',
        tags,
        summary: 'Get the newest render of a customer',
        description: 'Of all orders with this link key: single ones and rows of campaigns.',
        params: customerParams,
        response: { 200: renderAnswer('Its present state.', 'done'), ...problems('render-unknown') },
      },
    },
    async ({ params: { linkKey, customerId } }, reply) => {
      const owner = linkOwnerOf(pipeline.hmac, linkKey, personKey(pipeline.hmac, customerId));
      const id = await pipeline.campaigns.newestOf(owner);
      if (id === undefined) throw errors.renderUnknown();
      return reply.header('cache-control', 'no-store').send(await find(id));
    },
  );

  server.patch(
    '/renders/:id',
    {
      config: { scopes: ['render'], unknown: 'render-unknown', answerHeaders },
      handlerTimeout,
      schema: {
        operationId: 'changeRender',
        tags,
        summary: 'Change values of a video',
        description:
          'Orders a render with the same record but for the values that are named. It takes the link of this one when it is done; until then the link shows what it showed. Rows of campaigns can be changed too. The answer is the new render.',
        params: idParams,
        headers: orderHeaders,
        body: renderChangeSchema,
        response: {
          ...orderAnswers,
          ...problems('render-unknown', 'render-unplanned', 'record-unknown'),
        },
      },
    },
    async (request, reply) => {
      checkWebhookScope(request, request.body.webhookUrl);
      const placed = await nameFaults(pointers, () =>
        changeRender(pipeline, request.params.id, request.body, contextOf(request, dependencies)),
      );
      if (placed === undefined) throw errors.renderUnknown();
      return answerOrder(request, placed, reply);
    },
  );
}
