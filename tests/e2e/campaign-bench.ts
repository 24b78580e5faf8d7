import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { vi } from 'vitest';
import { readRows } from '../../data/csv/read-rows.ts';
import { findTemplate } from '../../video/story/registry.ts';
import {
  planJob,
  type NewCampaign,
  type Campaign,
  type CampaignSource,
} from '../../worker/core/campaigns.ts';
import type { RenderState, Render } from '../../worker/core/renders.ts';
import { priorities, type Pipeline } from '../../worker/core/pipeline.ts';
import { testRegistry } from '../fixtures/templates/registry.ts';

/** What a test orders: a record, or a CSV's text. */
export type CampaignWish = Partial<Pick<NewCampaign, 'template' | 'webhookUrl' | 'priority'>> &
  ({ readonly record: Readonly<Record<string, unknown>> } | { readonly csv: string });

async function uploadCsv(
  { store }: Pipeline,
  template: string,
  text: string,
): Promise<{ source: CampaignSource; rows: number }> {
  const fields = findTemplate(testRegistry, template)?.template.record ?? {};
  const scratch = await store.scratch('csv');
  await writeFile(scratch, text);
  const rows = await (await readRows(scratch, { fields })).countRows();
  const file = `${createHash('sha256').update(text).digest('hex')}.csv`;
  await store.publish('inputs', file, scratch);
  return { source: { kind: 'csv', file, fileName: 'customers.csv', map: [], idColumn: undefined }, rows };
}

/** Records an order at draft quality, and no job for it. */
export async function recordCampaign(pipeline: Pipeline, wish: CampaignWish): Promise<Campaign> {
  const id = randomUUID();
  const { template = 'frame-counter' } = wish;
  const made =
    'record' in wish
      ? { source: { kind: 'record', record: wish.record } as const, rows: 1 }
      : await uploadCsv(pipeline, template, wish.csv);
  const placed = await pipeline.campaigns.place(
    {
      id,
      kind: made.source.kind === 'record' ? 'render' : 'campaign',
      template,
      format: '16:9',
      asOf: '2026-01-31',
      quality: 'draft',
      priority: wish.priority ?? (made.source.kind === 'record' ? priorities.single : priorities.batch),
      source: made.source,
      rows: made.rows,
      webhookUrl: wish.webhookUrl,
      metadata: {},
      createdAt: pipeline.clock.now(),
    },
    undefined,
  );
  if (placed.outcome !== 'placed') throw new Error(`The order was not placed: ${placed.outcome}.`);
  return placed.campaign;
}

export async function queuePlanning({ queue }: Pipeline, campaign: Campaign): Promise<void> {
  await queue.add([{ job: planJob(campaign), priority: campaign.priority }]);
}

/** Records an order and queues its planning, as the API does. */
export async function placeCampaign(pipeline: Pipeline, wish: CampaignWish): Promise<Campaign> {
  const campaign = await recordCampaign(pipeline, wish);
  await queuePlanning(pipeline, campaign);
  return campaign;
}

/** Waits until an order has ended in this way. @returns all its rows. */
export async function untilEnded(
  { campaigns, renders }: Pipeline,
  { id }: Pick<Campaign, 'id'>,
  state: Campaign['status']['state'] = 'finished',
): Promise<readonly Render[]> {
  await vi.waitFor(
    async () => {
      const found = await campaigns.find(id);
      if (found?.status.state !== state) throw new Error(`The order is ${found?.status.state}.`);
    },
    { timeout: 60_000, interval: 50 },
  );
  return renders.list(id, 0, 100_000);
}

export const statesOf = (rows: readonly Render[]): readonly RenderState['state'][] =>
  rows.map(({ status }) => status.state);
