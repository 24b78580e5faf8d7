import { expect, vi } from 'vitest';
import { z } from 'zod';
import { registry } from '../../fixtures/shipped-templates.ts';
import { campaignPlanSchema, campaignSchema, renderSchema } from '../../../worker/campaigns/report-schema.ts';
import { stubParts } from '../stub-parts.ts';
import { publicUrl, serveDeployment } from './server-bench.ts';

const rowsSchema = z.object({ rows: z.array(renderSchema) });

export type ShippedBench = Awaited<ReturnType<typeof openShippedBench>>;

/** Serves the templates that are shipped, with a worker that draws nothing and a key that may do everything. */
export async function openShippedBench() {
  const exchangeParts = stubParts({ draw: () => Promise.resolve(), assemble: () => Promise.resolve() });
  const served = await serveDeployment({}, { registry, exchangeParts });
  const headers: Readonly<Record<string, string>> = await served.keyed('admin', 'render', 'read');
  const worker = await served.open.startWorker();

  const post = (url: string, payload: object, by = headers) =>
    served.server.inject({ method: 'POST', url, headers: by, payload });
  const patch = (url: string, payload: object) =>
    served.server.inject({ method: 'PATCH', url, headers, payload });
  const get = (url: string, by = headers) =>
    served.server.inject({ url: url.replace(publicUrl, ''), headers: by });

  return {
    served,
    headers,
    post,
    patch,
    get,
    /** What a campaign would render. */
    plan: async (payload: object) => {
      const answer = await post('/v1/campaigns', { ...payload, dryRun: true });
      expect(answer.statusCode, answer.body).toBe(200);
      return campaignPlanSchema.parse(answer.json());
    },
    /** Orders a campaign and waits for its end. @returns its id, and its rows in order. */
    run: async (payload: object) => {
      const placed = await post('/v1/campaigns', payload);
      expect(placed.statusCode, placed.body).toBe(202);
      const { id } = campaignSchema.parse(placed.json());
      const report = await vi.waitFor(
        async () => {
          const now = campaignSchema.parse((await get(`/v1/campaigns/${id}`)).json());
          expect(now.state).toBe('finished');
          return now;
        },
        { timeout: 60_000, interval: 100 },
      );
      const { rows } = rowsSchema.parse((await get(`/v1/campaigns/${id}/rows?limit=100`)).json());
      return { id, report, rows };
    },
    close: async () => {
      await worker.stop('abort');
      await served.close();
    },
  };
}
