import path from 'node:path';
import type { Quality } from '../worker/core/campaigns.ts';
import type { OpenPipeline } from '../worker/compose.ts';
import type { CampaignKind } from './campaign/template.ts';
import { openBenchPipeline, timeAssembly, timeCampaign } from './pipeline.ts';

/** One row first, which pays for all that is shared; then rows that pay for themselves only. */
export interface KindFigures {
  readonly kind: CampaignKind;
  readonly firstRowSeconds: number;
  readonly furtherRowSeconds: number;
  /** Of what further rows took: seconds in which a place for a clip had no clip to render. */
  readonly overheadShare: number;
}

export interface BespokeFigures {
  readonly kinds: readonly KindFigures[];
  readonly assemblyMs: readonly number[];
  readonly rerunRows: number;
  readonly rerunMsPerRow: number;
}

const rerunRows = 200;

const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** Seconds that this process has rendered clips, all clips together. */
async function secondsRendered({ metrics }: OpenPipeline): Promise<number> {
  const text = await metrics.expose();
  const sums = text.matchAll(/^bespoke_clip_render_seconds_sum\S* (\S+)$/gm);
  return [...sums].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** Measures Bespoke from the first row handed in to the last file handed over, in an empty workspace. */
export async function measureBespoke(
  folder: string,
  quality: Quality,
  rows: number,
  say: (text: string) => void,
): Promise<BespokeFigures> {
  const open = await openBenchPipeline(folder);
  const worker = await open.startWorker();
  const out = path.join(folder, 'out');
  try {
    // Bundle and browser are made before the clock starts, as the baseline's are.
    await timeCampaign(open, { kind: 'shared', ids: ['warm'], quality: 'draft', out }, 'done');

    const kinds: KindFigures[] = [];
    let assemblyMs: readonly number[] = [];
    for (const kind of ['light', 'reference', 'everything'] as const) {
      const own = { quality, kind, out };
      const first = await timeCampaign(open, { ...own, ids: ids(`${kind}-first`, 1) }, 'done');
      const before = await secondsRendered(open);
      const further = await timeCampaign(open, { ...own, ids: ids(kind, rows) }, 'done');
      const rendered = (await secondsRendered(open)) - before;
      const overheadShare = 1 - rendered / (further.seconds * open.pipeline.parallelClips);
      const furtherRowSeconds = further.seconds / rows;
      const figures = { kind, firstRowSeconds: first.seconds, furtherRowSeconds, overheadShare };
      say(
        `${kind}: first row ${first.seconds.toFixed(1)} s, then ${furtherRowSeconds.toFixed(1)} s a row, ${Math.round(overheadShare * 100)} % of it overhead`,
      );
      kinds.push(figures);
      assemblyMs = await timeAssembly(open, further.campaign, folder);
    }

    const unchanged = {
      kind: 'shared',
      ids: ids('same', rerunRows),
      quality: 'draft',
      out,
    } as const;
    await timeCampaign(open, unchanged, 'done');
    const rerun = await timeCampaign(open, unchanged, 'skipped');
    const rerunMsPerRow = (rerun.seconds * 1000) / rerunRows;
    say(`unchanged rerun: ${rerunMsPerRow.toFixed(1)} ms a row over ${rerunRows} rows`);
    return { kinds, assemblyMs, rerunRows, rerunMsPerRow };
  } finally {
    await worker.stop('drain');
    await open.close();
  }
}
