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
  /** Inputs of which no other value is known or can be drawn, and why: every frame counts as reading them. */
  readonly failed: readonly { readonly input: string; readonly why: string }[];
  /** Inputs of which some values make the scene fail, and why. Nobody has a video with such a value. */
  readonly passedOver: readonly { readonly input: string; readonly why: string }[];
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

/** A scene drawn with some inputs: what to compare for each frame, or why it could not be drawn. */
type Drawn =
  | { readonly ok: true; readonly looks: readonly string[] }
  | { readonly ok: false; readonly isOfScene: boolean; readonly why: string };

/** Each input changed alone; and each changed back alone where all are changed, since one may hide another. */
function comparisonsOf({
  inputs,
  variations,
}: Pick<SceneSamples, 'inputs' | 'variations'>): readonly Comparison[] {
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
  const failed = new Map<string, string>();
  const passedOver = new Map<string, string>();
  const drawings = new Map<string, Promise<Drawn>>();

  async function draw(drawnInputs: Inputs): Promise<readonly string[]> {
    const looks = await drawer.frames(drawnInputs);
    slicing.onDrawn?.();
    const cues = captions(drawnInputs);
    return looks.map((look, frame) => look + saidAt(cues, frame));
  }

  async function tryDraw(drawnInputs: Inputs): Promise<Drawn> {
    try {
      return { ok: true, looks: await draw(drawnInputs) };
    } catch (error) {
      if (!(error instanceof BespokeError) || slicing.signal.aborted) throw error;
      return { ok: false, isOfScene: error.code === 'scene-failed', why: error.message };
    }
  }

  function known(drawnInputs: Inputs): Promise<Drawn> {
    const name = JSON.stringify(drawnInputs);
    const found = drawings.get(name) ?? tryDraw(drawnInputs);
    drawings.set(name, found);
    return found;
  }

  /** The values of an input that can be drawn. */
  async function drawable([input, values]: readonly [string, readonly unknown[]]) {
    const usable: unknown[] = [];
    for (const value of values) {
      const drawn = await known({ ...inputs, [input]: value });
      if (drawn.ok) usable.push(value);
      else (drawn.isOfScene ? passedOver : failed).set(input, drawn.why);
    }
    if (usable.length === 0) {
      failed.set(
        input,
        passedOver.get(input) ?? 'No other value of it is known. Add a fixture that has one.',
      );
      passedOver.delete(input);
    }
    return [input, usable] as const;
  }

  const base = await draw(inputs);
  drawings.set(JSON.stringify(inputs), Promise.resolve({ ok: true, looks: base }));
  const again = await draw(inputs);
  const unsteady = base.flatMap((hash, frame) => (again[frame] === hash ? [] : [frame]));
  const frames = base.map(() => new Set<string>());
  const inTurn = { concurrency: slicing.concurrency, signal: slicing.signal };
  const usable = Object.fromEntries(await pMap(Object.entries(variations), drawable, inTurn));
  const comparisons = comparisonsOf({ inputs, variations: usable });
  await pMap(
    comparisons,
    async ({ input, one, other }) => {
      const [before, after] = [await known(one), await known(other)];
      const fails = [before, after].find((drawn) => !drawn.ok);
      if (fails?.ok === false) failed.set(input, fails.why);
      else if (before.ok && after.ok) {
        for (const [frame, reads] of frames.entries())
          if (before.looks[frame] !== after.looks[frame]) reads.add(input);
      }
    },
    inTurn,
  );
  for (const reads of frames) for (const input of failed.keys()) reads.add(input);
  const closely = comparisons.filter(({ input }) => !failed.has(input));
  await pMap(closely, (comparison) => lookClosely(drawer, comparison, frames, clip.fps), inTurn);
  for (const frame of unsteady) for (const input of Object.keys(variations)) frames[frame]?.add(input);
  const listed = (found: ReadonlyMap<string, string>) => [...found].map(([input, why]) => ({ input, why }));
  return { frames, unsteady, failed: listed(failed), passedOver: listed(passedOver) };
}
