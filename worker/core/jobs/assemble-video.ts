import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { hasCode } from '../../../errors/bespoke-error.ts';
import { pathCues, pathMix, pathStills } from '../../../video/story/path.ts';
import type { VideoEntry } from '../ledger.ts';
import { priorities, type Pipeline } from '../pipeline.ts';
import type { JobHandlers, Store } from '../ports.ts';
import { stillName, videoFiles, videoPictures, type VideoPicture } from '../video.ts';
import { writeVtt } from '../webvtt.ts';
import { endRows } from './end-rows.ts';
import type { Guard } from './guard.ts';
import { toPlanned, type PlannedVideo } from './planned-video.ts';
import { takePictures } from './take-pictures.ts';
import { traceOf } from './trace-of.ts';
import { publishCopy, withScratch } from './with-scratch.ts';

/** A store may be far away: so many files are asked for at a time. */
const atOnce = { concurrency: 8 };

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
 * Makes a video from its stored clips. It is done when its MP4 and captions are on the store. The teaser, and a
 * poster that its clip did not keep, follow at once; what fails there gets a job of its own.
 */
export function createAssembleVideo(pipeline: Pipeline, guard: Guard): JobHandlers['assemble-video'] {
  const { ledger, queue, store, renderer, log } = pipeline;

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

  /** Reports a finished video to the licence service, once. */
  async function report(id: string): Promise<void> {
    if (renderer.reportVideo !== undefined && (await ledger.claimReport(id))) renderer.reportVideo();
  }

  const queuePictures = ({ id, priority }: VideoEntry): Promise<void> =>
    queue.add([{ job: { name: 'take-pictures', video: id }, priority }]);

  return ({ video: id }, attempt) =>
    guard(
      attempt,
      { video: id },
      async () => {
        const found = await ledger.videoWithClips(id);
        const video = found?.video;
        // A worker may have ended between the end of the video and what follows it.
        if (video?.status.state === 'done') {
          await report(id);
          if (video.coming.length > 0) await queuePictures(video);
          return;
        }
        if (video?.status.state !== 'ready') return;
        const planned = toPlanned(pipeline, video, found?.clips ?? []);
        let coming = await lacking(store, planned.key);
        if (coming === undefined) {
          const parts = await fetchParts(id, video.path);
          if (parts === undefined) return;
          coming = await assembleVideo(pipeline, planned, parts);
        }
        const ended = await ledger.completeVideo(id, coming);
        await endRows(pipeline, 'done', ended);
        await report(id);
        if (coming.length === 0) return;
        try {
          await takePictures(pipeline, planned, coming);
        } catch (error) {
          log.warn('pictures of a video were not taken yet', { video: id, trace: traceOf(error) });
          await queuePictures(video);
        }
      },
      async (code, message) => endRows(pipeline, 'failed', await ledger.failVideo(id, code, message)),
    );
}
