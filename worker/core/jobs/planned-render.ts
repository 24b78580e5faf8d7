import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { BoundScene } from '../../../video/story/bind.ts';
import { findTemplate, type RegistryEntry } from '../../../video/story/registry.ts';
import type { ClipDraft } from '../clips.ts';
import type { Render } from '../renders.ts';
import type { Pipeline } from '../pipeline.ts';

/** A recorded video with the path that was bound for it. */
export interface PlannedRender {
  readonly id: string;
  readonly campaign: string;
  readonly key: string;
  readonly mix: string;
  readonly entry: RegistryEntry;
  readonly path: readonly BoundScene[];
  /** @param step index in the path. */
  readonly clipAt: (step: number) => ClipDraft;
}

/** Binds a recorded video to the clips of its path. @throws BespokeError `template-unknown`. */
export function toPlanned(
  { registry }: Pick<Pipeline, 'registry'>,
  { id, campaign, key, mix, path: steps }: Render,
  drafts: readonly ClipDraft[],
): PlannedRender {
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
