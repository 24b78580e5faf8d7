import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { withCuts } from '../../video/story/cuts.ts';
import type { Cuts } from '../../video/story/scene.ts';
import type { OpenPipeline, PipelineOptions, RunningWorker } from '../../worker/compose.ts';
import type { Log } from '../../worker/core/ports.ts';
import { silent } from '../conformance/queue-bench.ts';
import { testRegistry } from '../fixtures/templates/registry.ts';
import { newDeployment, openDeployment, removeDeployment, type Deployment } from './deployment.ts';
import { decodeFrames, probeFile } from './decode-video.ts';
import { readTable, runCsv, statusesOf } from './run-csv.ts';

const honest: Cuts = {
  film: [
    { until: 16, reads: [] },
    { until: 32, reads: ['name'] },
    { until: 48, reads: ['name', 'plan', 'points'] },
  ],
};

/** Nobody who has the plan of the fixtures shows points. */
const hasty: Cuts = {
  film: [
    { until: 16, reads: [] },
    { until: 32, reads: ['name'] },
    { until: 48, reads: ['name', 'plan'] },
  ],
};

interface Running extends OpenPipeline {
  readonly deployment: Deployment;
  readonly worker: RunningWorker;
  readonly warnings: { readonly message: string; readonly fields: unknown }[];
}

const running: Running[] = [];

async function start(
  cuts: Cuts,
  exchangeParts: PipelineOptions['exchangeParts'] = (parts) => parts,
  left?: Deployment,
): Promise<Running> {
  const deployment = left ?? (await newDeployment('embedded', { redisUrl: '', postgresUrl: '' }));
  const warnings: Running['warnings'] = [];
  const log: Log = { ...silent, warn: (message, fields) => warnings.push({ message, fields }) };
  const registry = testRegistry.map((entry) =>
    entry.template.id === 'statement' ? { ...entry, template: withCuts(entry.template, cuts) } : entry,
  );
  const open = await openDeployment(deployment, { registry, log, exchangeParts });
  const started = { ...open, deployment, warnings, worker: await open.startWorker() };
  running.push(started);
  return started;
}

afterEach(async () => {
  for (const { deployment, worker, close } of running.splice(0)) {
    await worker.stop('drain');
    await close();
    await removeDeployment(deployment);
  }
});

const csv = (rows: readonly string[]) => ['name,plan,points', ...rows, ''].join('\n');

const run = (
  { pipeline, deployment: { folder } }: Running,
  name: string,
  rows: readonly string[],
  signal?: AbortSignal,
) =>
  runCsv(pipeline, {
    ...{ csv: `${name}.csv`, text: csv(rows), folder, template: 'statement', out: 'out' },
    ...(signal && { signal }),
  });

it('proves an honest cut, also if its worker ends in the middle, and the same batch continues', async () => {
  const rows = ['Bo,Plus,75', 'Bo,Basic,10'];
  const stop = new AbortController();
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const killed = await start(honest, (parts) => ({
    ...parts,
    renderer: {
      ...parts.renderer,
      drawFrames: () => {
        stop.abort(new Error('killed'));
        return released;
      },
    },
  }));
  await expect(run(killed, 'few', rows, stop.signal)).rejects.toThrow('killed');
  const stopping = killed.worker.stop('abort');
  release();
  await stopping;
  await killed.close();
  running.length = 0;

  const open = await start(honest, undefined, killed.deployment);
  const { campaign, continued } = await run(open, 'few', rows);
  expect(continued).toBe(true);
  // One in fifty of the other uses may be proven too.
  const { proven = 0 } = campaign.proofs ?? {};
  expect(proven).toBeGreaterThanOrEqual(2);
  expect(campaign.proofs).toEqual({ proven, open: 0, withdrawn: [] });
  expect(await open.pipeline.cuts.list('statement')).toMatchObject([{ scene: 'film', proven }]);
  expect(await open.metrics.expose()).toContain(
    `bespoke_cut_proofs_total{template="statement",scene="film",outcome="equal"} ${proven}`,
  );
  expect(open.warnings).toEqual([]);
}, 60_000);

it('withdraws a cut that a rare record refutes, and makes again what it touched', async () => {
  const open = await start(hasty);
  const rows = Array.from({ length: 60 }, () => 'Bo,Basic,40');
  const rare = 41;
  rows[rare] = 'Bo,Plus,75';
  const first = await run(open, 'rows', rows);
  const [cut] = await open.pipeline.cuts.list('statement');
  expect(cut?.withdrawn?.frame).toBeGreaterThanOrEqual(32);
  expect(first.campaign.proofs).toMatchObject({ open: 0, withdrawn: ['film'] });
  expect(first.cuts).toMatchObject([{ scene: 'film', withdrawn: { frame: cut?.withdrawn?.frame } }]);
  expect(open.warnings.map(({ fields }) => fields)).toEqual([
    {
      template: 'statement',
      scene: 'film',
      frame: cut?.withdrawn?.frame,
      render: expect.any(String) as string,
    },
  ]);

  // What was exported with the cut was exported again: the bar of 75 points is there.
  expect(await statusesOf(first)).toEqual(rows.map(() => 'done'));
  const { rows: results } = await readTable(first.resultsFile);
  const video = path.join(path.dirname(first.resultsFile), results[rare]?.bespoke_video ?? '');
  const [stream] = (await probeFile(video)).streams;
  const { width = 0, height = 0 } = stream ?? {};
  const shown = (await decodeFrames(video, { width, height }))[38];
  const at = 3 * (Math.floor(height * (100 / 240)) * width + Math.floor(width * (180 / 320)));
  const [red = 0, green = 255] = shown?.subarray(at, at + 2) ?? [];
  expect(red - green).toBeGreaterThan(100);

  const again = await run(open, 'again', rows);
  expect(again).toMatchObject({ skipped: 60, done: 0 });
  expect(again.cuts).toEqual(first.cuts);
}, 90_000);
