import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import {
  expireLinks,
  findLink,
  listLinks,
  type LinksOf,
  renewLinks,
  withdrawLinks,
} from '../../worker/campaigns/manage-links.ts';
import {
  type CampaignReport,
  campaignSchema,
  linkReportSchema,
} from '../../worker/campaigns/report-schema.ts';
import { findCampaign } from '../../worker/campaigns/report.ts';
import { presentTo, renderAnswers } from '../accept-order.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { changeLinksSchema, linkPageSchema, noBodySchema, renewLinksSchema } from '../schemas/links.ts';
import { idParams } from '../schemas/order.ts';
import { pageQuery } from '../schemas/page.ts';
import { problems } from '../schemas/problem.ts';
import { renderAnswer } from '../schemas/render.ts';
import type { Server } from '../server.ts';

const tags = ['Links'];
const handlerTimeout = 30_000;

const toDate = (time: string | null): Date | undefined => (time === null ? undefined : new Date(time));

/** `/renders/:id/links` and `/campaigns/:id/links`: everything that was mailed. */
export async function linkRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, publicUrl, linkDays } = dependencies;
  const terms = { publicUrl, linkDays };
  const { find: renderOf } = renderAnswers(dependencies);
  const ofRender = { scopes: ['render'], unknown: 'render-unknown' } as const;
  const ofCampaign = { scopes: ['render'], unknown: 'campaign-unknown' } as const;

  async function campaignOf(id: string): Promise<CampaignReport> {
    const report = await findCampaign(pipeline, id, terms);
    if (report === undefined) throw errors.campaignUnknown();
    return report;
  }

  async function renew(which: LinksOf, body: z.output<typeof renewLinksSchema>): Promise<boolean> {
    const known = await renewLinks(pipeline, which);
    if (known && body?.expiresAt !== undefined) await expireLinks(pipeline, which, toDate(body.expiresAt));
    return known;
  }

  server.get(
    '/renders/:id/links',
    {
      config: { scopes: ['read'], unknown: 'render-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'getLinks',
        tags,
        summary: 'Get the links of a video',
        description: 'Whether they work, and until when.',
        params: idParams,
        response: { 200: linkReportSchema, ...problems('render-unknown') },
      },
    },
    async ({ params: { id } }, reply) => {
      await renderOf(id);
      const link = (await findLink(pipeline, id, terms)) ?? {
        render: id,
        state: 'pending' as const,
        links: {},
      };
      return reply.header('cache-control', 'no-store').send(link);
    },
  );

  server.post(
    '/renders/:id/links',
    {
      config: ofRender,
      handlerTimeout,
      schema: {
        operationId: 'renewLinks',
        tags,
        summary: 'Create new links',
        description:
          'Earlier links stop working at once. The answer contains the new ones only for a key with `read`.',
        params: idParams,
        body: renewLinksSchema,
        response: {
          200: renderAnswer('With its new links.', 'done'),
          ...problems('request-invalid', 'render-unknown'),
        },
      },
    },
    async (request, reply) => {
      const { id } = await renderOf(request.params.id);
      await renew({ render: id }, request.body);
      return reply.send(presentTo(request, await renderOf(id)));
    },
  );

  server.patch(
    '/renders/:id/links',
    {
      config: ofRender,
      handlerTimeout,
      schema: {
        operationId: 'changeLinks',
        tags,
        summary: 'Set when the links of a video end',
        params: idParams,
        body: changeLinksSchema,
        response: {
          200: renderAnswer('With the new time.', 'done'),
          ...problems('request-invalid', 'render-unknown'),
        },
      },
    },
    async (request, reply) => {
      const { id } = await renderOf(request.params.id);
      await expireLinks(pipeline, { render: id }, toDate(request.body.expiresAt));
      return reply.send(presentTo(request, await renderOf(id)));
    },
  );

  server.delete(
    '/renders/:id/links',
    {
      config: ofRender,
      handlerTimeout,
      schema: {
        operationId: 'revokeLinks',
        tags,
        summary: 'Withdraw the links of a video',
        description:
          'They stop working at once, also those that a viewer shared. `POST` to the same address creates new ones.',
        params: idParams,
        body: noBodySchema,
        response: {
          200: renderAnswer('Without links to files.', 'ordered'),
          ...problems('request-invalid', 'render-unknown'),
        },
      },
    },
    async (request, reply) => {
      const { id } = await renderOf(request.params.id);
      await withdrawLinks(pipeline, { render: id });
      return reply.send(presentTo(request, await renderOf(id)));
    },
  );

  server.get(
    '/campaigns/:id/links',
    {
      config: { scopes: ['read'], unknown: 'campaign-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'listCampaignLinks',
        tags,
        summary: 'List the links of a campaign',
        description:
          'Of all videos that are done, in the order of the input, whether `bespoke batch`, the API or a page ordered them.',
        params: idParams,
        querystring: z.strictObject(pageQuery),
        response: { 200: linkPageSchema, ...problems('request-invalid', 'campaign-unknown') },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const page = await listLinks(pipeline, id, query, terms);
      if (page === undefined) throw errors.campaignUnknown();
      return reply.header('cache-control', 'no-store').send({ links: page.links, next: page.next });
    },
  );

  const campaignAnswer = { 200: campaignSchema, ...problems('request-invalid', 'campaign-unknown') };

  server.post(
    '/campaigns/:id/links',
    {
      config: ofCampaign,
      handlerTimeout,
      schema: {
        operationId: 'renewCampaignLinks',
        tags,
        summary: 'Create new links for a campaign',
        description: 'Earlier links of all its videos stop working at once. The rows have the new ones.',
        params: idParams,
        body: renewLinksSchema,
        response: campaignAnswer,
      },
    },
    async ({ params: { id }, body }, reply) => {
      if (!(await renew({ campaign: id }, body))) throw errors.campaignUnknown();
      return reply.send(await campaignOf(id));
    },
  );

  server.patch(
    '/campaigns/:id/links',
    {
      config: ofCampaign,
      handlerTimeout,
      schema: {
        operationId: 'changeCampaignLinks',
        tags,
        summary: 'Set when the links of a campaign end',
        description: 'Of all its videos. Rows that are planned later keep the time of the server.',
        params: idParams,
        body: changeLinksSchema,
        response: campaignAnswer,
      },
    },
    async ({ params: { id }, body }, reply) => {
      const known = await expireLinks(pipeline, { campaign: id }, toDate(body.expiresAt));
      if (!known) throw errors.campaignUnknown();
      return reply.send(await campaignOf(id));
    },
  );

  server.delete(
    '/campaigns/:id/links',
    {
      config: ofCampaign,
      handlerTimeout,
      schema: {
        operationId: 'revokeCampaignLinks',
        tags,
        summary: 'Withdraw the links of a campaign',
        description:
          'Those of all its videos stop working at once, also those that viewers shared. `POST` to the same address creates new ones.',
        params: idParams,
        body: noBodySchema,
        response: campaignAnswer,
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await withdrawLinks(pipeline, { campaign: id }))) throw errors.campaignUnknown();
      return reply.send(await campaignOf(id));
    },
  );
}
