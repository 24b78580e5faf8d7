import { open } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import { writeCampaignAnswers } from '../../worker/campaigns/answers.ts';
import { writeCampaignResults } from '../../worker/campaigns/results.ts';
import type { ServerDependencies } from '../dependencies.ts';
import { tableQuery } from '../schemas/campaign.ts';
import { idParams } from '../schemas/order.ts';
import { problems } from '../schemas/problem.ts';
import type { Server } from '../server.ts';
import { waitForEnd } from './campaigns.ts';

const files = {
  'results.csv': {
    operationId: 'getCampaignResults',
    summary: 'Download results.csv',
    description:
      "The input's rows, in its order, columns and delimiter, followed by `bespoke_*` columns with state, links and reasons. Links are long-lived and can be withdrawn. Available when the campaign has ended.",
    read: 'resultsFile',
  },
  'failed.csv': {
    operationId: 'getCampaignFailures',
    summary: 'Download failed.csv',
    description:
      'Only the rows that failed, with the same columns. Correct them and upload the file as it is. Available when the campaign has ended.',
    read: 'failedFile',
  },
} as const;

const table = {
  description: 'UTF-8 with a byte order mark, so that spreadsheets read it correctly.',
  content: {
    'text/csv': {
      schema: z.string().meta({
        examples: ['customer_id,first_name,bespoke_status\r\nc-1,Anna,done\r\n'],
      }),
    },
  },
};

const answersTable = {
  description: table.description,
  content: {
    'text/csv': {
      schema: z.string().meta({
        examples: ['customer_id,first_name,choice_menu,answer_household\r\nc-1,Anna,sun,4\r\n'],
      }),
    },
  },
};

/** `/campaigns/:id/results.csv`, `/failed.csv` and `/answers.csv`. */
export async function campaignFileRoutes(server: Server, dependencies: ServerDependencies): Promise<void> {
  const { pipeline, publicUrl, linkDays } = dependencies;

  async function sendFile(
    id: string,
    name: keyof typeof files,
    form: z.output<typeof tableQuery>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const results = await waitForEnd(reply, () =>
      writeCampaignResults(pipeline, id, { publicUrl, linkDays }, form),
    );
    if (results === undefined) throw errors.campaignUnknown();
    return send(id, name, results[files[name].read], results.dispose, reply);
  }

  async function send(
    id: string,
    name: string,
    file: string,
    dispose: () => Promise<void>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    let handle;
    try {
      handle = await open(file);
    } finally {
      // An open file can be read to its end after its name is removed: nothing is left if the client disconnects.
      await dispose();
    }
    const { size } = await handle.stat();
    return reply
      .headers({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="campaign-${id.slice(0, 8)}-${name}"`,
        'content-length': size,
        'cache-control': 'no-store',
      })
      .send(handle.createReadStream());
  }

  for (const name of ['results.csv', 'failed.csv'] as const) {
    const { operationId, summary, description } = files[name];
    server.get(
      `/campaigns/:id/${name}`,
      {
        exposeHeadRoute: false,
        config: { scopes: ['read'], unknown: 'campaign-unknown' },
        schema: {
          operationId,
          tags: ['Campaigns'],
          summary,
          description,
          params: idParams,
          querystring: tableQuery,
          response: { 200: table, ...problems('campaign-unknown', 'campaign-unfinished') },
        },
      },
      async (request, reply) => sendFile(request.params.id, name, request.query, reply),
    );
  }

  server.get(
    '/campaigns/:id/answers.csv',
    {
      exposeHeadRoute: false,
      config: { scopes: ['read'], unknown: 'campaign-unknown' },
      schema: {
        operationId: 'getCampaignAnswers',
        tags: ['Campaigns'],
        summary: 'Download answers.csv',
        description:
          "The input's rows whose customer has started to watch, with their cells unaltered, followed by what the customer chose (`choice_*`), answered (`answer_*`) and agreed to (`consent_*`). The last answer counts. Viewers of shared links are not in it, nor are people who were erased. It can be the input of another campaign.",
        params: idParams,
        querystring: tableQuery,
        response: { 200: answersTable, ...problems('campaign-unknown') },
      },
    },
    async ({ params: { id }, query }, reply) => {
      const answers = await writeCampaignAnswers(pipeline, id, query);
      if (answers === undefined) throw errors.campaignUnknown();
      return send(id, 'answers.csv', answers.file, answers.dispose, reply);
    },
  );
}
