/**
 * Measures Bespoke against Remotion alone, side by side in one run, and prints the table.
 *
 *   npm run bench                  1080p30
 *   npm run bench -- --quick       a third of the size, to see whether everything runs
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { qualities } from '../worker/core/quality.ts';
import { measureBaselines } from './baseline.ts';
import { measureBespoke } from './bespoke.ts';
import { framesPerVideo, personalShare } from './campaign/template.ts';
import { measureDraining } from './draining.ts';
import { describeMachine } from './machine.ts';
import { measureServing } from './serving.ts';

const quick = process.argv.includes('--quick');
const encoding = quick ? qualities.draft : qualities.standard;
const measuredRows = 2;
const campaignRows = 100;
const drainedRows = quick ? 1_000 : 10_000;

const goals = {
  everything: { againstA: 1.4, againstB: 0.9 },
  reference: { againstA: 3, againstB: 2 },
  light: { againstA: 7, againstB: 5 },
  shared: { againstA: Number.NaN, againstB: Number.NaN },
} as const;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-bench-'));
const say = (text: string): void => console.error(text);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

try {
  const machine = describeMachine();
  say(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}`);
  const baselines = await measureBaselines(folder, encoding, measuredRows, say);
  const figures = await measureBespoke(folder, encoding, measuredRows, say);
  const serving = await measureServing(folder, say);
  const draining = await measureDraining(folder, drainedRows, say);

  const [a, b] = [mean(baselines.a), mean(baselines.b)];
  const campaigns = figures.kinds.map((each) => {
    const seconds = each.firstRowSeconds + (campaignRows - 1) * each.furtherRowSeconds;
    return {
      ...each,
      share: personalShare(each.kind),
      seconds,
      againstA: (campaignRows * a) / seconds,
      againstB: (campaignRows * b) / seconds,
    };
  });

  const table = new Table({
    head: ['campaign', 'personal', `${campaignRows} rows`, 'against A', 'goal', 'against B', 'goal'],
    style: { head: [], border: [] },
  });
  for (const { kind, share, seconds, againstA, againstB } of campaigns) {
    table.push([
      kind,
      `${Math.round(share * 100)} %`,
      `${(seconds / 60).toFixed(1)} min`,
      againstA.toFixed(2),
      goals[kind].againstA,
      againstB.toFixed(2),
      goals[kind].againstB,
    ]);
  }
  const { rerunMsPerRow, rerunRows, planning, assemblyMs } = figures;
  const size = quick ? '640 by 360' : '1920 by 1080';
  console.log(
    `Remotion alone, ${framesPerVideo} frames of ${size} a row: A ${a.toFixed(1)} s, B ${b.toFixed(1)} s`,
  );
  console.log(
    'A: default encoder settings. B: our preset, CRF and frame quality. Both: the same browser, kept open.',
  );
  console.log(table.toString());
  console.log(
    `${measuredRows} rows measured of each, extrapolated to ${campaignRows}; shared clips are paid for once`,
  );
  console.log(
    `unchanged rerun   ${rerunMsPerRow.toFixed(1)} ms a row over ${rerunRows} rows (goal: under 20)`,
  );
  console.log(
    `planning          ${planning.rows} rows in ${planning.seconds.toFixed(1)} s (goal: under 10), ` +
      `${planning.distinctClips} clips, memory ${planning.memoryMiB.before} to ${planning.memoryMiB.peak} MiB`,
  );
  console.log(
    `assembly          ${mean(assemblyMs).toFixed(0)} ms for ${framesPerVideo / 30} s with the mix stored (goal: under 150 for 20 s)`,
  );

  const everything = figures.kinds.find(({ kind }) => kind === 'everything');
  console.log(
    `overhead          ${Math.round((everything?.overheadShare ?? 1) * 100)} % of the time of further rows of "everything" no clip was rendered where one could have been`,
  );
  const percentile = (share: number): string =>
    (serving.firstByteMs[Math.ceil(serving.firstByteMs.length * share) - 1] ?? Number.NaN).toFixed(0);
  const { embedded, shared } = serving.acceptedPerSecond;
  console.log(
    `HTTP              renders accepted a second, 8 clients: ${embedded.toFixed(0)} on the embedded engines, ${shared.toFixed(0)} on Redis and PostgreSQL`,
  );
  console.log(
    `                  request to first byte with all clips stored: p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms (${serving.firstByteMs.length} times)`,
  );
  for (const { rows, workers, seconds } of draining) {
    console.log(
      `queue             ${rows} rows by ${workers} ${workers === 1 ? 'worker ' : 'workers'} without rendering: ${seconds.toFixed(1)} s, ${(rows / seconds).toFixed(0)} rows a second (Redis, PostgreSQL)`,
    );
  }

  const results = path.join(root, 'bench/results');
  await mkdir(results, { recursive: true });
  const name = `${new Date().toISOString().slice(0, 10)}-${machine.commit}${quick ? '-quick' : ''}.json`;
  const raw = {
    machine,
    quick,
    encoding,
    framesPerVideo,
    measuredRows,
    baselines,
    ...figures,
    serving,
    draining,
    campaigns,
  };
  await writeFile(path.join(results, name), `${JSON.stringify(raw, null, 2)}\n`);
  say(`Raw figures: bench/results/${name}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
