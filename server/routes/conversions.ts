import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { readWatching } from '../../worker/measurement/campaign-watching.ts';
import { campaignReportSchema } from '../../worker/measurement/report-schema.ts';
import { statementPageSchema } from '../../worker/measurement/xapi-schema.ts';
import { listStatements } from '../../worker/measurement/xapi.ts';
import { compareGroups } from '../../worker/measurement/comparison.ts';
import { takeConversions } from '../../worker/measurement/take-conversions.ts';
import { allows } from '../../worker/core/keys.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { keyOf } from '../require-keys.ts';
import { InvalidInput } from '../validate.ts';
import { conversionsAnswerSchema, conversionsRequestSchema, daysSchema } from '../schemas/conversion.ts';
import { idParams } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

/** For a thousand conversions with the longest ids and keys. */
const bodyLimit = 4_000_000;

const mostFaults = 50;

/** `/conversions` and `/campaigns/:id/report`: what customers did, and whether videos changed it. */
export async function conversionRoutes(
  server: Server,
  { pipeline, publicUrl }: Pick<ServerDependencies, 'pipeline' | 'publicUrl'>,
): Promise<void> {
  server.post(
    '/conversions',
    {
      config: { scopes: ['conversions'] },
      handlerTimeout: 30_000,
      bodyLimit,
      schema: {
        operationId: 'addConversions',
        tags: ['Conversions'],
        summary: 'Report conversions',
        description:
          'What your customers did: renewed, bought, booked. Of any customer, before or after a video was sent. The same conversion counts once, so a request can be repeated. If one of the list is wrong, none is kept, and `errors` points at each that is wrong.',
        body: conversionsRequestSchema,
        response: {
          200: conversionsAnswerSchema,
          ...problems('request-invalid', 'body-too-large', 'media-type-unsupported'),
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const reported = body.conversions.map((each) => ({ ...each, at: new Date(each.at) }));
      const taken = await takeConversions(pipeline, reported, allows(keyOf(request), 'read'));
      if (taken.outcome === 'refused') {
        throw new InvalidInput(
          'body',
          taken.faults.slice(0, mostFaults).map(({ index, field, message }) => ({
            pointer: `/conversions/${index}/${field}`,
            message,
          })),
        );
      }
      const { accepted, repeated, known = null } = taken;
      return reply.header('cache-control', 'no-store').send({ accepted, repeated, known });
    },
  );

  server.get(
    '/campaigns/:id/report',
    {
      config: { scopes: ['read'], unknown: 'campaign-unknown' },
      handlerTimeout: 60_000,
      schema: {
        operationId: 'reportCampaign',
        tags: ['Conversions'],
        summary: 'Get the report of a campaign',
        description:
          'How the videos are watched: by step, day, audience segment, variant, format and device, by scene and clip, and the ways through the story. And what customers with a video did, beside those who were held out: from the order of the campaign on, for the days that the order fixed, whether they opened their video or not; also within each audience segment, and by variant of the story. Before that time is over, intervals hold however often you look, and there is no verdict. After it, they are those of one planned look.',
        params: idParams,
        querystring: z.strictObject({ days: daysSchema }),
        response: { 200: campaignReportSchema, ...problems('request-invalid', 'campaign-unknown') },
      },
    },
    async ({ params: { id }, query: { days } }, reply) => {
      // First: it counts viewers, by whose devices and days conversions are divided.
      const watching = await readWatching(pipeline, id);
      const comparison = await compareGroups(pipeline, id, days);
      if (comparison === undefined || watching === undefined) throw errors.campaignUnknown();
      return reply.header('cache-control', 'no-store').send({ ...comparison, watching });
    },
  );

  server.get(
    '/campaigns/:id/xapi',
    {
      config: { scopes: ['read'], unknown: 'campaign-unknown' },
      schema: {
        operationId: 'listStatements',
        tags: ['Conversions'],
        summary: 'List xAPI statements',
        description:
          'What viewers did, as statements of the Experience API 1.0.3 by its video profile, viewer by viewer. Send `statements` to your learning record store as they are; a statement that is sent again has the same id. Machines are left out.',
        params: idParams,
        querystring: z.strictObject({
          cursor: z.string().max(64).optional().meta({ description: '`next` of the page before.' }),
        }),
        response: { 200: statementPageSchema, ...problems('request-invalid', 'campaign-unknown') },
      },
    },
    async ({ params: { id }, query: { cursor } }, reply) => {
      const page = await listStatements(pipeline, id, cursor, publicUrl);
      if (page === undefined) throw errors.campaignUnknown();
      return reply.header('cache-control', 'no-store').send({ ...page, statements: [...page.statements] });
    },
  );
}
