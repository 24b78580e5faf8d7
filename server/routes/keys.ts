import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { makeApiKey } from '../../worker/core/keys.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { createdKeySchema, keyListSchema, keyParams, keyRequestSchema, presentKey } from '../schemas/key.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

const tags = ['Keys'];
const handlerTimeout = 30_000;

/** `/keys`: the API's keys. */
export async function keyRoutes(
  server: Server,
  { pipeline: { keys } }: Pick<ServerDependencies, 'pipeline'>,
): Promise<void> {
  const config = { scopes: ['admin'] } as const;

  server.post(
    '/keys',
    {
      config,
      handlerTimeout,
      schema: {
        operationId: 'createKey',
        tags,
        summary: 'Create a key',
        description: 'The answer contains the key itself, which is shown only this once.',
        body: keyRequestSchema,
        response: {
          201: createdKeySchema,
          ...problems('request-invalid', 'body-too-large', 'media-type-unsupported'),
        },
      },
    },
    async ({ body: { name, scopes } }, reply) => {
      const { text, key } = makeApiKey(name, scopes);
      const created = presentKey(await keys.add(key));
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...created, key: text });
    },
  );

  server.get(
    '/keys',
    {
      config,
      handlerTimeout,
      schema: {
        operationId: 'listKeys',
        tags,
        summary: 'List the keys',
        description: 'Without their secrets, which only their owners know.',
        response: { 200: keyListSchema },
      },
    },
    async (_request, reply) =>
      reply.header('cache-control', 'no-store').send({ keys: (await keys.list()).map(presentKey) }),
  );

  server.delete(
    '/keys/:id',
    {
      config: { ...config, unknown: 'key-unknown' },
      handlerTimeout,
      schema: {
        operationId: 'revokeKey',
        tags,
        summary: 'Revoke a key',
        description:
          'Servers refuse it two seconds later at the latest. A key that was revoked before stays revoked.',
        params: keyParams,
        response: { 204: z.null().meta({ description: 'It is revoked.' }), ...problems('key-unknown') },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await keys.revoke(id))) throw errors.keyUnknown({});
      return reply.code(204).send(null);
    },
  );
}
