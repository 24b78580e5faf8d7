import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { personalInputs } from '../../video/story/bind.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import type { CutPart } from '../../video/story/scene.ts';
import { hasView } from '../../video/story/engine/graph.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { sampleImageHash, samplePath } from '../../video/story/samples.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import type { Template } from '../../video/story/template.ts';
import { qualities } from '../core/campaigns.ts';
import { heardInScene } from '../core/scene-drawer.ts';
import { findReads, type Reads, type SceneSamples, type Slicing } from './find-reads.ts';
import { proposeCuts } from './propose-cuts.ts';
import { variationsOf } from './variations.ts';

/** A part of a scene with what it costs. */
export interface SlicedPart extends CutPart {
  readonly from: number;
  /** Whether it reads an input about one person. */
  readonly personal: boolean;
  /** How many clips of it 1,000 people need. */
  readonly clipsPerThousand: number;
}

/** A scene, cut where what its frames read changes. */
export interface SlicedScene extends Omit<Reads, 'frames'> {
  readonly scene: string;
  readonly durationInFrames: number;
  readonly parts: readonly SlicedPart[];
}

/** The scene as each fixture shows it, the typical one first. */
function samplesOf({ template }: RegistryEntry, scene: string): readonly BoundScene[] {
  const { typical, ...others } = template.fixtures;
  return [typical, ...Object.values(others)].flatMap((fixture) => {
    const path = tryTemplate(() => samplePath(template, fixture));
    return path.ok ? path.value.filter((bound) => bound.scene === scene) : [];
  });
}

/** Inputs that the record decides. Any of them may be absent in a fixture. */
const variableInputs = ({ story }: Template, scene: string): readonly string[] => [
  ...new Set(
    Object.values(story.nodes).flatMap((node) =>
      hasView(node) && node.scene === scene
        ? Object.entries(node.inputs).flatMap(([input, binding]) => ('value' in binding ? [] : [input]))
        : [],
    ),
  ),
];

/** Files of the fixtures' pictures, by the hashes that scenes get of them. */
export function imagesOf({ template, directory }: RegistryEntry): Readonly<Record<string, string>> {
  const files = Object.values(template.fixtures).flatMap(({ images }) => Object.values(images));
  const folder = path.join(fileURLToPath(directory), 'fixtures');
  return Object.fromEntries(files.map((file) => [sampleImageHash(file), path.join(folder, file)]));
}

/**
 * Finds where a scene can be cut, in all formats of its template alike. Parts are at least half a second long.
 *
 * @returns `undefined` if no fixture shows the scene.
 * @throws BespokeError when the scene cannot be drawn as the typical fixture has it.
 */
export async function sliceScene(
  slicing: Slicing,
  entry: RegistryEntry,
  name: string,
): Promise<SlicedScene | undefined> {
  const { template } = entry;
  const scene = template.scenes[name];
  const [base, ...others] = samplesOf(entry, name);
  if (scene === undefined || base === undefined) return undefined;
  const shape: Readonly<Partial<Record<string, z.ZodType>>> = scene.inputs.shape;
  const variations = Object.fromEntries(
    variableInputs(template, name).map((input) => {
      const schema = shape[input];
      const known = others.map(({ inputs }) => inputs[input]);
      return [input, schema === undefined ? [] : variationsOf(schema, base.inputs[input], known)];
    }),
  );
  const { inputs, durationInFrames } = base;
  const samples: Omit<SceneSamples, 'format'> = {
    ...{ template: template.id, scene: name, inputs, variations, images: imagesOf(entry) },
    ...{ fps: template.fps, durationInFrames },
    captions: (given) => heardInScene(template, { ...base, inputs: given, personal: false }),
  };
  const found: Reads[] = [];
  for (const format of template.formats) {
    found.push(await findReads(slicing, { ...samples, format }));
  }
  const frames = Array.from(
    { length: durationInFrames },
    (_, frame) => new Set(found.flatMap((reads) => [...(reads.frames[frame] ?? [])])),
  );
  const unsteady = [...new Set(found.flatMap((reads) => reads.unsteady))].toSorted(
    (one, other) => one - other,
  );
  const byInput = (each: Reads['failed']) => [...new Map(each.map((one) => [one.input, one])).values()];
  const failed = byInput(found.flatMap((reads) => reads.failed));
  const passedOver = byInput(found.flatMap((reads) => reads.passedOver));
  const personal = new Set(personalInputs(template, name));
  const parts = proposeCuts(frames, personal, Math.ceil(template.fps / 2));
  const clips = ({ reads }: CutPart): number =>
    reads.reduce((product, input) => {
      const isChoice = typeof inputs[input] === 'boolean' || shape[input]?.type === 'enum';
      return isChoice ? product * (1 + (variations[input]?.length ?? 0)) : 1000;
    }, 1);
  return {
    ...{ scene: name, durationInFrames, unsteady, failed, passedOver },
    parts: parts.map((part, index) => ({
      ...part,
      from: parts[index - 1]?.until ?? 0,
      personal: part.reads.some((input) => personal.has(input)),
      clipsPerThousand: Math.min(1000, clips(part)),
    })),
  };
}

/** Frames of a scene that this machine draws in a second, at standard quality and as many clips at a time as it can. */
export async function measureSpeed(
  { renderer, folder, concurrency, signal }: Slicing,
  entry: RegistryEntry,
  { scene, durationInFrames }: Pick<SlicedScene, 'scene' | 'durationInFrames'>,
): Promise<number> {
  const { template } = entry;
  const inputs = samplesOf(entry, scene)[0]?.inputs ?? {};
  const frames = Math.min(durationInFrames, 60);
  const from = Math.floor((durationInFrames - frames) / 2);
  const clip = {
    ...{ template: template.id, scene, inputs, personalInputs: [], images: imagesOf(entry) },
    ...{ format: template.formats[0], fps: template.fps, durationInFrames: frames },
    encoding: qualities.standard,
    excerpt: { scene, from, of: durationInFrames },
  };
  const draw = (name: string) => renderer.renderClip(clip, path.join(folder, `${name}.mp4`), signal);
  const all = () => Promise.all(Array.from({ length: concurrency }, (_, index) => draw(`speed-${index}`)));
  await all();
  const started = performance.now();
  await all();
  return (1000 * concurrency * frames) / (performance.now() - started);
}
