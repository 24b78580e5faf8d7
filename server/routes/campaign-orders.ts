import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { placeCampaign } from '../../worker/campaigns/place.ts';
import { planCampaign } from '../../worker/campaigns/plan.ts';
import { type CampaignPlan, campaignPlanSchema } from '../../worker/campaigns/report-schema.ts';
import { findCampaign } from '../../worker/campaigns/report.ts';
import type { CampaignRequest } from '../../worker/campaigns/request.ts';
import { acceptOrder, checkWebhookScope, idempotencyOf } from '../accept-order.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { nameFaults } from '../name-faults.ts';
import { createLookLimit, jsonLimitBytes, readTableRequest } from '../read-campaign.ts';
import { campaignFormDocument, campaignFormSchema, campaignJsonSchema } from '../schemas/campaign-request.ts';
import { acceptedCampaignSchema } from '../schemas/campaign.ts';
import { orderHeaders } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

const pointers = {
  'template-unknown': '/template',
  'template-broken': '/template',
  'coarser-unknown': '/coarser',
  'settings-invalid': '/settings',
  'webhook-target-refused': '/webhookUrl',
} as const;

const readAsked = (request: FastifyRequest, dependencies: ServerDependencies) =>
  readTableRequest(request, dependencies, { form: campaignFormSchema, json: campaignJsonSchema });

/** `POST /campaigns`: a file of rows, one video for each. */
export async function campaignOrderRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, publicUrl, webhookOrigins } = dependencies;
  await server.register(multipart);
  const withLook = createLookLimit(dependencies);

  const forecast = (asked: CampaignRequest, pictures: boolean): Promise<CampaignPlan> =>
    withLook(pictures, (budget) =>
      planCampaign(pipeline, asked, { budget, signal: new AbortController().signal }),
    );

  async function take(
    {
      options: { dryRun = false, pictures = true, ...options },
      source,
      discard,
    }: Awaited<ReturnType<typeof readAsked>>,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    const asked: CampaignRequest = { ...options, source };
    try {
      if (dryRun) {
        return { plan: await nameFaults(pointers, () => forecast(asked, pictures)) };
      }
      // Messages about rows contain links, and those of customers may be older than the order.
      if (asked.rowEvents === true && asked.linkKey !== undefined) {
        checkWebhookScope(request, asked.webhookUrl);
      }
      const context = { idempotency: idempotencyOf(request), webhookOrigins };
      const placed = await nameFaults(pointers, () => placeCampaign(pipeline, asked, context));
      const { id } = acceptOrder(reply, placed, (campaign) => `${publicUrl}/v1/campaigns/${campaign}`);
      const report = await findCampaign(pipeline, id, dependencies);
      if (report === undefined) throw new Error(`Campaign ${id} is missing right after it was placed.`);
      return { campaign: { ...report, input: placed.input } };
    } finally {
      await discard();
    }
  }

  server.post(
    '/campaigns',
    {
      bodyLimit: jsonLimitBytes,
      config: {
        scopes: ['render'],
        bodies: { 'multipart/form-data': campaignFormDocument, 'application/json': campaignJsonSchema },
        answerHeaders: {
          202: {
            Location: 'Address of the campaign.',
            'Idempotency-Replayed': '`true` when an earlier request of the same key and body was answered.',
          },
        },
      },
      schema: {
        operationId: 'createCampaign',
        tags: ['Campaigns'],
        summary: 'Order a video for each row',
        description:
          'Accepts a table as a form (CSV, Excel, OpenDocument, JSON, NDJSON), or rows as JSON. The whole file is read before the answer; a file that cannot be used at all is refused (422). Bad rows are not refused: the results report them. With `dryRun` nothing is ordered, and the answer is a forecast. A forecast looks at some pictures that the rows name; `pictures` in the answer says at how many.',
        headers: orderHeaders,
        response: {
          200: campaignPlanSchema,
          202: acceptedCampaignSchema,
          ...problems(
            'request-invalid',
            'coarser-unknown',
            'settings-invalid',
            'idempotency-conflict',
            'body-too-large',
            'request-timeout',
            'media-type-unsupported',
            'csv-not-text',
            'csv-encoding',
            'csv-empty',
            'csv-quotes',
            'csv-too-wide',
            'csv-columns',
            'csv-ambiguous',
            'csv-encoding-unclear',
            'table-unreadable',
            'table-too-large',
            'table-sheet',
            'table-layout',
            'webhook-target-refused',
            'template-broken',
            { unusable: 'template-unknown' },
          ),
        },
      },
    },
    async (request, reply) => {
      const answer = await take(await readAsked(request, dependencies), request, reply);
      return 'plan' in answer ? reply.code(200).send(answer.plan) : reply.code(202).send(answer.campaign);
    },
  );
}
