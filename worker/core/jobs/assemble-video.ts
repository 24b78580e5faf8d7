import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pMap from 'p-map';
import { hasCode } from '../../../errors/bespoke-error.ts';
import { clipFiles, stillName } from '../clips.ts';
import { removeErased } from '../erasure.ts';
import { type Pipeline, priorities } from '../pipeline.ts';
import type { ClipPart, JobHandlers, Store } from '../ports.ts';
import { type RenderPicture, renderPictures } from '../render-schema.ts';
import { type PlannedRender, type RenderInWork, renderFiles } from '../renders.ts';
import { requireTemplate } from '../require-template.ts';
import { endRows } from '../settle.ts';
import { writeVtt } from '../webvtt.ts';
import { type Guard, traceOf } from './guard.ts';
import { proofJob } from './prove-cut.ts';
import { clipAt, takePictures } from './take-pictures.ts';
import { withScratch } from './with-scratch.ts';

/** Files that are requested at the same time, because the store may be far away. */
const atOnce = { concurrency: 8 };

const isMissing = (error: unknown): boolean => hasCode(error, 'stored-file-missing');

const templateFolder = ({ registry }: Pipeline, template: string): string =>
  fileURLToPath(requireTemplate(registry, template).directory);

/** The mix of music and declared sounds, which videos share. */
async function publishMix(pipeline: Pipeline, { template, sound, mix }: PlannedRender): Promise<string> {
  const { store, media } = pipeline;
  const name = `${mix}.m4a`;
  try {
    return await store.fetch('mixes', name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await withScratch(store, 'm4a', async (file) => {
    await media.mix(sound, templateFolder(pipeline, template), file);
    await store.publish('mixes', name, file);
  });
  return store.fetch('mixes', name);
}

/** Mixes the sound of a video for `use`. With what its clips play, it is for this video alone. */
async function withMix<T>(
  pipeline: Pipeline,
  render: PlannedRender,
  parts: readonly ClipPart[],
  use: (mix: string) => Promise<T>,
): Promise<T> {
  if (parts.every(({ sound }) => sound === undefined)) return use(await publishMix(pipeline, render));
  return withScratch(pipeline.store, 'm4a', async (file) => {
    await pipeline.media.mix(render.sound, templateFolder(pipeline, render.template), file, parts);
    return use(file);
  });
}

/** A stored clip of a path as local files. */
interface FetchedClip extends ClipPart {
  readonly video: string;
}

async function publishCaptions({ store }: Pipeline, { key, captions, sound }: PlannedRender): Promise<void> {
  await withScratch(store, 'vtt', async (file) => {
    await writeFile(file, writeVtt(captions, sound.fps), { mode: 0o600 });
    await store.publish('captions', renderFiles(key).captions, file, { derived: true });
  });
}

/** Puts the poster on the store where its clip kept the picture. @returns whether it is there. */
async function publishKeptPoster({ store }: Pipeline, render: PlannedRender): Promise<boolean> {
  const { poster } = render.stills;
  try {
    await store.copy(
      { namespace: 'stills', name: stillName(clipAt(render, poster.step), poster.still) },
      { namespace: 'posters', name: renderFiles(render.key).poster },
    );
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Joins a video and stores it with the pictures that are ready. @returns the pictures that are still to be made. */
async function joinAndPublish(
  pipeline: Pipeline,
  render: PlannedRender,
  parts: readonly FetchedClip[],
): Promise<readonly RenderPicture[]> {
  const { store, media, clock, metrics, log } = pipeline;
  const started = clock.now().getTime();
  const { video: name } = renderFiles(render.key);
  const hasPoster = await withMix(pipeline, render, parts, (mix) =>
    withScratch(store, 'mp4', async (file) => {
      await media.assemble(
        parts.map(({ video }) => video),
        mix,
        file,
      );
      const [kept] = await Promise.all([
        publishKeptPoster(pipeline, render),
        publishCaptions(pipeline, render),
        store.publish('videos', name, file),
      ]);
      return kept;
    }),
  );
  const ms = clock.now().getTime() - started;
  metrics.renderAssembled(ms / 1000);
  log.info('video assembled', { render: render.id, campaign: render.campaign, ms });
  return lackedOf({ poster: hasPoster, teaser: false });
}

const lackedOf = (held: Readonly<Record<RenderPicture, boolean>>): readonly RenderPicture[] =>
  renderPictures.filter((picture) => !held[picture]);

/** Pictures that the store lacks of a video which another row made already; `undefined` when the video itself is missing. */
async function lacking(store: Store, key: string): Promise<readonly RenderPicture[] | undefined> {
  const files = renderFiles(key);
  if (!(await store.has('videos', files.video))) return undefined;
  const [captions, poster, teaser] = await Promise.all([
    store.has('captions', files.captions),
    store.has('posters', files.poster),
    store.has('teasers', files.teaser),
  ]);
  return captions ? lackedOf({ poster, teaser }) : undefined;
}

/**
 * Makes a video from its stored clips. It is done when its MP4 and captions are on the store. The teaser, and a
 * poster that its clip did not keep, follow at once; what fails there gets a job of its own.
 */
export function createAssembleVideo(pipeline: Pipeline, guard: Guard): JobHandlers['assemble-video'] {
  const { clips, registry, renders, queue, store, renderer, log } = pipeline;

  /**
   * Local paths of a video's clips; those whose files are gone are made again, and nothing is returned.
   *
   * @param unchecked whether a missing file may show only when it is opened.
   */
  async function fetchParts(
    { id, path, hasClipSound }: PlannedRender,
    unchecked: boolean,
  ): Promise<readonly FetchedClip[] | undefined> {
    const gone = new Set<string>();
    const keys = path.map(({ clip }) => clip);
    const sounding = hasClipSound ? await clips.sounding(keys) : new Set<string>();
    const drafts = new Map(hasClipSound ? (await clips.find(keys)).map((clip) => [clip.key, clip]) : []);
    const fetch = async (clip: string, name: string): Promise<string> => {
      try {
        return await store.fetch('clips', name, { unchecked });
      } catch (error) {
        if (!isMissing(error)) throw error;
        gone.add(clip);
        return '';
      }
    };
    const parts = await pMap(
      keys,
      async (clip): Promise<FetchedClip> => {
        const names = clipFiles(clip);
        return {
          video: await fetch(clip, names.video),
          sound: sounding.has(clip) ? await fetch(clip, names.sound) : undefined,
          durationInFrames: drafts.get(clip)?.durationInFrames ?? 0,
        };
      },
      atOnce,
    );
    if (gone.size === 0) return parts;
    await clips.revive(id, [...gone]);
    await queue.add(
      [...gone].map((clip) => ({ job: { name: 'render-clip', clip }, priority: priorities.single })),
    );
    return undefined;
  }

  /** @returns the pictures that are still to be made; nothing where the video waits again for clips that are gone. */
  async function joinStoredClips(planned: PlannedRender): Promise<readonly RenderPicture[] | undefined> {
    const parts = await fetchParts(planned, true);
    if (parts === undefined) return undefined;
    try {
      return await joinAndPublish(pipeline, planned, parts);
    } catch (error) {
      if ((await fetchParts(planned, false)) === undefined) return undefined;
      throw error;
    }
  }

  /** Reports a finished video to the licence service, once. */
  async function report(id: string): Promise<void> {
    if (renderer.reportVideo !== undefined && (await renders.claimReport(id))) renderer.reportVideo();
  }

  /** Removes the files of what the render has replaced. Workers look for them again later. */
  async function removeReplaced(id: string): Promise<void> {
    try {
      await removeErased(pipeline);
    } catch (error) {
      log.warn('files of a replaced render are removed later', { render: id, trace: traceOf(error) });
    }
  }

  const queuePictures = (id: string, { priority }: RenderInWork): Promise<void> =>
    queue.add([{ job: { name: 'take-pictures', render: id }, priority }]);

  /** Whether a cut of its template was withdrawn since: what was joined is not what the render is to show now. */
  async function isReplanned({ id, key, template }: PlannedRender): Promise<boolean> {
    if (requireTemplate(registry, template).template.cuts === undefined) return false;
    return (await renders.findPlanned(id))?.planned?.key !== key;
  }

  /** Makes the video, if it is ready. May be repeated. */
  async function assembleIfReady(id: string): Promise<void> {
    const found = await renders.findPlanned(id);
    if (found === undefined) return;
    const { state, planned } = found;
    // A worker may have ended between the end of the render and what follows it.
    if (state === 'done') {
      await report(id);
      await queue.add(found.proofs.map(proofJob));
      if (found.coming.length > 0) await queuePictures(id, found);
      return;
    }
    if (state !== 'ready') return;
    if (planned === undefined) throw new Error(`Video ${id} was recorded without a plan.`);
    const coming = (await lacking(store, planned.key)) ?? (await joinStoredClips(planned));
    if (coming === undefined) return;
    if (await isReplanned(planned)) {
      await assembleIfReady(id);
      return;
    }
    const ended = await renders.complete(id, coming);
    await endRows(pipeline, 'done', ended);
    if (found.linkOwner !== undefined) await removeReplaced(id);
    await report(id);
    await queue.add(found.proofs.map(proofJob));
    if (coming.length === 0) return;
    try {
      await takePictures(pipeline, planned, coming);
    } catch (error) {
      log.warn('pictures of a render were not taken yet', { render: id, trace: traceOf(error) });
      await queuePictures(id, found);
    }
  }

  return ({ render: id }, attempt) =>
    guard(
      attempt,
      { render: id },
      () => assembleIfReady(id),
      async (code, message) => endRows(pipeline, 'failed', await renders.fail(id, code, message)),
    );
}
