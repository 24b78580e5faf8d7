import { z } from 'zod';
import { erasePerson, unsuppressPerson } from '../../worker/people/erase-person.ts';
import { exportPerson } from '../../worker/people/export-person.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { customerIdSchema, namedPersonSchema, toNamed, welcomeSchema } from '../schemas/person.ts';
import { personExportSchema, receiptSchema } from '../../worker/people/people-schema.ts';
import { timelineSchema } from '../../worker/people/timeline-schema.ts';
import { readTimeline } from '../../worker/people/timeline.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

const tags = ['People'];

/** A file of a hundred thousand rows is read to find one of them, and written again without it. */
const handlerTimeout = 120_000;

/** `/people`: export and erasure of one person's data. Ids are in bodies, never in addresses. */
export async function peopleRoutes(
  server: Server,
  { pipeline, publicUrl, linkDays }: ServerDependencies,
): Promise<void> {
  const wrongBody = problems('request-invalid', 'body-too-large', 'media-type-unsupported');

  server.post(
    '/people/export',
    {
      config: { scopes: ['admin'] },
      handlerTimeout,
      schema: {
        operationId: 'exportPerson',
        tags,
        summary: "Export a person's data",
        description: 'Records, the videos made from them, and links to the files. Changes nothing.',
        body: namedPersonSchema,
        response: { 200: personExportSchema, ...wrongBody },
      },
    },
    async (request, reply) => {
      const found = await exportPerson(pipeline, toNamed(request.body), { publicUrl, linkDays });
      return reply.header('cache-control', 'no-store').send(found);
    },
  );

  server.post(
    '/people/timeline',
    {
      config: { scopes: ['admin'] },
      schema: {
        operationId: 'readTimeline',
        tags,
        summary: "Get the timeline of a person's videos",
        description:
          'For support: when their videos were ordered and made, what happened on their pages, and the conversions that were reported. Empty once they are erased. Changes nothing.',
        body: namedPersonSchema,
        response: { 200: timelineSchema, ...wrongBody },
      },
    },
    async (request, reply) => {
      const timeline = await readTimeline(pipeline, toNamed(request.body));
      return reply.header('cache-control', 'no-store').send(timeline);
    },
  );

  server.post(
    '/people/erase',
    {
      config: { scopes: ['admin'] },
      handlerTimeout,
      schema: {
        operationId: 'erasePerson',
        tags,
        summary: 'Erase a person',
        description:
          'Removes records, rows of uploads, videos and their pictures, clips that only they needed, and queued work. What other people need too stays. Their rows are `skipped` from now on, in every import. It cannot be undone. Repeating it completes an erasure that was interrupted.',
        body: namedPersonSchema,
        response: { 200: receiptSchema, ...wrongBody },
      },
    },
    async (request, reply) => {
      const receipt = await erasePerson(pipeline, toNamed(request.body));
      return reply.header('cache-control', 'no-store').send(receipt);
    },
  );

  server.post(
    '/people/welcome',
    {
      config: { scopes: ['admin'] },
      handlerTimeout,
      schema: {
        operationId: 'welcomePerson',
        tags,
        summary: 'Remove a person from the suppression list',
        description: "At the person's own request. Restores nothing; new rows are rendered again.",
        body: z.strictObject({ customerId: customerIdSchema }),
        response: { 200: welcomeSchema, ...wrongBody },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send({ welcome: await unsuppressPerson(pipeline, request.body.customerId) }),
  );
}
