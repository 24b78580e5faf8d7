import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { BoundScene } from '../../video/story/bind.ts';
import { momentFrame, pathCues, pathMix } from '../../video/story/path.ts';
import { findTemplate, type RegistryEntry } from '../../video/story/registry.ts';
import { imageHashes } from './image-hashes.ts';
import type { ClipDraft, VideoEntry } from './ledger.ts';
import type { Pipeline } from './pipeline.ts';
import { priorities } from './pipeline.ts';
import type { JobHandlers, Store } from './ports.ts';
import { videoFiles, type VideoFiles } from './video.ts';
import { writeVtt } from './webvtt.ts';

/** Failures of the place we run in, not of the job: the job stays queued and the worker stops. */
const fatalCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'disk-full',
  'directory-not-writable',
  'browser-missing',
]);

const isFatal = (error: unknown): error is BespokeError =>
  error instanceof BespokeError && fatalCodes.has(error.code);

function entryOf(pipeline: Pipeline, template: string): RegistryEntry {
  const found = findTemplate(pipeline.registry, template);
  if (found === undefined)
    throw new BespokeError('template-unknown', `This worker has no template "${template}".`);
  return found;
}

/** A temporary file that is gone afterwards, whatever happens to it in between. */
async function withScratch<T>(
  pipeline: Pipeline,
  extension: string,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = await pipeline.store.scratch(extension);
  try {
    return await use(file);
  } finally {
    await rm(file, { force: true });
  }
}

async function renderClip(
  pipeline: Pipeline,
  clip: ClipDraft,
  signal: AbortSignal,
): Promise<{ bytes: number; renderMs: number | undefined }> {
  const { store, renderer, clock } = pipeline;
  const name = `${clip.key}.mp4`;
  const codeHash = await renderer.codeHash(clip.template, clip.scene);
  if (codeHash !== clip.codeHash) {
    throw new BespokeError(
      'code-mismatch',
      `Scene "${clip.scene}" of ${clip.template} was planned with other code than this worker's.`,
    );
  }
  const images: Record<string, string> = {};
  for (const hash of imageHashes(clip.inputs)) images[hash] = await store.fetch('images', `${hash}.jpg`);
  return withScratch(pipeline, 'mp4', async (file) => {
    const started = clock.now().getTime();
    await renderer.renderClip({ ...clip, images }, file, signal);
    const renderMs = clock.now().getTime() - started;
    return { bytes: await store.publish('clips', name, file), renderMs };
  });
}

async function publishMix(
  pipeline: Pipeline,
  entry: RegistryEntry,
  path: readonly BoundScene[],
  name: string,
): Promise<string> {
  if (!(await pipeline.store.has('mixes', name))) {
    await withScratch(pipeline, 'm4a', async (file) => {
      await pipeline.media.mix(pathMix(entry.template, path), fileURLToPath(entry.directory), file);
      await pipeline.store.publish('mixes', name, file);
    });
  }
  return pipeline.store.fetch('mixes', name);
}

/** The path as it was bound, read back from its clips. */
function boundPath(video: VideoEntry, clips: ReadonlyMap<string, ClipDraft>): readonly BoundScene[] {
  return video.path.map(({ node, clip }) => {
    const draft = clips.get(clip);
    if (draft === undefined) throw new Error(`Clip ${clip} of video ${video.id} is not in the ledger.`);
    const { scene, inputs, durationInFrames, personal } = draft;
    return { node, scene, inputs, durationInFrames, personal };
  });
}

async function holdsAll(store: Store, files: VideoFiles): Promise<boolean> {
  return (
    (await store.has('videos', files.video)) &&
    (await store.has('posters', files.poster)) &&
    (await store.has('teasers', files.teaser)) &&
    (await store.has('captions', files.captions))
  );
}

/** Joins a video and takes its pictures; nothing is done where the store holds all four already. */
async function assembleVideo(
  pipeline: Pipeline,
  video: VideoEntry,
  clips: ReadonlyMap<string, ClipDraft>,
): Promise<void> {
  const { store, media } = pipeline;
  const first = clips.get(video.path[0]?.clip ?? '');
  if (video.key === undefined || video.mix === undefined || first === undefined) {
    throw new Error(`Video ${video.id} has no path to assemble.`);
  }
  const files = videoFiles(video.key);
  if (await holdsAll(store, files)) return;
  const entry = entryOf(pipeline, first.template);
  const { template } = entry;
  const path = boundPath(video, clips);
  const parts: string[] = [];
  for (const { clip } of video.path) parts.push(await store.fetch('clips', `${clip}.mp4`));
  const mix = await publishMix(pipeline, entry, path, `${video.mix}.m4a`);

  await withScratch(pipeline, 'mp4', async (file) => {
    await media.assemble(parts, mix, file);
    await withScratch(pipeline, 'jpg', async (poster) => {
      await media.poster(file, momentFrame(path, template.poster), template.fps, poster);
      await store.publish('posters', files.poster, poster);
    });
    await withScratch(pipeline, 'gif', async (teaser) => {
      const { durationInFrames } = template.teaser;
      const fromFrame = Math.min(
        momentFrame(path, template.teaser),
        Math.max(0, video.durationInFrames - durationInFrames),
      );
      await media.teaser(
        file,
        {
          fromFrame,
          durationInFrames: Math.min(durationInFrames, video.durationInFrames),
          fps: template.fps,
        },
        teaser,
      );
      await store.publish('teasers', files.teaser, teaser);
    });
    await withScratch(pipeline, 'vtt', async (captions) => {
      await writeFile(captions, writeVtt(pathCues(template, path), template.fps), { mode: 0o600 });
      await store.publish('captions', files.captions, captions);
    });
    await store.publish('videos', files.video, file);
  });
}

function failureOf(error: unknown): {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
} {
  if (error instanceof BespokeError) return error;
  return {
    code: 'internal',
    message: 'Something went wrong that has no name yet; the log of the worker tells more.',
    retryable: true,
  };
}

/**
 * What a worker does with jobs. A job's failure is recorded when no further attempt follows; the
 * error is thrown on either way, since the queue decides about attempts.
 *
 * @param halt is told of failures of the machine (disk full, no browser) that no job survives.
 */
export function createJobHandlers(pipeline: Pipeline, halt: (error: BespokeError) => void): JobHandlers {
  const { ledger, queue, log } = pipeline;

  async function guard(
    attempt: { readonly last: boolean; readonly signal: AbortSignal },
    run: () => Promise<void>,
    fail: (code: ErrorCode, message: string) => Promise<void>,
  ): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (attempt.signal.aborted) throw error;
      if (isFatal(error)) {
        halt(error);
        // Not as itself: the queue ends jobs whose error no retry can help, and this one is not the job's.
        throw new Error(`This worker cannot go on: ${error.code}`, { cause: error });
      }
      const { code, message, retryable } = failureOf(error);
      log.warn('job failed', {
        code,
        detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      if (attempt.last || !retryable) await fail(code, message);
      throw error;
    }
  }

  return {
    'render-clip': ({ clip: key }, attempt) =>
      guard(
        attempt,
        async () => {
          const clip = await ledger.wantedClip(key);
          if (clip === undefined) return;
          const made = (await pipeline.store.has('clips', `${key}.mp4`))
            ? { bytes: undefined, renderMs: undefined }
            : await renderClip(pipeline, clip, attempt.signal);
          const { released } = await ledger.completeClip(key, made);
          await queue.add(
            released.map(({ id, priority }) => ({ job: { name: 'assemble-video', video: id }, priority })),
          );
        },
        (code, message) => ledger.failClip(key, code, message),
      ),

    'assemble-video': ({ video: id }, attempt) =>
      guard(
        attempt,
        async () => {
          const video = await ledger.video(id);
          if (video?.status.state !== 'ready') return;
          const clips = new Map(
            (await ledger.clips(video.path.map(({ clip }) => clip))).map((clip) => [clip.key, clip]),
          );
          const gone: string[] = [];
          for (const key of clips.keys())
            if (!(await pipeline.store.has('clips', `${key}.mp4`))) gone.push(key);
          if (gone.length > 0) {
            await ledger.reviveClips(id, gone);
            await queue.add(
              gone.map((clip) => ({ job: { name: 'render-clip', clip }, priority: priorities.single })),
            );
            return;
          }
          await assembleVideo(pipeline, video, clips);
          await ledger.completeVideo(id);
        },
        (code, message) => ledger.failVideo(id, code, message),
      ),
  };
}
