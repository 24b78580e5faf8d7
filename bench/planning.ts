import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRows } from '../data/csv/read-rows.ts';
import { registry } from '../tests/fixtures/shipped-templates.ts';
import { findTemplate } from '../video/story/registry.ts';
import { forecastCampaign } from '../worker/campaigns/plan.ts';
import { openPipeline } from '../worker/compose.ts';
import { parseConfig } from '../worker/config.ts';
import { qualities } from '../worker/core/campaigns.ts';
import { ImageBudget } from '../worker/core/image-resolver.ts';
import type { Pipeline } from '../worker/core/pipeline.ts';
import { quiet } from './pipeline.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const plans = ['Basic', 'Plus', 'Premium'];

/** Writes a customer file whose rows all differ, with 20 years of joining dates and 40 categories. */
async function writeCustomers(file: string, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write(
    `customer_id,first_name,city,member_since,plan,${months.join(',')},favourite_category,photo_url,locale\n`,
  );
  for (let row = 0; row < rows; row += 1) {
    const values = months.map((_, month) => (row * 7 + month * 13) % 997);
    const since = `${2006 + (row % 20)}-${String(1 + (row % 12)).padStart(2, '0')}-${String(1 + (row % 28)).padStart(2, '0')}`;
    const line = [
      `c-${row}`,
      `Name ${row}`,
      `City ${row % 300}`,
      since,
      plans[row % 3],
      ...values,
      `Category ${row % 40}`,
      '',
      'en-GB',
    ];
    if (!out.write(`${line.join(',')}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

export interface PlanningFigures {
  readonly rows: number;
  readonly seconds: number;
  readonly distinctClips: number;
  /** Of the whole process, before and at its highest during planning. */
  readonly memoryMiB: { readonly before: number; readonly peak: number };
}

async function planFile(pipeline: Pipeline, file: string): Promise<PlanningFigures> {
  const entry = findTemplate(registry, 'year-in-review');
  if (entry === undefined) throw new Error('year-in-review is gone from the registry');
  const mebibytes = (): number => Math.round(process.memoryUsage().rss / 2 ** 20);
  const before = mebibytes();
  let peak = before;
  const watching = new AbortController();
  const watch = (async () => {
    while (!watching.signal.aborted) {
      peak = Math.max(peak, mebibytes());
      await sleep(50, undefined, { signal: watching.signal }).catch(() => undefined);
    }
  })();
  const began = performance.now();
  const input = await readRows(file, { fields: entry.template.record });
  const forecast = await forecastCampaign(
    pipeline,
    {
      ...{ entry, format: '16:9', encoding: qualities.standard, asOf: '2026-01-15', rows: input.rows() },
      look: { budget: new ImageBudget({ pictures: 0, ms: 0 }), signal: new AbortController().signal },
    },
    (row) => {
      throw new Error(`Row ${row.row} is bad: ${row.check.message}`);
    },
  );
  const seconds = (performance.now() - began) / 1000;
  watching.abort();
  await watch;
  return {
    rows: forecast.rows.good,
    seconds,
    distinctClips: forecast.clips.distinct,
    memoryMiB: { before, peak },
  };
}

/** Plans a CSV of so many rows as `bespoke plan` does, reading and checking included. */
export async function measurePlanning(
  folder: string,
  rows: number,
  say: (text: string) => void,
): Promise<PlanningFigures> {
  const file = path.join(folder, 'customers.csv');
  await writeCustomers(file, rows);
  const config = parseConfig({ BESPOKE_WORKSPACE: path.join(folder, 'planning') });
  const { pipeline, close } = await openPipeline(config, { registry, log: quiet });
  try {
    const figures = await planFile(pipeline, file);
    say(`planning: ${figures.rows} rows in ${figures.seconds.toFixed(1)} s`);
    return figures;
  } finally {
    await close();
  }
}
