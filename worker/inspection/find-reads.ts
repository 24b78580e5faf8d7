import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import pMap from 'p-map';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { SceneCue } from '../../video/story/scene.ts';
import type { ClipRender, FrameDrawer, Renderer } from '../core/ports.ts';
import { type Inputs, saidAt, SceneDrawer } from '../core/scene-drawer.ts';
import { otherPicture } from './variations.ts';

/** A scene, and other values for each of its inputs. */
export interface SceneSamples extends Pick<
  ClipRender,
  'template' | 'scene' | 'images' | 'format' | 'fps' | 'durationInFrames'
> {
  readonly inputs: Inputs;
  /** For each input that the record decides. */
  readonly variations: Readonly<Record<string, readonly unknown[]>>;
  readonly captions: (inputs: Inputs) => readonly SceneCue[];
}

/** What frames of a scene read. */
export interface Reads {
  /** For each frame, the inputs that change its picture, its sound or its captions. */
  readonly frames: readonly ReadonlySet<string>[];
  /** Frames that differ between two drawings with the same inputs: they cannot be shared. */
  readonly unsteady: readonly number[];
  /** Inputs of which another value is not known or cannot be drawn, and why: every frame counts as reading them. */
  readonly failed: readonly { readonly input: string; readonly why: string }[];
}

/** What drawing needs. */
export interface Slicing {
  readonly renderer: Pick<Renderer, 'renderClip'> & FrameDrawer;
  /** Absolute, for files that the caller removes. */
  readonly folder: string;
  /** Scenes drawn at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly onDrawn?: () => void;
}

const redPixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** One drawing: which input it is about, and what to compare. */
interface Comparison {
  readonly input: string;
  readonly one: Inputs;
  readonly other: Inputs;
}

/** Each input changed alone; and each changed back alone where all are changed, since one may hide another. */
function comparisonsOf({ inputs, variations }: SceneSamples): readonly Comparison[] {
  const varied = Object.entries(variations);
  const changed = varied.flatMap(([input, [first]]) =>
    first === undefined ? [] : [[input, first] as const],
  );
  const all: Inputs = { ...inputs, ...Object.fromEntries(changed) };
  return [
    ...varied.flatMap(([input, values]) =>
      values.map((value) => ({ input, one: inputs, other: { ...inputs, [input]: value } })),
    ),
    ...(changed.length < 2
      ? []
      : changed.map(([input]) => ({ input, one: all, other: { ...all, [input]: inputs[input] } }))),
  ];
}

/** Stretches of frames that do not read an input, each with its first frame and the one after its last. */
function gapsOf(
  frames: readonly ReadonlySet<string>[],
  input: string,
): readonly (readonly [number, number])[] {
  const gaps: [number, number][] = [];
  for (const [frame, reads] of frames.entries()) {
    if (reads.has(input)) continue;
    const last = gaps.at(-1);
    if (last?.[1] === frame) last[1] += 1;
    else gaps.push([frame, frame + 1]);
  }
  return gaps;
}

/**
 * Looks at gaps at full size: at their ends, where something may begin too faint for a small picture, and once in each
 * second. A frame that differs is read, and so are those beside it as far as they differ.
 */
async function lookClosely(
  drawer: SceneDrawer,
  { input, one, other }: Comparison,
  frames: readonly Set<string>[],
  fps: number,
): Promise<void> {
  const differs = async (frame: number): Promise<boolean> => {
    if (frames[frame] === undefined || frames[frame].has(input)) return false;
    if (await drawer.isSame(frame, one, other)) return false;
    frames[frame].add(input);
    return true;
  };
  for (const [first, end] of gapsOf(frames, input)) {
    const looked = [first, end - 1];
    for (let frame = first + Math.round(fps); frame < end - 1; frame += Math.round(fps)) looked.push(frame);
    for (const frame of looked) {
      if (!(await differs(frame))) continue;
      for (let before = frame - 1; await differs(before); before -= 1);
      for (let after = frame + 1; await differs(after); after += 1);
    }
  }
}

/**
 * Finds out which inputs each frame of a scene reads, by drawing it with inputs that differ in one value at a time:
 * all frames small, some at full size.
 *
 * @throws BespokeError when the scene cannot be drawn with its own inputs.
 */
export async function findReads(slicing: Slicing, samples: SceneSamples): Promise<Reads> {
  const { inputs, variations, captions, ...clip } = samples;
  const picture = path.join(slicing.folder, 'other.png');
  await writeFile(picture, Buffer.from(redPixel, 'base64'));
  const images = { ...clip.images, [otherPicture.hash]: picture };
  const drawer = new SceneDrawer(slicing, { ...clip, images, personalInputs: [] });
  const comparisons = comparisonsOf(samples);
  const failed = new Map<string, string>();
  const drawings = new Map<string, Promise<readonly string[] | undefined>>();

  async function draw(drawnInputs: Inputs): Promise<readonly string[]> {
    const looks = await drawer.frames(drawnInputs);
    slicing.onDrawn?.();
    const cues = captions(drawnInputs);
    return looks.map((look, frame) => look + saidAt(cues, frame));
  }

  function known(drawnInputs: Inputs, input: string): Promise<readonly string[] | undefined> {
    const name = JSON.stringify(drawnInputs);
    const found =
      drawings.get(name) ??
      draw(drawnInputs).catch((error: unknown) => {
        if (!(error instanceof BespokeError) || slicing.signal.aborted) throw error;
        failed.set(input, error.message);
        return undefined;
      });
    drawings.set(name, found);
    return found;
  }

  const base = await draw(inputs);
  drawings.set(JSON.stringify(inputs), Promise.resolve(base));
  const again = await draw(inputs);
  const unsteady = base.flatMap((hash, frame) => (again[frame] === hash ? [] : [frame]));
  const frames = base.map(() => new Set<string>());
  await pMap(
    comparisons,
    async ({ input, one, other }) => {
      const [before, after] = [await known(one, input), await known(other, input)];
      for (const [frame, reads] of frames.entries()) {
        if (before === undefined || after === undefined || before[frame] !== after[frame]) reads.add(input);
      }
    },
    { concurrency: slicing.concurrency, signal: slicing.signal },
  );
  for (const [input, values] of Object.entries(variations)) {
    if (values.length > 0) continue;
    failed.set(input, 'No other value of it is known. Add a fixture that has one.');
    for (const reads of frames) reads.add(input);
  }
  const closely = comparisons.filter(({ input }) => !failed.has(input));
  await pMap(closely, (comparison) => lookClosely(drawer, comparison, frames, clip.fps), {
    concurrency: slicing.concurrency,
    signal: slicing.signal,
  });
  for (const frame of unsteady) for (const input of Object.keys(variations)) frames[frame]?.add(input);
  return { frames, unsteady, failed: [...failed].map(([input, why]) => ({ input, why })) };
}
