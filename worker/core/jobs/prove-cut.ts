import { BespokeError } from '../../../errors/bespoke-error.ts';
import { bindView, personalInputs, storyContextOf } from '../../../video/story/bind.ts';
import { sayScene } from '../../../video/story/time-scene.ts';
import { type CutNode, cutNodes, plannedEntry } from '../../../video/story/cuts.ts';
import { hasView } from '../../../video/story/engine/graph.ts';
import { readVariables, startStory } from '../../../video/story/engine/state.ts';
import type { SceneCue } from '../../../video/story/scene.ts';
import type { Template } from '../../../video/story/template.ts';
import { imageHashes } from '../clips.ts';
import { cutIds, type Cuts, type Proof } from '../cuts.ts';
import { fetchStoredImage } from '../image-resolver.ts';
import { type Pipeline, priorities } from '../pipeline.ts';
import type { ClipRender, FrameDrawer, JobHandlers, Media, Metrics, Renderer, Store } from '../ports.ts';
import type { Renders } from '../renders.ts';
import type { ReplanWithdrawn } from '../replan-withdrawn.ts';
import { requireTemplate } from '../require-template.ts';
import { heardInScene, type Inputs, saidAt, SceneDrawer } from '../scene-drawer.ts';
import type { RenderSource } from '../viewers.ts';
import type { Guard } from './guard.ts';

/** The job that makes a proof. */
export const proofJob = (proof: string) =>
  ({ job: { name: 'prove-cut', proof }, priority: priorities.batch }) as const;

/** What a proof works with. */
export interface ProofParts extends Pick<Pipeline, 'registry' | 'hmac' | 'log'> {
  readonly cuts: Pick<Cuts, 'findProof' | 'endProof' | 'withdraw'>;
  readonly renders: Pick<Renders, 'find' | 'source'>;
  readonly renderer: Pick<Renderer, 'codeHash'> & FrameDrawer;
  readonly media: Pick<Media, 'looksAlike'>;
  readonly store: Pick<Store, 'has' | 'fetch'>;
  readonly metrics: Pick<Metrics, 'cutProven'>;
}

/** A part, bound as its cut has it and as the whole scene has it. */
interface Compared {
  readonly part: CutNode;
  readonly constants: Inputs;
  readonly whole: Inputs;
  readonly durationInFrames: number;
}

/** The inputs of a node for a record, where its viewer has decided nothing yet. */
function bindNode(template: Template, name: string, { terms, record, images }: RenderSource) {
  const context = storyContextOf(template, record, images, { asOf: terms.asOf, variant: terms.variant });
  const node = context.story.nodes[name];
  if (node === undefined || !hasView(node)) return undefined;
  return bindView(template, name, node, readVariables(context, startStory(context).variables));
}

/** @returns `undefined` where the render is not planned with this cut by the code of this process. */
async function bindPart(
  { registry, renderer, hmac }: ProofParts,
  { cut, template: id, scene, node }: Proof,
  source: RenderSource,
): Promise<Compared | undefined> {
  const { terms } = source;
  const entry = requireTemplate(registry, id);
  const code = new Map([[scene, await renderer.codeHash(id, scene)]]);
  if (terms.cuts?.[scene] !== cut || cutIds(hmac, entry.template, code)[scene] !== cut) return undefined;
  const { template } = plannedEntry(entry, terms);
  const part = cutNodes(template).get(node);
  const constants = bindNode(template, node, source);
  const whole = part && bindNode(part.uncut, part.whole, source);
  if (part === undefined || constants === undefined || whole === undefined) return undefined;
  const { durationInFrames } = whole;
  return { part, constants: constants.inputs, whole: whole.inputs, durationInFrames };
}

/** A scene that cannot be drawn with the whole record, although its part could be drawn without it. */
class WholeFails extends Error {}

/** Tells failures of the scene with these inputs from others. A lack of time says nothing about the scene. */
const watchWhole = ({ drawFrames }: FrameDrawer, whole: Inputs): FrameDrawer => ({
  drawFrames: async (clip, ...how) => {
    try {
      await drawFrames(clip, ...how);
    } catch (error) {
      const isScene = error instanceof BespokeError && error.code === 'scene-failed';
      if (isScene && clip.inputs === whole) throw new WholeFails(undefined, { cause: error });
      throw error;
    }
  },
});

/** The first frame of a part that reads more than its cut says; `undefined` if none does. */
async function findDifference(
  { renderer, media, store }: ProofParts,
  { terms }: RenderSource,
  { part, durationInFrames, ...bound }: Compared,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { uncut, scene: name, from, until } = part;
  const frames = Array.from({ length: until - from }, (_, frame) => from + frame);
  const scene = uncut.scenes[name];
  const say = (inputs: Inputs) => sayScene(uncut, { node: part.whole, scene: name, inputs, personal: true });
  const heard = (inputs: Inputs): readonly SceneCue[] =>
    heardInScene(uncut, { node: part.whole, scene: name, inputs, personal: true, durationInFrames });
  const [said, saidWhole] = [heard(bound.constants), heard(bound.whole)];
  const differing = frames.find((frame) => saidAt(said, frame) !== saidAt(saidWhole, frame));
  if (differing !== undefined) return differing;
  // Scenes that speak may show their words.
  const drawn = (inputs: Inputs): Inputs =>
    scene?.speech === undefined ? inputs : { ...inputs, spoken: say(inputs) };
  const [constants, whole] = [drawn(bound.constants), drawn(bound.whole)];
  const images: Record<string, string> = {};
  for (const hash of imageHashes([constants, whole])) images[hash] = await fetchStoredImage(store, hash);
  const clip: Omit<ClipRender, 'inputs' | 'encoding'> = {
    ...{ template: uncut.id, scene: name, images, durationInFrames },
    ...{ personalInputs: personalInputs(uncut, name), format: terms.format, fps: uncut.fps },
  };
  const drawer = new SceneDrawer(
    { renderer: watchWhole(renderer, whole), signal },
    clip,
    terms.encoding.scale,
  );
  const second = Math.round(uncut.fps);
  const closely = frames.filter((frame) => (frame - from) % second === 0 || frame === until - 1);
  try {
    return await drawer.firstDifference({ all: frames, closely }, constants, whole, media.looksAlike);
  } catch (error) {
    // These frames were drawn without what makes the scene fail, and the film is done: so they read it.
    if (error instanceof WholeFails) return from;
    throw error;
  }
}

/**
 * Draws a part of a cut scene again, once as its cut has it and once with all that the record of its row says. If a
 * frame, a sound or a caption differs, the cut is withdrawn, and what was planned with it is planned again.
 */
export function createProveCut(
  pipeline: ProofParts,
  guard: Guard,
  replan: ReplanWithdrawn,
): JobHandlers['prove-cut'] {
  const { cuts, renders, metrics, log } = pipeline;

  async function prove(proof: Proof, signal: AbortSignal, renew: () => void): Promise<void> {
    const { id, cut, template, scene, render } = proof;
    const [found, source] = await Promise.all([renders.find(render), renders.source(render)]);
    const state = found?.status.state;
    // It is queued again when its render is done.
    if (state === 'waiting' || state === 'ready' || found?.remake !== undefined) return;
    const compared = state === 'done' && source && (await bindPart(pipeline, proof, source));
    if (!source || !compared) {
      await cuts.endProof(id, 'dropped');
      return;
    }
    const frame = await findDifference(pipeline, source, compared, signal);
    if (frame === undefined) {
      await cuts.endProof(id, 'proven');
      metrics.cutProven(template, scene, 'equal');
      log.info('a cut was proven', { template, scene, render });
      return;
    }
    if (await cuts.withdraw(cut, frame)) {
      metrics.cutProven(template, scene, 'different');
      log.warn('a cut was withdrawn: a frame reads what the cut says it does not read', {
        ...{ template, scene, frame, render },
      });
    }
    await replan(signal, Infinity, renew);
  }

  return ({ proof: id }, attempt) =>
    guard(
      attempt,
      { proof: id },
      async (signal, renew) => {
        const proof = await cuts.findProof(id);
        if (proof !== undefined) await prove(proof, signal, renew);
      },
      async (code) => {
        const proof = await cuts.findProof(id);
        if (proof === undefined) return;
        await cuts.endProof(id, 'dropped');
        metrics.cutProven(proof.template, proof.scene, 'given-up');
        log.warn('a cut could not be proven', { template: proof.template, scene: proof.scene, code });
      },
    );
}
