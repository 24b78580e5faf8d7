import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { BoundScene } from '../../../video/story/bind.ts';
import { momentFrame, pathCues, pathMix } from '../../../video/story/path.ts';
import { findTemplate, type RegistryEntry } from '../../../video/story/registry.ts';
import type { ClipDraft, VideoEntry } from '../ledger.ts';
import { priorities, type Pipeline } from '../pipeline.ts';
import type { JobHandlers, Store } from '../ports.ts';
import { videoFiles, type VideoFiles } from '../video.ts';
import { writeVtt } from '../webvtt.ts';
import { endRows } from './end-rows.ts';
import type { Guard } from './guard.ts';
import { withScratch } from './with-scratch.ts';

type Clips = ReadonlyMap<string, ClipDraft>;

/** A store may be far away: so many files are asked for at a time. */
const atOnce = { concurrency: 8 };

async function publishMix(
  { store, media }: Pipeline,
  entry: RegistryEntry,
  path: readonly BoundScene[],
  name: string,
): Promise<string> {
  if (!(await store.has('mixes', name))) {
    await withScratch(store, 'm4a', async (file) => {
      await media.mix(pathMix(entry.template, path), fileURLToPath(entry.directory), file);
      await store.publish('mixes', name, file);
    });
  }
  return store.fetch('mixes', name);
}

/** The path as it was bound, read back from its clips. */
function boundPath(video: VideoEntry, clips: Clips): readonly BoundScene[] {
  return video.path.map(({ node, clip }) => {
    const draft = clips.get(clip);
    if (draft === undefined) throw new Error(`Clip ${clip} of video ${video.id} is not in the ledger.`);
    const { scene, inputs, durationInFrames, personal } = draft;
    return { node, scene, inputs, durationInFrames, personal };
  });
}

async function holdsAll(store: Store, files: VideoFiles): Promise<boolean> {
  const held = await Promise.all([
    store.has('videos', files.video),
    store.has('posters', files.poster),
    store.has('teasers', files.teaser),
    store.has('captions', files.captions),
  ]);
  return !held.includes(false);
}

function entryOf({ registry }: Pipeline, template: string): RegistryEntry {
  const found = findTemplate(registry, template);
  if (found !== undefined) return found;
  throw new BespokeError('template-unknown', `This worker has no template "${template}".`);
}

/** Joins a video and takes its pictures; nothing is done where the store holds all four already. */
async function assembleVideo(pipeline: Pipeline, video: VideoEntry, clips: Clips): Promise<void> {
  const { store, media, clock, metrics, log } = pipeline;
  const first = clips.get(video.path[0]?.clip ?? '');
  if (video.key === undefined || video.mix === undefined || first === undefined) {
    throw new Error(`Video ${video.id} has no path to assemble.`);
  }
  const files = videoFiles(video.key);
  if (await holdsAll(store, files)) return;
  const started = clock.now().getTime();
  const entry = entryOf(pipeline, first.template);
  const { template } = entry;
  const path = boundPath(video, clips);
  const parts = await pMap(video.path, ({ clip }) => store.fetch('clips', `${clip}.mp4`), atOnce);
  const mix = await publishMix(pipeline, entry, path, `${video.mix}.m4a`);

  await withScratch(store, 'mp4', async (file) => {
    await media.assemble(parts, mix, file);
    await withScratch(store, 'jpg', async (poster) => {
      await media.poster(file, momentFrame(path, template.poster), template.fps, poster);
      await store.publish('posters', files.poster, poster);
    });
    await withScratch(store, 'gif', async (teaser) => {
      const { durationInFrames } = template.teaser;
      const latest = Math.max(0, video.durationInFrames - durationInFrames);
      await media.teaser(
        file,
        {
          fromFrame: Math.min(momentFrame(path, template.teaser), latest),
          durationInFrames: Math.min(durationInFrames, video.durationInFrames),
          fps: template.fps,
        },
        teaser,
      );
      await store.publish('teasers', files.teaser, teaser);
    });
    await withScratch(store, 'vtt', async (captions) => {
      await writeFile(captions, writeVtt(pathCues(template, path), template.fps), { mode: 0o600 });
      await store.publish('captions', files.captions, captions);
    });
    await store.publish('videos', files.video, file);
  });
  const ms = clock.now().getTime() - started;
  metrics.videoAssembled(ms / 1000);
  log.info('video assembled', { video: video.id, campaign: video.campaign, ms });
}

/** Makes a video from its stored clips. */
export function createAssembleVideo(pipeline: Pipeline, guard: Guard): JobHandlers['assemble-video'] {
  const { ledger, queue, store } = pipeline;

  /** Has clips made again whose files are gone. @returns whether there were any. */
  async function reviveLost(id: string, clips: Clips): Promise<boolean> {
    const keys = [...clips.keys()];
    const held = await pMap(keys, (key) => store.has('clips', `${key}.mp4`), atOnce);
    const gone = keys.filter((_key, index) => held[index] === false);
    if (gone.length === 0) return false;
    await ledger.reviveClips(id, gone);
    await queue.add(
      gone.map((clip) => ({ job: { name: 'render-clip', clip }, priority: priorities.single })),
    );
    return true;
  }

  return ({ video: id }, attempt) =>
    guard(
      attempt,
      { video: id },
      async () => {
        const video = await ledger.video(id);
        if (video?.status.state !== 'ready') return;
        const drafts = await ledger.clips(video.path.map(({ clip }) => clip));
        const clips = new Map(drafts.map((clip) => [clip.key, clip]));
        if (await reviveLost(id, clips)) return;
        await assembleVideo(pipeline, video, clips);
        await endRows(pipeline, 'done', await ledger.completeVideo(id));
      },
      async (code, message) => endRows(pipeline, 'failed', await ledger.failVideo(id, code, message)),
    );
}
