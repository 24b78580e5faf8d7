import path from 'node:path';
import type { AnyRecord } from '../../data/record.ts';
import type { BespokeError } from '../../errors/bespoke-error.ts';
import { bindPath, type BoundScene, type ResolvedImages } from '../../video/story/bind.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import type { Format } from '../../video/story/format.ts';
import type { RegistryEntry } from '../../video/story/registry.ts';
import { tryTemplate } from '../../video/story/template-code.ts';
import { imageHashes } from '../../worker/core/clips.ts';
import { resolveImages } from '../../worker/core/image-resolver.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import type { Encoding } from '../../worker/core/ports.ts';

/** What all stills of one command share. */
export interface StillsRequest {
  readonly entry: RegistryEntry;
  readonly format: Format;
  readonly encoding: Encoding;
  /** ISO date. */
  readonly asOf: string;
  readonly signal: AbortSignal;
}

/** A scene of a row's video and its picture. */
export interface Still {
  readonly scene: string;
  readonly file: string;
}

/** The scenes of the rows, ready to be drawn. */
export interface StillsPlan {
  /** By row, in the given order; empty for a row for which the template fails. */
  readonly paths: readonly (readonly BoundScene[])[];
  /** Why a row has no path, by its place in that order. */
  readonly failures: ReadonlyMap<number, BespokeError>;
  /** Pictures that differ. */
  readonly distinct: number;
}

/** Of a scene's duration: entrances have ended by then and exits have not started. */
const restsAt = 0.6;

const nameOf = ({ scene, inputs, durationInFrames }: BoundScene): string =>
  canonicalJson({ scene, inputs, durationInFrames });

/** Binds records to their scenes, with their pictures fetched. */
export async function planStills(
  pipeline: Pipeline,
  { entry: { template }, asOf, signal }: StillsRequest,
  records: readonly AnyRecord[],
): Promise<StillsPlan> {
  const resolved = await resolveImages(pipeline, template.record, records, signal);
  const failures = new Map<number, BespokeError>();
  const paths = records.map((record, index) => {
    const images: ResolvedImages = resolved[index]?.images ?? {};
    const path = tryTemplate(() => bindPath(template, record, images, { asOf }));
    if (path.ok) return path.value;
    failures.set(index, path.cause);
    return [];
  });
  return { paths, failures, distinct: new Set(paths.flat().map(nameOf)).size };
}

/**
 * Draws each distinct scene once, at rest, into `folder`. Scenes of different rows with equal inputs
 * share a picture.
 *
 * @param onDrawn is called after each picture.
 */
export async function drawStills(
  { renderer, store }: Pipeline,
  { entry: { template }, format, encoding, signal }: StillsRequest,
  { paths }: StillsPlan,
  folder: string,
  onDrawn: () => void,
): Promise<readonly (readonly Still[])[]> {
  const drawn = new Map<string, string>();

  async function draw(bound: BoundScene): Promise<Still> {
    const name = nameOf(bound);
    const known = drawn.get(name);
    if (known !== undefined) return { scene: bound.scene, file: known };
    signal.throwIfAborted();
    const images: Record<string, string> = {};
    for (const hash of imageHashes(bound.inputs)) images[hash] = await store.fetch('images', `${hash}.jpg`);
    const file = path.join(folder, `${String(drawn.size + 1).padStart(2, '0')}-${bound.scene}.png`);
    const { scene, inputs, durationInFrames } = bound;
    await renderer.renderStill(
      { template: template.id, scene, inputs, images, format, fps: template.fps, durationInFrames, encoding },
      Math.min(durationInFrames - 1, Math.floor(durationInFrames * restsAt)),
      file,
    );
    drawn.set(name, file);
    onDrawn();
    return { scene, file };
  }

  const stills: Still[][] = [];
  for (const scenes of paths) {
    const row: Still[] = [];
    for (const bound of scenes) row.push(await draw(bound));
    stills.push(row);
  }
  return stills;
}
