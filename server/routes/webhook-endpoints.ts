import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { addEndpoint, rotateSecret, type NewSecret } from '../../worker/campaigns/webhook-endpoints.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { nameFaults } from '../name-faults.ts';
import { problems } from '../schemas/problem.ts';
import {
  endpointListSchema,
  endpointParams,
  endpointRequestSchema,
  endpointSecretSchema,
  presentEndpoint,
  rotationSchema,
} from '../schemas/webhook-endpoint.ts';
import type { Server } from '../server.ts';

const tags = ['Webhooks'];
const handlerTimeout = 30_000;
const pointers = { 'webhook-target-refused': '/url' } as const;

/** `/webhooks/endpoints`: servers that get messages about all orders, each with a secret of its own. */
export async function webhookEndpointRoutes(
  server: Server,
  { pipeline, webhookOrigins }: ServerDependencies,
): Promise<void> {
  const { webhookEndpoints, clock } = pipeline;
  // Messages contain the links of customers, whoever ordered them.
  const config = { scopes: ['admin'] } as const;
  const ofOne = { ...config, unknown: 'endpoint-unknown' } as const;

  const present = ({ endpoint, secret }: NewSecret) => ({
    ...presentEndpoint(endpoint, clock.now()),
    secret,
  });

  server.post(
    '/webhooks/endpoints',
    {
      config,
      handlerTimeout,
      schema: {
        operationId: 'createEndpoint',
        tags,
        summary: 'Add a webhook endpoint',
        description:
          'It gets messages about all orders that end from now on, besides the `webhookUrl` of each order. The answer contains its secret, which is shown only this once.',
        body: endpointRequestSchema,
        response: {
          201: endpointSecretSchema,
          ...problems(
            'request-invalid',
            'body-too-large',
            'media-type-unsupported',
            'webhook-target-refused',
            'endpoints-full',
          ),
        },
      },
    },
    async ({ body }, reply) => {
      const added = await nameFaults(pointers, () => addEndpoint(pipeline, body, { webhookOrigins }));
      return reply.code(201).header('cache-control', 'no-store').send(present(added));
    },
  );

  server.get(
    '/webhooks/endpoints',
    {
      config,
      handlerTimeout,
      schema: {
        operationId: 'listEndpoints',
        tags,
        summary: 'List webhook endpoints',
        description: 'Without their secrets.',
        response: { 200: endpointListSchema },
      },
    },
    async (_request, reply) => {
      const now = clock.now();
      const endpoints = (await webhookEndpoints.list()).map((each) => presentEndpoint(each, now));
      return reply.header('cache-control', 'no-store').send({ endpoints });
    },
  );

  server.post(
    '/webhooks/endpoints/:id/rotate',
    {
      config: ofOne,
      handlerTimeout,
      schema: {
        operationId: 'rotateEndpointSecret',
        tags,
        summary: 'Replace the secret of an endpoint',
        description:
          'Messages are signed with both secrets until the overlap is over, so that you can change your server meanwhile. The answer contains the new secret, which is shown only this once. If it was lost, rotate again.',
        params: endpointParams,
        body: rotationSchema,
        response: { 200: endpointSecretSchema, ...problems('request-invalid', 'endpoint-unknown') },
      },
    },
    async ({ params: { id }, body }, reply) => {
      const { overlapHours = 24 } = body ?? {};
      const rotated = await rotateSecret(pipeline, id, overlapHours);
      if (rotated === undefined) throw errors.endpointUnknown();
      return reply.header('cache-control', 'no-store').send(present(rotated));
    },
  );

  server.delete(
    '/webhooks/endpoints/:id',
    {
      config: ofOne,
      handlerTimeout,
      schema: {
        operationId: 'deleteEndpoint',
        tags,
        summary: 'Delete a webhook endpoint',
        description: 'Messages that have not arrived there are given up. Its secrets end.',
        params: endpointParams,
        response: {
          204: z.null().meta({ description: 'It is deleted.' }),
          ...problems('endpoint-unknown'),
        },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await webhookEndpoints.remove(id))) throw errors.endpointUnknown();
      return reply.code(204).send(null);
    },
  );
}
