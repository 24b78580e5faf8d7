import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFolderDestination } from '../worker/adapters/destination/folder-destination.ts';
import { openPipeline, type OpenPipeline } from '../worker/compose.ts';
import { parseConfig } from '../worker/config.ts';
import { priorities, type Pipeline } from '../worker/core/pipeline.ts';
import type { Encoding, Log } from '../worker/core/ports.ts';
import { runCampaign } from '../worker/core/run-campaign.ts';
import { benchEntry, type CampaignKind } from './campaign/template.ts';

/** Says what goes wrong, nothing else. */
export const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => console.error(message),
};

/** A pipeline in an empty workspace, as `bespoke batch` would have it, but for parts that are exchanged. */
export async function openBenchPipeline(
  folder: string,
  exchangeParts?: (pipeline: Pipeline) => Pipeline,
): Promise<OpenPipeline> {
  const config = parseConfig({ ...process.env, BESPOKE_WORKSPACE: path.join(folder, 'workspace') });
  return openPipeline(config, {
    registry: [benchEntry],
    log: quiet,
    ...(exchangeParts !== undefined && { exchangeParts }),
    studio: {
      entryPoint: fileURLToPath(new URL('studio.ts', import.meta.url)),
      templatesDirectory: fileURLToPath(new URL('.', import.meta.url)),
    },
  });
}

export interface BenchRun {
  readonly kind: CampaignKind;
  readonly ids: readonly string[];
  readonly encoding: Encoding;
  /** Folder that receives the videos. */
  readonly out: string;
}

/**
 * Runs a campaign to its end, worker included. @returns seconds from the first row handed in to the
 * last file handed over.
 *
 * @throws Error when a row does not end well: a figure of less work would be no figure.
 */
export async function timeCampaign(
  { pipeline }: OpenPipeline,
  run: BenchRun,
  expected: 'done' | 'skipped',
): Promise<{ readonly seconds: number; readonly campaign: string }> {
  const { ids, kind, encoding } = run;
  const destination = await openFolderDestination(run.out, pipeline.store);
  const began = performance.now();
  const campaign = await runCampaign(
    pipeline,
    {
      entry: benchEntry,
      format: '16:9',
      encoding,
      asOf: '2026-01-15',
      source: `${kind} ${ids.join(' ')}`,
      destination,
      priority: priorities.batch,
      rows: async function* rows() {
        for (const [index, customerId] of ids.entries()) {
          yield {
            row: index + 1,
            fileName: customerId,
            warnings: [],
            check: { ok: true, record: { customerId, kind } },
          };
        }
      },
    },
    () => undefined,
    new AbortController().signal,
  );
  const seconds = (performance.now() - began) / 1000;
  const { rows } = await pipeline.ledger.progress(campaign.id);
  if (rows[expected] !== ids.length) throw new Error(`Not all rows are ${expected}: ${JSON.stringify(rows)}`);
  return { seconds, campaign: campaign.id };
}

/** Joins a finished video's clips again, its mix being stored. @returns milliseconds of each time. */
export async function timeAssembly(
  { pipeline }: OpenPipeline,
  campaign: string,
  folder: string,
): Promise<number[]> {
  const { ledger, store, media } = pipeline;
  const [video] = await ledger.rows(campaign, 0, 1);
  if (video?.mix === undefined) throw new Error('The campaign has no video to join.');
  const mix = await store.fetch('mixes', `${video.mix}.m4a`);
  const clips = await Promise.all(video.path.map(({ clip }) => store.fetch('clips', `${clip}.mp4`)));
  const times: number[] = [];
  for (let time = 0; time < 10; time += 1) {
    const began = performance.now();
    await media.assemble(clips, mix, path.join(folder, `joined-${time}.mp4`));
    times.push(performance.now() - began);
  }
  return times;
}
