import Table from 'cli-table3';
import type { BaselineFigures } from './baseline.ts';
import type { BespokeFigures } from './bespoke.ts';
import { framesPerVideo, personalShare, type CampaignKind } from './campaign/template.ts';
import type { DrainingFigures } from './draining.ts';
import type { OpeningFigures } from './opening.ts';
import type { PlanningFigures } from './planning.ts';
import type { ServingFigures } from './serving.ts';
import type { SlicingFigures } from './slicing.ts';
import type { StoryFigures } from './stories.ts';
import type { WatchingFigures } from './watching.ts';

const campaignRows = 100;

const goals = {
  everything: { againstA: 1.4, againstB: 0.9 },
  reference: { againstA: 3, againstB: 2 },
  light: { againstA: 7, againstB: 5 },
  shared: { againstA: Number.NaN, againstB: Number.NaN },
} as const;

/** Bespoke beside Remotion alone, for a campaign of one kind. */
export interface CampaignComparison {
  readonly kind: CampaignKind;
  readonly share: number;
  readonly seconds: number;
  readonly againstA: number;
  readonly againstB: number;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Extrapolates measured rows to a campaign; its first row pays for all that is shared. */
export function compareCampaigns(
  baselines: BaselineFigures,
  { kinds }: BespokeFigures,
): readonly CampaignComparison[] {
  return kinds.map(({ kind, firstRowSeconds, furtherRowSeconds }) => {
    const seconds = firstRowSeconds + (campaignRows - 1) * furtherRowSeconds;
    return {
      kind,
      share: personalShare(kind),
      seconds,
      againstA: (campaignRows * mean(baselines.a)) / seconds,
      againstB: (campaignRows * mean(baselines.b)) / seconds,
    };
  });
}

/** The performance table and what belongs to it, for people. @param size of a frame, in words. */
export function reportRendering(
  baselines: BaselineFigures,
  bespoke: BespokeFigures,
  rows: number,
  size: string,
): string {
  const table = new Table({
    head: ['campaign', 'personal', `${campaignRows} rows`, 'against A', 'goal', 'against B', 'goal'],
    style: { head: [], border: [] },
  });
  for (const { kind, share, seconds, againstA, againstB } of compareCampaigns(baselines, bespoke)) {
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
  const { rerunMsPerRow, rerunRows, assemblyMs, kinds } = bespoke;
  const overhead = kinds.find(({ kind }) => kind === 'everything')?.overheadShare ?? 1;
  return [
    `Remotion alone, ${framesPerVideo} frames of ${size} a row: A ${mean(baselines.a).toFixed(1)} s, B ${mean(baselines.b).toFixed(1)} s`,
    'A: default encoder settings. B: our preset, CRF and frame quality. Both: the same browser, kept open.',
    table.toString(),
    `${rows} rows measured of each, extrapolated to ${campaignRows}; shared clips are paid for once`,
    `unchanged rerun   ${rerunMsPerRow.toFixed(1)} ms a row over ${rerunRows} rows (goal: under 20)`,
    `assembly          ${mean(assemblyMs).toFixed(0)} ms for ${framesPerVideo / 30} s with the mix stored (goal: under 150 for 20 s)`,
    `overhead          ${Math.round(overhead * 100)} % of the time of further rows of "everything" no clip was rendered where one could have been`,
  ].join('\n');
}

/** How fast a large file was planned, for people. */
export function reportPlanning({ rows, seconds, distinctClips, memoryMiB }: PlanningFigures): string {
  return (
    `planning          ${rows} rows in ${seconds.toFixed(1)} s (goal: under 10 for 100000), ` +
    `${distinctClips} clips, memory ${memoryMiB.before} to ${memoryMiB.peak} MiB`
  );
}

/** How fast the HTTP door was, for people. */
export function reportServing({ acceptedPerSecond, firstByteMs }: ServingFigures): string {
  const firstByte = (engines: keyof typeof firstByteMs): string => {
    const times = firstByteMs[engines];
    const percentile = (share: number): string =>
      (times[Math.ceil(times.length * share) - 1] ?? Number.NaN).toFixed(0);
    return `p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms (${times.length} times)`;
  };
  const { embedded, shared } = acceptedPerSecond;
  return [
    `HTTP              renders accepted a second, 8 clients: ${embedded.toFixed(0)} on the embedded engines, ${shared.toFixed(0)} on Redis and PostgreSQL`,
    `                  request to first byte with all clips stored, embedded: ${firstByte('embedded')}`,
    `                  the same on Redis and PostgreSQL: ${firstByte('shared')}`,
  ].join('\n');
}

/** How fast queue and tables were without rendering, for people. */
export function reportDraining(figures: readonly DrainingFigures[]): string {
  return figures
    .map(
      ({ rows, workers, seconds }) =>
        `queue             ${rows} rows by ${workers} ${workers === 1 ? 'worker ' : 'workers'} without rendering: ${seconds.toFixed(1)} s, ${(rows / seconds).toFixed(0)} rows a second (Redis, PostgreSQL)`,
    )
    .join('\n');
}

/** How fast stories are walked and checked, for people. */
export function reportStories({ engine, check }: StoryFigures): string {
  return [
    `stories           ${engine.stepsPerSecond} engine steps a second; a log of ${engine.longestLog} lines replayed in ${engine.replayMs.toFixed(1)} ms`,
    `                  check of ${check.nodes} nodes: ${check.seconds.toFixed(1)} s, ${check.states} states${check.complete ? ', all there are' : ''}`,
  ].join('\n');
}

/** The middle and the last of sorted times. */
const inWords = (times: readonly number[]): string =>
  `median ${(times[Math.floor(times.length / 2)] ?? Number.NaN).toFixed(0)} ms, longest ${(times.at(-1) ?? Number.NaN).toFixed(0)} ms`;

/** How soon a film begins whose personal clips are not stored, for people. */
export function reportOpening({ quality, sharedFirstMs, personalFirstMs }: OpeningFigures): string {
  return [
    `opening           link opened to first frame, shared clips stored and personal ones not, quality ${quality}, ${sharedFirstMs.length} times`,
    `                  a film that begins with a shared clip: ${inWords(sharedFirstMs)}`,
    `                  a film that begins with a personal clip, which is rendered meanwhile: ${inWords(personalFirstMs)}`,
  ].join('\n');
}

/** What viewers wait for, for people. */
export function reportWatching({
  size,
  fps,
  firstFrameMs,
  lastMomentGapMs,
  switchMs,
}: WatchingFigures): string {
  return [
    `watching          ${firstFrameMs.length} times, frames of ${size} at ${fps} a second, browser, server and worker on this machine`,
    `                  link opened to first frame: ${inWords(firstFrameMs)}`,
    `                  a choice that leads on at once, to its first frame: ${inWords(switchMs)}`,
    `                  gap at the joint for a choice at the last moment: ${inWords(lastMomentGapMs)} (goal: 100)`,
  ].join('\n');
}

/** What cutting a film brings, for people. */
export function reportSlicing({
  sliceSeconds,
  remotionRowSeconds,
  whole,
  cut,
  rows,
}: SlicingFigures): string {
  const times = (one: number, other: number): string => (one / other).toFixed(2);
  return [
    `slicing           a film of 300 frames, ${rows} further rows of each; bespoke slice took ${sliceSeconds.toFixed(1)} s`,
    `                  renderMedia ${remotionRowSeconds.toFixed(2)} s a row, whole ${whole.furtherRow.toFixed(2)} s, cut ${cut.furtherRow.toFixed(2)} s`,
    `                  cut is ${times(whole.furtherRow, cut.furtherRow)} times as fast as whole, ${times(remotionRowSeconds, cut.furtherRow)} times as fast as renderMedia`,
  ].join('\n');
}
