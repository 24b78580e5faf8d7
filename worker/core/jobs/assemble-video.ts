import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { BespokeError, hasCode } from '../../../errors/bespoke-error.ts';
import type { BoundScene } from '../../../video/story/bind.ts';
import { pathCues, pathMix, pathStills } from '../../../video/story/path.ts';
import { findTemplate, type RegistryEntry } from '../../../video/story/registry.ts';
import type { ClipDraft, VideoEntry } from '../ledger.ts';
import { priorities, type Pipeline } from '../pipeline.ts';
import type { JobHandlers, Store } from '../ports.ts';
import { stillName, videoFiles, videoPictures, type VideoPicture } from '../video.ts';
import { writeVtt } from '../webvtt.ts';
import { endRows } from './end-rows.ts';
import type { Guard } from './guard.ts';
import { publishCopy, withScratch } from './with-scratch.ts';

/** A store may be far away: so many files are asked for at a time. */
const atOnce = { concurrency: 8 };

/** A recorded video with the path that was bound for it. */
export interface PlannedVideo {
  readonly id: string;
  readonly campaign: string;
  readonly key: string;
  readonly mix: string;
  readonly entry: RegistryEntry;
  readonly path: readonly BoundScene[];
  /** @param step index in the path. */
  readonly clipAt: (step: number) => ClipDraft;
}

/** Reads a video with the clips of its path. @throws BespokeError `template-unknown`. */
export async function readPlanned(
  { ledger, registry }: Pick<Pipeline, 'ledger' | 'registry'>,
  { id, campaign, key, mix, path: steps }: VideoEntry,
): Promise<PlannedVideo> {
  const drafts = await ledger.clips(steps.map(({ clip }) => clip));
  const byKey = new Map(drafts.map((clip) => [clip.key, clip]));
  const clips = steps.map(({ clip }) => {
    const draft = byKey.get(clip);
    if (draft === undefined) throw new Error(`Clip ${clip} of video ${id} is not in the tables.`);
    return draft;
  });
  const [first] = clips;
  if (key === undefined || mix === undefined || first === undefined) {
    throw new Error(`Video ${id} has no path to assemble.`);
  }
  const entry = findTemplate(registry, first.template);
  if (entry === undefined) {
    throw new BespokeError('template-unknown', `This worker has no template "${first.template}".`);
  }
  const path = clips.map(({ scene, inputs, durationInFrames, personal }, step) => ({
    node: steps[step]?.node ?? '',
    scene,
    inputs,
    durationInFrames,
    personal,
  }));
  const clipAt = (step: number): ClipDraft => {
    const clip = clips[step];
    if (clip === undefined) throw new Error(`Video ${id} has no step ${step}.`);
    return clip;
  };
  return { id, campaign, key, mix, entry, path, clipAt };
}

const isMissing = (error: unknown): boolean => hasCode(error, 'stored-file-missing');

async function publishMix({ store, media }: Pipeline, { entry, path, mix }: PlannedVideo): Promise<string> {
  const name = `${mix}.m4a`;
  try {
    return await store.fetch('mixes', name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await withScratch(store, 'm4a', async (file) => {
    await media.mix(pathMix(entry.template, path), fileURLToPath(entry.directory), file);
    await store.publish('mixes', name, file);
  });
  return store.fetch('mixes', name);
}

async function publishCaptions({ store }: Pipeline, { key, entry, path }: PlannedVideo): Promise<void> {
  const { template } = entry;
  await withScratch(store, 'vtt', async (file) => {
    await writeFile(file, writeVtt(pathCues(template, path), template.fps), { mode: 0o600 });
    await store.publish('captions', videoFiles(key).captions, file);
  });
}

/** Puts the poster on the store where its clip kept the picture. @returns whether it is there. */
async function publishKeptPoster({ store }: Pipeline, video: PlannedVideo): Promise<boolean> {
  const { poster } = pathStills(video.entry.template, video.path);
  const { key } = video.clipAt(poster.step);
  try {
    const kept = await store.fetch('stills', stillName(key, poster.still));
    await publishCopy(store, 'posters', videoFiles(video.key).poster, kept);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Joins a video and puts it on the store with what is at hand. @returns the pictures that are still to be made. */
async function assembleVideo(
  pipeline: Pipeline,
  video: PlannedVideo,
  parts: readonly string[],
): Promise<readonly VideoPicture[]> {
  const { store, media, clock, metrics, log } = pipeline;
  const started = clock.now().getTime();
  const { video: name, teaser } = videoFiles(video.key);
  const mix = await publishMix(pipeline, video);
  const held = await withScratch(store, 'mp4', async (file) => {
    await media.assemble(parts, mix, file);
    const [hasPoster, hasTeaser] = await Promise.all([
      publishKeptPoster(pipeline, video),
      store.has('teasers', teaser),
      publishCaptions(pipeline, video),
      store.publish('videos', name, file),
    ]);
    return { poster: hasPoster, teaser: hasTeaser };
  });
  const ms = clock.now().getTime() - started;
  metrics.videoAssembled(ms / 1000);
  log.info('video assembled', { video: video.id, campaign: video.campaign, ms });
  return lackedOf(held);
}

const lackedOf = (held: Readonly<Record<VideoPicture, boolean>>): readonly VideoPicture[] =>
  videoPictures.filter((picture) => !held[picture]);

/** Pictures that the store lacks of a video which another row made already; `undefined` when the video itself is missing. */
async function lacking(store: Store, key: string): Promise<readonly VideoPicture[] | undefined> {
  const files = videoFiles(key);
  const [video, captions] = await Promise.all([
    store.has('videos', files.video),
    store.has('captions', files.captions),
  ]);
  if (!video || !captions) return undefined;
  const [poster, teaser] = await Promise.all([
    store.has('posters', files.poster),
    store.has('teasers', files.teaser),
  ]);
  return lackedOf({ poster, teaser });
}

/**
 * Makes a video from its stored clips. It is done when its MP4 and captions are on the store; a poster that
 * its clip did not keep, and the teaser, follow in a job of their own.
 */
export function createAssembleVideo(pipeline: Pipeline, guard: Guard): JobHandlers['assemble-video'] {
  const { ledger, queue, store, renderer } = pipeline;

  /** Local paths of a video's clips; those whose files are gone are made again, and nothing is returned. */
  async function fetchParts(id: string, path: VideoEntry['path']): Promise<readonly string[] | undefined> {
    const gone = new Set<string>();
    const parts = await pMap(
      path,
      async ({ clip }) => {
        try {
          return await store.fetch('clips', `${clip}.mp4`);
        } catch (error) {
          if (!isMissing(error)) throw error;
          gone.add(clip);
          return '';
        }
      },
      atOnce,
    );
    if (gone.size === 0) return parts;
    await ledger.reviveClips(id, [...gone]);
    await queue.add(
      [...gone].map((clip) => ({ job: { name: 'render-clip', clip }, priority: priorities.single })),
    );
    return undefined;
  }

  /** Reports a finished video to the licence service, once, and queues the pictures that are still to be made. */
  async function follow({ id, priority }: VideoEntry, coming: readonly VideoPicture[]): Promise<void> {
    if (renderer.reportVideo !== undefined && (await ledger.claimReport(id))) renderer.reportVideo();
    if (coming.length > 0) await queue.add([{ job: { name: 'take-pictures', video: id }, priority }]);
  }

  return ({ video: id }, attempt) =>
    guard(
      attempt,
      { video: id },
      async () => {
        const video = await ledger.video(id);
        // A worker may have ended between the end of the video and what follows it.
        if (video?.status.state === 'done') return follow(video, video.coming);
        if (video?.status.state !== 'ready') return;
        const planned = await readPlanned(pipeline, video);
        let coming = await lacking(store, planned.key);
        if (coming === undefined) {
          const parts = await fetchParts(id, video.path);
          if (parts === undefined) return;
          coming = await assembleVideo(pipeline, planned, parts);
        }
        const ended = await ledger.completeVideo(id, coming);
        await endRows(pipeline, 'done', ended, id === video.campaign ? [id] : []);
        await follow(video, coming);
      },
      async (code, message) => endRows(pipeline, 'failed', await ledger.failVideo(id, code, message)),
    );
}
