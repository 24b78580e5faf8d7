import { z } from 'zod';
import { rememberTemplateCode } from '../../worker/core/plan-context.ts';
import {
  describeTemplate,
  describeTemplates,
  nameTemplateCode,
} from '../../worker/orders/describe-template.ts';
import { requestedTemplate } from '../../worker/orders/order-request.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { problems } from '../schemas/problem.ts';
import {
  presentTemplate,
  presentTemplateSummary,
  templateParams,
  templateSchema,
  templateSummarySchema,
} from '../schemas/template.ts';
import type { Server } from '../server.ts';

const tags = ['Templates'];

/** `/templates`: what can be rendered. */
export async function templateRoutes(
  server: Server,
  { pipeline, publicUrl }: ServerDependencies,
): Promise<void> {
  const { registry } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);
  server.get(
    '/templates',
    {
      config: { scopes: ['read', 'render'] },
      schema: {
        operationId: 'listTemplates',
        tags,
        summary: 'List the templates',
        description: 'There are few, so there are no pages.',
        response: {
          200: z
            .object({ templates: z.array(templateSummarySchema) })
            .meta({ description: 'In the order in which the deployment lists them.' }),
        },
      },
    },
    async (_request, reply) =>
      reply.send({
        templates: describeTemplates(registry).map((each) => presentTemplateSummary(each, publicUrl)),
      }),
  );

  server.get(
    '/templates/:id',
    {
      config: { scopes: ['read', 'render'], unknown: 'template-unknown' },
      schema: {
        operationId: 'getTemplate',
        tags,
        summary: 'A template and its record',
        description: 'With the fields of its record for people, and as JSON Schema for programs.',
        params: templateParams,
        response: { 200: templateSchema, ...problems('template-unknown') },
      },
    },
    async (request, reply) => {
      const entry = requestedTemplate(registry, request.params.id);
      const code = await nameTemplateCode(pipeline, entry, templateCode);
      return reply.send(presentTemplate(describeTemplate(entry), code, publicUrl));
    },
  );
}
