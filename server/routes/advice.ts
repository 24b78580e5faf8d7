import multipart from '@fastify/multipart';
import { adviceSchema } from '../../worker/advice/advice-schema.ts';
import { adviseCampaign } from '../../worker/advice/advise.ts';
import { readParts } from '../../worker/check-health.ts';
import { allows } from '../../worker/core/keys.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { nameFaults } from '../name-faults.ts';
import { createLookLimit, jsonLimitBytes, readTableRequest } from '../read-campaign.ts';
import { keyOf } from '../require-keys.ts';
import { adviceFormDocument, adviceFormSchema, adviceJsonSchema } from '../schemas/advice.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';

const pointers = {
  'template-unknown': '/template',
  'template-broken': '/template',
  'coarser-unknown': '/coarser',
  'settings-invalid': '/settings',
} as const;

/** `POST /advice`: whether a file, a template and this deployment are ready for a campaign. */
export async function adviceRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, health, linkDays } = dependencies;
  await server.register(multipart);
  const withLook = createLookLimit(dependencies);

  server.post(
    '/advice',
    {
      bodyLimit: jsonLimitBytes,
      config: {
        scopes: ['render'],
        bodies: { 'multipart/form-data': adviceFormDocument, 'application/json': adviceJsonSchema },
      },
      schema: {
        operationId: 'advise',
        tags: ['Campaigns'],
        summary: 'Are we ready?',
        description:
          'Takes what `POST /v1/campaigns` takes and orders nothing. The answer judges data, content, privacy, resources, and time and budget, each as `ready`, `with-care` or `not-yet`; docs/readiness.md has the criteria. For each field it says whether to personalize, to customize by audience segment, to let the viewer choose, or to leave it out, with the saving. Each saving is counted by planning every row again, so the answer takes a few times as long as a forecast.',
        response: {
          200: adviceSchema,
          ...problems(
            'request-invalid',
            'coarser-unknown',
            'settings-invalid',
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
            'template-broken',
            { unusable: 'template-unknown' },
          ),
        },
      },
    },
    async (request, reply) => {
      const { options, source, discard } = await readTableRequest(request, dependencies, {
        form: adviceFormSchema,
        json: adviceJsonSchema,
      });
      const { pictures = true, ...asked } = options;
      try {
        const { parts } = readParts(await health());
        const advice = await nameFaults(pointers, () =>
          withLook(pictures, (budget) =>
            adviseCampaign(
              pipeline,
              { ...asked, source },
              { budget, signal: new AbortController().signal },
              { parts, linkDays, namesKeys: allows(keyOf(request), 'admin') },
            ),
          ),
        );
        return await reply.header('cache-control', 'no-store').send(advice);
      } finally {
        await discard();
      }
    },
  );
}
