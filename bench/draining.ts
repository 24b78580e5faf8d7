import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { placeCampaign } from '../worker/campaigns/place.ts';
import { openBenchPipeline } from './pipeline.ts';
import { withSharedEngines } from './shared-engines.ts';

/** How long a campaign takes when clips and videos cost nothing. */
export interface DrainingFigures {
  readonly rows: number;
  readonly workers: number;
  /** From the order to its end: planning, two jobs a row, five clips of them shared. */
  readonly seconds: number;
}

async function drain(folder: string, rows: number, workers: number): Promise<DrainingFigures> {
  const open = await openBenchPipeline(folder);
  const script = fileURLToPath(new URL('draining-worker.ts', import.meta.url));
  const running = Array.from({ length: workers }, (_, index) =>
    fork(script, [path.join(folder, `worker-${index}`)], { execArgv: ['--import', 'tsx'] }),
  );
  try {
    await Promise.all(running.map((worker) => once(worker, 'message')));
    const began = performance.now();
    const placed = await placeCampaign(
      open.pipeline,
      {
        template: 'campaign',
        source: {
          kind: 'rows',
          rows: Array.from({ length: rows }, (_, index) => ({
            customerId: `drained-${workers}-${index}`,
            kind: 'light',
          })),
        },
      },
      { webhookOrigins: [] },
    );
    if (placed.outcome === 'conflict') throw new Error('The campaign was not placed.');
    for (;;) {
      const order = await open.pipeline.campaigns.find(placed.campaign.id);
      if (order?.status.state === 'finished') break;
      if (running.some(({ exitCode }) => exitCode !== null)) throw new Error('A worker has ended.');
      await sleep(50);
    }
    const seconds = (performance.now() - began) / 1000;
    const [progress] = await open.pipeline.campaigns.progress([placed.campaign.id]);
    const ended = progress?.rows;
    if (ended?.done !== rows) throw new Error(`Not all rows are done: ${JSON.stringify(ended)}`);
    return { rows, workers, seconds };
  } finally {
    for (const worker of running) {
      worker.kill('SIGTERM');
      if (worker.exitCode === null) await once(worker, 'exit');
    }
    await open.close();
  }
}

/** Drains a campaign by one worker process and by two, on Redis and PostgreSQL. */
export async function measureDraining(
  folder: string,
  rows: number,
  say: (text: string) => void,
): Promise<readonly DrainingFigures[]> {
  return withSharedEngines(folder, async () => {
    const figures: DrainingFigures[] = [];
    for (const workers of [1, 2]) {
      const each = await drain(path.join(folder, `drain-${workers}`), rows, workers);
      say(`draining: ${rows} rows by ${workers} in ${each.seconds.toFixed(1)} s`);
      figures.push(each);
    }
    return figures;
  });
}
