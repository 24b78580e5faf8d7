import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { cancelCampaign, retryCampaign } from '../../worker/campaigns/place.ts';
import { type CampaignReport, campaignSchema } from '../../worker/campaigns/report-schema.ts';
import {
  campaignRows,
  campaignSnapshot,
  doneCampaignRows,
  findCampaign,
  listCampaigns,
} from '../../worker/campaigns/report.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { answerEvents, eventAnswers, eventHeaders } from '../events.ts';
import { campaignPageSchema, retrySchema, rowPageSchema, rowsQuery } from '../schemas/campaign.ts';
import { idParams } from '../schemas/order.ts';
import { pageQuery } from '../schemas/page.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

const tags = ['Campaigns'];

const handlerTimeout = 30_000;

/** Reads what exists when a campaign has ended. Before that, the answer says when to try again. */
export async function waitForEnd<T>(reply: FastifyReply, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (hasCode(error, 'campaign-unfinished')) void reply.header('retry-after', '10');
    throw error;
  }
}

/** `/campaigns`: the state of campaigns and their rows. */
export async function campaignRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, publicUrl, linkDays } = dependencies;
  const terms = { publicUrl, linkDays };
  const config = { scopes: ['read'], unknown: 'campaign-unknown' } as const;

  async function find(id: string): Promise<CampaignReport> {
    const report = await findCampaign(pipeline, id, terms);
    if (report === undefined) throw errors.campaignUnknown();
    return report;
  }

  const sendEvents = answerEvents(server, (id) => campaignSnapshot(pipeline, id, terms), 'campaign-unknown');

  server.get(
    '/campaigns',
    {
      config: { scopes: ['read'] },
      handlerTimeout,
      schema: {
        operationId: 'listCampaigns',
        tags,
        summary: 'List campaigns',
        description: 'The newest first.',
        querystring: z.strictObject(pageQuery),
        response: { 200: campaignPageSchema, ...problems('request-invalid') },
      },
    },
    async ({ query: { cursor, limit } }, reply) => {
      const { campaigns, next } = await listCampaigns(pipeline, cursor, limit, terms);
      return reply.header('cache-control', 'no-store').send({ campaigns, next });
    },
  );

  server.get(
    '/campaigns/:id',
    {
      config,
      handlerTimeout,
      schema: {
        operationId: 'getCampaign',
        tags,
        summary: 'Get a campaign',
        params: idParams,
        response: { 200: campaignSchema, ...problems('campaign-unknown') },
      },
    },
    async ({ params }, reply) => reply.header('cache-control', 'no-store').send(await find(params.id)),
  );

  server.get(
    '/campaigns/:id/rows',
    {
      config,
      handlerTimeout,
      schema: {
        operationId: 'listCampaignRows',
        tags,
        summary: 'List the rows of a campaign',
        description:
          "In the input's order unless `order` says otherwise; rows that are not planned yet are missing. Each row is a render; `/v1/renders/{id}` returns it too.",
        params: idParams,
        querystring: rowsQuery,
        response: { 200: rowPageSchema, ...problems('request-invalid', 'campaign-unknown') },
      },
    },
    async ({ params, query: { order, status, cursor, limit } }, reply) => {
      const page =
        order === 'done'
          ? await doneCampaignRows(pipeline, params.id, { cursor, limit }, terms)
          : await campaignRows(pipeline, params.id, { states: status, cursor, limit }, terms);
      if (page === undefined) throw errors.campaignUnknown();
      return reply.header('cache-control', 'no-store').send({ rows: page.rows, next: page.next });
    },
  );

  server.get(
    '/campaigns/:id/events',
    {
      exposeHeadRoute: false,
      config,
      schema: {
        operationId: 'watchCampaign',
        tags,
        summary: 'Follow a campaign',
        description: 'Server-sent events until its end. Try it with `curl -N`.',
        params: idParams,
        headers: eventHeaders,
        response: { ...eventAnswers, ...problems('campaign-unknown') },
      },
    },
    async (request, reply) => {
      await sendEvents(request.params.id, request, reply);
    },
  );

  server.post(
    '/campaigns/:id/retry',
    {
      config: { scopes: ['render'], unknown: 'campaign-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'retryCampaign',
        tags,
        summary: 'Retry the failed rows',
        description:
          'Other rows stay as they are. Allowed when the campaign has ended; it then ends a second time.',
        params: idParams,
        response: { 202: retrySchema, ...problems('campaign-unknown', 'campaign-unfinished') },
      },
    },
    async ({ params: { id } }, reply) => {
      const rows = await waitForEnd(reply, () => retryCampaign(pipeline, id));
      if (rows === undefined) throw errors.campaignUnknown();
      return reply.code(202).send({ rows, campaign: await find(id) });
    },
  );

  server.delete(
    '/campaigns/:id',
    {
      config: { scopes: ['render'], unknown: 'campaign-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'cancelCampaign',
        tags,
        summary: 'Cancel a campaign',
        description:
          'Ends queued and running work; clips that other videos need are finished, and videos that are done stay. A campaign that has ended stays as it is. You can repeat the request.',
        params: idParams,
        response: {
          200: campaignSchema.meta({ description: 'Its present state.' }),
          ...problems('campaign-unknown'),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      if ((await cancelCampaign(pipeline, 'campaign', id)) === undefined) throw errors.campaignUnknown();
      return reply.send(await find(id));
    },
  );
}
