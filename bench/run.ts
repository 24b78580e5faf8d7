/**
 * Measures Bespoke against Remotion alone, side by side in one run, and prints the tables.
 *
 *   npm run bench                       1080p30
 *   npm run bench -- --quick            a third of the size, to see whether everything runs
 *   npm run bench -- --only http,queue  only these parts; all are in `everyPart`
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { qualities } from '../worker/core/campaigns.ts';
import { measureBaselines } from './baseline.ts';
import { measureBespoke } from './bespoke.ts';
import { framesPerVideo } from './campaign/template.ts';
import { measureDraining } from './draining.ts';
import { describeMachine } from './machine.ts';
import { measureOpening } from './opening.ts';
import { measurePlanning } from './planning.ts';
import {
  compareCampaigns,
  reportDraining,
  reportOpening,
  reportPlanning,
  reportRendering,
  reportServing,
  reportSlicing,
  reportStories,
  reportWatching,
} from './report.ts';
import { measureServing } from './serving.ts';
import { measureSlicing } from './slicing.ts';
import { measureStories } from './stories.ts';
import { measureWatching } from './watching.ts';

const everyPart = [
  'rendering',
  'planning',
  'http',
  'queue',
  'stories',
  'watching',
  'opening',
  'slicing',
] as const;
const everything = everyPart.join(',');
const { quick, only } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: everything },
  },
}).values;
const parts = z.array(z.enum(everyPart)).parse(only.split(','));

const quality = quick ? 'draft' : 'standard';
const encoding = qualities[quality];
const measuredRows = 2;
const plannedRows = quick ? 30_000 : 100_000;
const drainedRows = quick ? 1_000 : 10_000;

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-bench-'));
const say = (text: string): void => console.error(text);

async function measureRendering() {
  const baselines = await measureBaselines(folder, encoding, measuredRows, say);
  const bespoke = await measureBespoke(folder, quality, measuredRows, say);
  return { baselines, bespoke };
}

try {
  const machine = describeMachine();
  say(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}`);
  const rendering = parts.includes('rendering') ? await measureRendering() : undefined;
  const planning = parts.includes('planning') ? await measurePlanning(folder, plannedRows, say) : undefined;
  const serving = parts.includes('http') ? await measureServing(folder, say) : undefined;
  const draining = parts.includes('queue') ? await measureDraining(folder, drainedRows, say) : undefined;

  const stories = parts.includes('stories') ? await measureStories(say) : undefined;
  const watching = parts.includes('watching') ? await measureWatching(say) : undefined;
  const opening = parts.includes('opening') ? await measureOpening(folder, quality, say) : undefined;
  const slicing = parts.includes('slicing') ? await measureSlicing(folder, quality, say) : undefined;

  const size = quick ? '640 by 360' : '1920 by 1080';
  if (rendering !== undefined)
    console.log(reportRendering(rendering.baselines, rendering.bespoke, measuredRows, size));
  if (planning !== undefined) console.log(reportPlanning(planning));
  if (serving !== undefined) console.log(reportServing(serving));
  if (draining !== undefined) console.log(reportDraining(draining));
  if (stories !== undefined) console.log(reportStories(stories));
  if (watching !== undefined) console.log(reportWatching(watching));
  if (opening !== undefined) console.log(reportOpening(opening));
  if (slicing !== undefined) console.log(reportSlicing(slicing));

  const results = path.join(root, 'bench/results');
  await mkdir(results, { recursive: true });
  const asked = only === everything ? '' : `-${parts.join('-')}`;
  const name = `${new Date().toISOString().slice(0, 10)}-${machine.commit}${asked}${quick ? '-quick' : ''}.json`;
  const raw = {
    machine,
    quick,
    ...(rendering && {
      encoding,
      framesPerVideo,
      measuredRows,
      baselines: rendering.baselines,
      ...rendering.bespoke,
      campaigns: compareCampaigns(rendering.baselines, rendering.bespoke),
    }),
    ...(planning && { planning }),
    ...(serving && { serving }),
    ...(draining && { draining }),
    ...(stories && { stories }),
    ...(watching && { watching }),
    ...(opening && { opening }),
    ...(slicing && { slicing }),
  };
  await writeFile(path.join(results, name), `${JSON.stringify(raw, null, 2)}\n`);
  say(`Raw figures: bench/results/${name}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
