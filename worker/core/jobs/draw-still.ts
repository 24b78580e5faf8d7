import { checkBody } from '../../../data/check-record.ts';
import type { AnyRecord } from '../../../data/record.ts';
import { errors } from '../../../errors/messages.ts';
import { plannedEntry } from '../../../video/story/cuts.ts';
import { bindPath, personalInputs, type ResolvedImages } from '../../../video/story/bind.ts';
import type { BoundScene } from '../../../video/story/time-scene.ts';
import { excerptOf } from '../../../video/story/excerpt.ts';
import { pathStills } from '../../../video/story/path.ts';
import { chosenPlaythrough } from '../../../video/story/playthrough.ts';
import { tryTemplate } from '../../../video/story/template-code.ts';
import type { Template } from '../../../video/story/template.ts';
import { qualities } from '../campaigns.ts';
import { checkGlyphs } from '../check-glyphs.ts';
import { imageHashes, recordingHashes } from '../clips.ts';
import { withStandingCuts } from '../cuts.ts';
import { fetchStoredImage, resolveImages } from '../image-resolver.ts';
import type { Pipeline } from '../pipeline.ts';
import { requireTemplate } from '../require-template.ts';
import { timePath } from '../speech.ts';
import type { PlanTerms } from '../viewers.ts';
import type { JobHandlers } from '../ports.ts';
import { restingFrame, stillFile, type StillDraft } from '../stills.ts';
import type { Guard } from './guard.ts';
import { withScratch } from './with-scratch.ts';

/** A record that scenes can be bound to. */
interface Ready {
  readonly record: AnyRecord;
  readonly images: ResolvedImages;
}

/** Checks a record as planning does, and fetches its pictures. */
async function prepare(
  pipeline: Pipeline,
  template: Template,
  { record, images, asOf }: StillDraft,
  signal: AbortSignal,
): Promise<Ready> {
  if (images !== undefined) return { record, images };
  const check = checkBody(template.record, record, asOf);
  const drawn = check.ok ? checkGlyphs(template.record, check.record, template.glyphs) : check;
  // It was good when it was asked for, so the template has changed since.
  if (!drawn.ok) throw errors.recordInvalid({ fields: drawn.issues.length });
  const [resolved] = await resolveImages(pipeline, template.record, [drawn.record], {
    signal,
    needed: false,
  });
  return { record: drawn.record, images: resolved?.images ?? {} };
}

/** What is drawn: a scene of the path, and its frame. */
function chooseFrame(
  template: Template,
  path: readonly BoundScene[],
  scene: string | undefined,
): { readonly bound: BoundScene; readonly frame: number } {
  if (scene !== undefined) {
    const bound = path.find((each) => each.scene === scene || each.node === scene);
    if (bound === undefined) throw errors.sceneNotShown({ scene });
    return { bound, frame: restingFrame(bound.durationInFrames) };
  }
  const { step, still } = pathStills(template, path).poster;
  const bound = path[step];
  if (bound === undefined) throw new Error('A path has no scene for its poster.');
  return { bound, frame: still.frame };
}

/** The terms of the render whose picture it is. */
async function termsShown(
  { renders }: Pick<Pipeline, 'renders'>,
  { render: id }: StillDraft,
): Promise<PlanTerms | undefined> {
  if (id === undefined) return undefined;
  const render = await renders.find(id);
  return (await renders.source(render?.shown?.id ?? id))?.terms;
}

async function drawStill(pipeline: Pipeline, still: StillDraft, signal: AbortSignal): Promise<void> {
  const { registry, renderer, store, stills, log } = pipeline;
  const found = requireTemplate(registry, still.template);
  const shown = await termsShown(pipeline, still);
  const { template } =
    shown === undefined ? await withStandingCuts(pipeline, found) : plannedEntry(found, shown);
  const { record, images } = await prepare(pipeline, template, still, signal);
  const walker = still.path === undefined ? undefined : chosenPlaythrough(still.path);
  const context = { asOf: still.asOf, variant: shown?.variant };
  const path = tryTemplate(() => bindPath(template, record, images, context, walker));
  if (!path.ok) throw path.cause;
  const timed = await timePath(pipeline, template, path.value, { voice: shown?.voice, signal });
  const { bound, frame } = chooseFrame(template, timed, still.scene);
  const { scene, inputs, durationInFrames } = bound;
  const files: Record<string, string> = {};
  for (const hash of imageHashes(inputs)) files[hash] = await fetchStoredImage(store, hash);
  signal.throwIfAborted();
  await withScratch(store, 'png', async (file) => {
    await renderer.renderStill(
      {
        ...{ template: template.id, scene, inputs, images: files, durationInFrames },
        ...{
          personalInputs: personalInputs(template, scene),
          excerpt: excerptOf(template.scenes, scene, bound),
        },
        ...{ format: still.format, fps: template.fps, encoding: qualities[still.quality] },
      },
      frame,
      file,
    );
    await store.publish('stills', stillFile(still.id), file, { derived: true });
  });
  // The pictures and recordings of a render stay with it.
  const fetched =
    still.images === undefined
      ? Object.values(images).flatMap((each) => [...imageHashes(each), ...recordingHashes(each)])
      : [];
  await stills.complete(still.id, fetched);
  renderer.reportVideo?.();
  log.info('still drawn', { still: still.id, template: template.id, scene });
}

/** Draws one picture that a client wants to see. */
export function createDrawStill(pipeline: Pipeline, guard: Guard): JobHandlers['draw-still'] {
  const { stills } = pipeline;
  return ({ still: id }, attempt) =>
    guard(
      attempt,
      { still: id },
      async (signal) => {
        const still = await stills.find(id);
        if (still?.status.state === 'wanted') await drawStill(pipeline, still, signal);
      },
      (code, message) => stills.fail(id, code, message),
    );
}
