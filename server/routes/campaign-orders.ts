import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../../errors/messages.ts';
import { placeCampaign } from '../../worker/campaigns/place.ts';
import { planCampaign } from '../../worker/campaigns/plan.ts';
import { type CampaignPlan, campaignPlanSchema } from '../../worker/campaigns/report-schema.ts';
import { findCampaign } from '../../worker/campaigns/report.ts';
import type { CampaignRequest } from '../../worker/campaigns/request.ts';
import { ImageBudget } from '../../worker/core/image-resolver.ts';
import { acceptOrder, checkWebhookScope, idempotencyOf } from '../accept-order.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { easeBody } from '../ease-body.ts';
import { isLocal } from '../local-callers.ts';
import { nameFaults } from '../name-faults.ts';
import { gatherFields, receiveUpload } from '../receive-upload.ts';
import { campaignFormDocument, campaignFormSchema, campaignJsonSchema } from '../schemas/campaign-request.ts';
import { acceptedCampaignSchema } from '../schemas/campaign.ts';
import { orderHeaders } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';
import { parsePart } from '../validate.ts';

/** What one forecast fetches at most: no request takes minutes. */
const usualLook = { pictures: 1_000, ms: 20_000 };
const noLook = { pictures: 0, ms: 0 };
/** Forecasts of this process that fetch pictures at the same time; others say what is known already. */
const mostLooking = 2;

const jsonLimitBytes = 10_000_000;

/** The content of a request, and how to remove its file afterwards. */
interface Asked {
  readonly request: CampaignRequest;
  readonly dryRun: boolean;
  /** Whether a dry run looks at pictures. */
  readonly pictures: boolean;
  readonly discard: () => Promise<void>;
}

async function readForm(
  request: FastifyRequest,
  { pipeline, uploadLimitBytes, pace }: ServerDependencies,
): Promise<Asked> {
  const { fields, file, discard } = await receiveUpload(request, pipeline.store, {
    // No limit for the owner of the disk.
    bytes: isLocal(request) ? Number.MAX_SAFE_INTEGER : uploadLimitBytes,
    pace,
  });
  try {
    const {
      dryRun = false,
      pictures = true,
      ...rest
    } = parsePart('body', campaignFormSchema, gatherFields(fields, ['map', 'accept', 'coarser']));
    const { path, hash, fileName } = file;
    const source = { kind: 'csv', file: path, hash, fileName } as const;
    return { request: { ...rest, source }, dryRun, pictures, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

function readJson({ body }: FastifyRequest): Asked {
  const { rows, dryRun, pictures, ...rest } = parsePart('body', campaignJsonSchema, easeBody(body));
  const source = { kind: 'rows', rows } as const;
  return { request: { ...rest, source }, dryRun, pictures, discard: async () => undefined };
}

async function readRequest(request: FastifyRequest, dependencies: ServerDependencies): Promise<Asked> {
  if (request.isMultipart()) return readForm(request, dependencies);
  if (request.headers['content-type'] !== undefined) return readJson(request);
  throw errors.contentTypeMissing();
}

const pointers = {
  'template-unknown': '/template',
  'webhook-target-refused': '/webhookUrl',
} as const;

/** `POST /campaigns`: a file of rows, one video for each. */
export async function campaignOrderRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, publicUrl, webhookOrigins, look = usualLook } = dependencies;
  await server.register(multipart);
  let looking = 0;

  async function forecast(asked: CampaignRequest, pictures: boolean): Promise<CampaignPlan> {
    const looks = pictures && looking < mostLooking;
    const budget = new ImageBudget(looks ? look : noLook);
    looking += looks ? 1 : 0;
    try {
      return await planCampaign(pipeline, asked, { budget, signal: new AbortController().signal });
    } finally {
      looking -= looks ? 1 : 0;
    }
  }

  async function take(
    { request: asked, dryRun, pictures, discard }: Asked,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
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
            { unusable: 'template-unknown' },
          ),
        },
      },
    },
    async (request, reply) => {
      const asked = await readRequest(request, dependencies);
      const answer = await take(asked, request, reply);
      return 'plan' in answer ? reply.code(200).send(answer.plan) : reply.code(202).send(answer.campaign);
    },
  );
}
