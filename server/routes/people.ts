import { z } from 'zod';
import { erasePerson, welcomePerson } from '../../worker/people/erase-person.ts';
import { exportPerson } from '../../worker/people/export-person.ts';
import type { ServerDependencies } from '../dependencies.ts';
import {
  customerIdSchema,
  namedPersonSchema,
  personExportSchema,
  presentExport,
  presentReceipt,
  receiptSchema,
  toNamed,
  welcomeSchema,
} from '../schemas/person.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

const tags = ['People'];

/** A file of a hundred thousand rows is read to find one of them, and written anew without it. */
const handlerTimeout = 120_000;

/** `/people`: what is held about one person, and its end. Ids stand in bodies, never in addresses. */
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
        summary: 'Everything that is held about a person',
        description: 'Records, what was made of them, and links to the files. Changes nothing.',
        body: namedPersonSchema,
        response: { 200: personExportSchema, ...wrongBody },
      },
    },
    async (request, reply) => {
      const found = await exportPerson(pipeline, toNamed(request.body), { publicUrl, linkDays });
      return reply.header('cache-control', 'no-store').send(presentExport(found));
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
          'Removes records, rows of uploads, videos and their pictures, clips that only they were shown, and queued work; what others need too stays until they go. Their rows are `skipped` from now on, in every import. Cannot be undone; may be repeated, and finishes what broke off.',
        body: namedPersonSchema,
        response: { 200: receiptSchema, ...wrongBody },
      },
    },
    async (request, reply) => {
      const receipt = await erasePerson(pipeline, toNamed(request.body));
      return reply.header('cache-control', 'no-store').send(presentReceipt(receipt));
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
        summary: 'Let a person who was erased come back',
        description: 'By their own wish. Brings nothing back: rows that come from now on are made again.',
        body: z.strictObject({ customerId: customerIdSchema }),
        response: { 200: welcomeSchema, ...wrongBody },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send({ welcome: await welcomePerson(pipeline, request.body.customerId) }),
  );
}
