import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBatch } from '../cli/batch/run-batch.ts';
import { newApi } from '../cli/client/own-api.ts';
import { openOwnApi } from '../cli/client/own-api.ts';
import { openPipeline, type OpenPipeline } from '../worker/compose.ts';
import { parseConfig } from '../worker/config.ts';
import type { Pipeline } from '../worker/core/pipeline.ts';
import type { Log } from '../worker/core/ports.ts';
import type { Quality } from '../worker/core/campaigns.ts';
import { benchEntry, type CampaignKind } from './campaign/template.ts';

/** Says what goes wrong, nothing else. */
export const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => console.error(message),
};

const quietServer = (_fields: unknown, message: string): void => console.error(message);

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
      templates: [{ id: 'campaign', folder: fileURLToPath(new URL('campaign', import.meta.url)) }],
    },
  });
}

export interface BenchRun {
  readonly kind: CampaignKind;
  readonly ids: readonly string[];
  readonly quality: Quality;
  /** Folder that receives the videos. */
  readonly out: string;
}

/**
 * Runs a campaign to its end as `bespoke batch` does. @returns seconds from the moment that the CSV is there to the
 * last file written.
 *
 * @throws Error when a row does not end well: a figure of less work would be no figure.
 */
export async function timeCampaign(
  { pipeline, health, metrics }: OpenPipeline,
  { kind, ids, quality, out }: BenchRun,
  expected: 'done' | 'skipped',
): Promise<{ readonly seconds: number; readonly campaign: string }> {
  await mkdir(out, { recursive: true });
  const csv = path.join(out, `${kind}.csv`);
  await writeFile(csv, ['customerId,kind', ...ids.map((id) => `${id},${kind}`), ''].join('\n'));
  const api = await openOwnApi(
    {
      pipeline,
      health: () => health({ browser: false }),
      metrics: metrics.expose,
      log: { info: () => undefined, error: quietServer },
    },
    parseConfig({}),
    newApi(false).socket,
  );
  try {
    const began = performance.now();
    const outcome = await runBatch(
      { client: api.client, place: 'here', deployment: 'bench' },
      {
        csv,
        options: { template: benchEntry.template.id, quality, asOf: '2026-01-15', idColumn: 'customerId' },
        out,
      },
      () => undefined,
      new AbortController().signal,
    );
    const seconds = (performance.now() - began) / 1000;
    if (outcome[expected] !== ids.length) throw new Error(`Not all rows are ${expected}.`);
    return { seconds, campaign: outcome.campaign.id };
  } finally {
    await api.close();
  }
}

/** Joins a finished video's clips again, its mix being stored. @returns milliseconds of each time. */
export async function timeAssembly(
  { pipeline }: OpenPipeline,
  campaign: string,
  folder: string,
): Promise<number[]> {
  const { renders, store, media } = pipeline;
  const [video] = await renders.list(campaign, 0, 1);
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
