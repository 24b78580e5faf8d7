import { rm, stat } from 'node:fs/promises';
import { errors } from '../../../errors/messages.ts';
import { personalInputs } from '../../../video/story/bind.ts';
import { excerptOf, heardIn, spokenIn } from '../../../video/story/excerpt.ts';
import type { Still } from '../../../video/story/path.ts';
import { type ClipDraft, clipFiles, imageHashes, recordingFile, speechFiles, stillName } from '../clips.ts';
import { fetchStoredImage } from '../image-resolver.ts';
import type { Pipeline } from '../pipeline.ts';
import type { JobHandlers, StillCollector } from '../ports.ts';
import { sceneCode } from '../plan-context.ts';
import { requireTemplate } from '../require-template.ts';
import { endRows } from '../settle.ts';
import { stopIfHopeless } from '../stop-campaign.ts';
import { whileWanted } from '../within-time.ts';
import { type Guard, traceOf } from './guard.ts';
import { withScratch } from './with-scratch.ts';

/** Stores what a clip plays. It is recorded first, so that it can be erased with its clip. */
async function keepSound({ store, media, clips }: Pipeline, key: string, sound: string): Promise<number> {
  const names = clipFiles(key);
  await clips.addSound(key);
  try {
    return await withScratch(store, 'm4a', async (played) => {
      await media.sound(sound, played);
      const sizes = await Promise.all([sound, played].map(async (file) => (await stat(file)).size));
      await store.publish('clips', names.playedSound, played);
      await store.publish('clips', names.sound, sound);
      return sizes.reduce((sum, size) => sum + size, 0);
    });
  } finally {
    await rm(sound, { force: true });
  }
}

/** Lays what a clip says, and recordings in it, over what it plays. @returns a WAV of both, as long as the clip, if there is any. */
async function addVoices(
  { store, media, registry }: Pipeline,
  clip: ClipDraft,
  sound: string | undefined,
): Promise<string | undefined> {
  const { template, scene, inputs, fps, durationInFrames } = clip;
  const { scenes } = requireTemplate(registry, template).template;
  const declared = scenes[scene];
  const spoken = declared === undefined ? [] : spokenIn(inputs, declared);
  const heard = declared === undefined ? [] : heardIn(inputs, declared);
  // Without a voice nothing was synthesized.
  const said = spoken.flatMap(({ hash, fromFrame, gain }) =>
    hash === undefined ? [] : [{ hash, fromFrame, gain }],
  );
  if (said.length + heard.length === 0) return sound;
  const lines = await Promise.all([
    ...said.map(async ({ hash, fromFrame, gain }) => ({
      ...{ fromFrame, gain, file: await store.fetch('speech', speechFiles(hash).sound) },
    })),
    ...heard.map(async ({ hash, atFrame, toFrame: _to, isVoice: _voice, ...played }) => ({
      ...{ ...played, fromFrame: atFrame, file: await store.fetch('speech', recordingFile(hash)) },
    })),
  ]);
  return withScratch(store, 'wav', async (file) => {
    const from = excerptOf(scenes, scene, clip)?.from ?? 0;
    await media.speakClip({ fps, durationInFrames, from, sound, lines }, file);
    if (sound !== undefined) await rm(sound, { force: true });
    return file;
  });
}

interface MadeClip {
  readonly bytes: number | undefined;
  readonly renderMs: number | undefined;
}

/** Stores a picture of a clip. A failure does not fail the clip: the picture can be taken from the clip later. */
async function keepStill(
  { store, log }: Pipeline,
  { key }: ClipDraft,
  still: Still,
  pictures: StillCollector,
): Promise<void> {
  try {
    await withScratch(store, 'jpg', async (file) => {
      await pictures.write(still, file);
      await store.publish('stills', stillName(key, still), file, { derived: true });
    });
  } catch (error) {
    log.warn('a picture of a clip was not kept', { clip: key, trace: traceOf(error) });
  }
}

async function drawClip(pipeline: Pipeline, clip: ClipDraft, signal: AbortSignal): Promise<MadeClip> {
  const { registry, renderer, media, store, clock, metrics, log } = pipeline;
  const { template } = requireTemplate(registry, clip.template);
  const codeHash = await sceneCode(renderer, template, clip.scene);
  if (codeHash !== clip.codeHash) {
    throw errors.codeMismatch({ scene: clip.scene, template: clip.template });
  }
  const images: Record<string, string> = {};
  for (const hash of imageHashes(clip.inputs)) images[hash] = await fetchStoredImage(store, hash);
  return withScratch(store, 'mp4', async (file) => {
    const started = clock.now().getTime();
    const pictures = media.collectStills(clip.stills);
    const drawn = {
      ...{ ...clip, images, personalInputs: personalInputs(template, clip.scene) },
      excerpt: excerptOf(template.scenes, clip.scene, clip),
    };
    const played = await renderer.renderClip(drawn, file, signal, pictures.take);
    const sound = await addVoices(pipeline, clip, played);
    const renderMs = clock.now().getTime() - started;
    const soundBytes = sound === undefined ? 0 : await keepSound(pipeline, clip.key, sound);
    const bytes = (await stat(file)).size + soundBytes;
    await Promise.all([
      store.publish('clips', clipFiles(clip.key).video, file),
      ...clip.stills.map((still) => keepStill(pipeline, clip, still, pictures)),
    ]);
    const { key, scene, durationInFrames: frames } = clip;
    metrics.clipRendered(template.id, scene, frames, renderMs / 1000);
    log.info('clip rendered', { clip: key, template: template.id, scene, frames, ms: renderMs });
    return { bytes, renderMs };
  });
}

/** Makes one clip and releases the videos that waited for nothing else. */
export function createRenderClip(pipeline: Pipeline, guard: Guard): JobHandlers['render-clip'] {
  const { clips, queue, store, log } = pipeline;

  async function isStored(key: string): Promise<boolean> {
    const { video, sound } = clipFiles(key);
    if (!(await store.has('clips', video))) return false;
    return (await clips.sounding([key])).size === 0 || store.has('clips', sound);
  }

  /** @returns what was made, or `undefined` when nobody waits for it. */
  async function make(key: string, signal: AbortSignal): Promise<MadeClip | undefined> {
    const isWanted = async () => (await clips.findWanted(key)) !== undefined;
    for (;;) {
      const clip = await clips.findWanted(key);
      if (clip === undefined) return undefined;
      if (await isStored(key)) return { bytes: undefined, renderMs: undefined };
      const made = await whileWanted(isWanted, signal, (wanted) => drawClip(pipeline, clip, wanted));
      // Stopped, and perhaps needed again since: a new demand finds this job still in the queue.
      if (made !== undefined) return made;
      log.info('clip stopped, because nothing needs it any more', { clip: key });
    }
  }

  return ({ clip: key }, attempt) =>
    guard(
      attempt,
      { clip: key },
      async (signal) => {
        const made = await make(key, signal);
        if (made === undefined) return;
        const { released } = await clips.complete(key, made);
        await queue.add(
          released.map(({ id, priority }) => ({ job: { name: 'assemble-video', render: id }, priority })),
        );
      },
      async (code, message) => {
        const ended = await clips.fail(key, code, message);
        await endRows(pipeline, 'failed', ended);
        for (const campaign of ended.campaigns) await stopIfHopeless(pipeline, campaign);
      },
    );
}
