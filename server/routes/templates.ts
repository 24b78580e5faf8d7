import { rememberTemplateCode } from '../../worker/core/plan-context.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import {
  describeCuts,
  describeTemplate,
  describeTemplates,
  nameTemplateCode,
} from '../../worker/campaigns/describe-template.ts';
import { requestedTemplate } from '../../worker/campaigns/request.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { problems } from '../schemas/problem.ts';
import { templateParams } from '../schemas/template.ts';
import { templateListSchema, templateSchema } from '../../worker/campaigns/template-schema.ts';
import type { Server } from '../server.ts';

const tags = ['Templates'];

/** `/templates`: the templates of the deployment. */
export async function templateRoutes(
  server: Server,
  { pipeline, publicUrl }: ServerDependencies,
): Promise<void> {
  const { registry } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);
  const cutsOf = async (entry: RegistryEntry) =>
    entry.template.cuts && describeCuts(pipeline, entry, await pipeline.cuts.list(entry.template.id));
  const linksOf = (id: string) => ({ self: `${publicUrl}/v1/templates/${id}` });

  server.get(
    '/templates',
    {
      config: { scopes: ['read', 'render'] },
      schema: {
        operationId: 'listTemplates',
        tags,
        summary: 'List the templates',
        description: 'Returns all that work, and apart from them those that cannot be loaded.',
        response: { 200: templateListSchema },
      },
    },
    async (_request, reply) => {
      const described = describeTemplates(registry).map(
        async ({ fields: _fields, recordSchema: _recordSchema, story: _story, ...summary }) => ({
          ...summary,
          cuts: await cutsOf(requestedTemplate(registry, summary.id)),
          links: linksOf(summary.id),
        }),
      );
      return reply.send({ templates: await Promise.all(described), broken: [...(registry.broken ?? [])] });
    },
  );

  server.get(
    '/templates/:id',
    {
      config: { scopes: ['read', 'render'], unknown: 'template-unknown' },
      schema: {
        operationId: 'getTemplate',
        tags,
        summary: 'A template and its record',
        description: 'With the fields of its record, described and as JSON Schema.',
        params: templateParams,
        response: { 200: templateSchema, ...problems('template-unknown', 'template-broken') },
      },
    },
    async (request, reply) => {
      const entry = requestedTemplate(registry, request.params.id);
      const code = await nameTemplateCode(pipeline, entry, templateCode);
      const template = describeTemplate(entry);
      const cuts = await cutsOf(entry);
      return reply.send({ ...template, cuts, code, links: linksOf(template.id) });
    },
  );
}
