import type { Excerpt, Scene, SceneCue, ScenePart, SceneTransition } from './scene.ts';
import { type FileSound, type HeardSound, placeSounds } from './sounds.ts';
import type { SpokenLine } from './speech.ts';
import type { TemplateCode } from './template-code.ts';

/*
 * Scenes that show frames of others: parts, and transitions. A transition shows some frames of a film that consists of
 * both scenes as a whole, overlapping. Its inputs are those of both, each with the name of its side before it.
 */

type Inputs = Readonly<Record<string, unknown>>;

/** A scene with its inputs, timed. */
interface TimedScene {
  readonly inputs: Inputs;
  readonly durationInFrames: number;
}

/** The name of a part of a cut scene, and of its node. */
export const partName = (name: string, index: number): string => `${name}-${index + 1}`;

/** The author's node of one that shows a part of a cut scene; any other name as it is. */
export const wholeNode = (node: string, part: ScenePart | undefined): string =>
  part?.index === undefined || part.index === 0 ? node : node.slice(0, -partName('', part.index).length);

/** The two scenes of a transition. */
export const sides = ['leaving', 'entering'] as const;

export type Side = (typeof sides)[number];

/** The name that an input of one of its scenes has in a transition. */
export const sideInput = (side: Side, input: string): string => `${side}.${input}`;

/** The inputs of one scene of a transition. */
export const inputsOfSide = (side: Side, inputs: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([name, value]) =>
      name.startsWith(`${side}.`) ? [[name.slice(side.length + 1), value]] : [],
    ),
  );

/** Frames that both scenes of a transition last as a whole. */
export type SideLengths = Readonly<Record<Side, number>>;

/** The input of a transition that has its scenes' lengths: they may depend on other inputs, and on what is said. */
export const lengthsInput = 'lengths';

/** @throws Error for inputs of anything else than a transition that was timed. */
export function lengthsIn(inputs: Inputs): SideLengths {
  const lengths: Partial<Record<Side, unknown>> = { ...(inputs[lengthsInput] as object | undefined) };
  const { leaving, entering } = lengths;
  if (typeof leaving !== 'number' || typeof entering !== 'number') throw new Error('It was not timed.');
  return { leaving, entering };
}

/** The transitions among scenes, by name. */
export const transitionsIn = (
  scenes: Readonly<Record<string, Scene>>,
): readonly (readonly [name: string, transition: SceneTransition])[] =>
  Object.entries(scenes).flatMap(([name, { transition }]) =>
    transition === undefined ? [] : [[name, transition] as const],
  );

/** Which frames of another scene, or of both scenes of a transition, a scene shows; `undefined` for one that is whole. */
export function excerptOf(
  scenes: Readonly<Record<string, Scene>>,
  name: string,
  { inputs, durationInFrames }: TimedScene,
): Excerpt | undefined {
  const { part, transition } = scenes[name] ?? {};
  if (transition !== undefined) {
    const { leaving, entering } = lengthsIn(inputs);
    return {
      scene: name,
      from: leaving - transition.frames,
      of: leaving + entering - transition.frames,
    };
  }
  if (part === undefined) return undefined;
  return { scene: part.scene, from: part.before, of: part.before + durationInFrames + part.after };
}

type SoundingScene = Pick<Scene, 'speech' | 'sounds' | 'transition'>;

/**
 * Names of what binding adds to the inputs of scenes that speak, of those whose sounds depend on inputs, and of
 * transitions.
 */
export function addedInputs({ speech, sounds, transition }: SoundingScene): readonly string[] {
  if (transition !== undefined) {
    const ofSides = sides.flatMap((side) =>
      addedInputs(transition[side].scene).map((name) => sideInput(side, name)),
    );
    return [lengthsInput, ...ofSides];
  }
  return [...(speech === undefined ? [] : ['spoken']), ...(typeof sounds === 'function' ? ['heard'] : [])];
}

/** Without what binding adds. */
export function ownInputs(inputs: Inputs, scene: SoundingScene): Inputs {
  const names = addedInputs(scene);
  if (!names.some((name) => name in inputs)) return inputs;
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));
}

/** What is found in each scene of a transition, in frames of the film of both. */
function ofBoth<T>(
  transition: SceneTransition,
  inputs: Inputs,
  find: (inputs: Inputs, scene: Scene, side: Side) => readonly T[],
  later: (found: T, frames: number) => T,
): readonly T[] {
  const enters = lengthsIn(inputs).leaving - transition.frames;
  return sides.flatMap((side) => {
    const found = find(inputsOfSide(side, inputs), transition[side].scene, side);
    return side === 'leaving' ? found : found.map((each) => later(each, enters));
  });
}

/** What a scene says, as it was bound. */
export function spokenIn(inputs: Inputs, scene: SoundingScene): readonly SpokenLine[] {
  const { speech, transition } = scene;
  if (transition !== undefined) return ofBoth(transition, inputs, spokenIn, shiftLine);
  const { spoken } = inputs;
  return speech !== undefined && Array.isArray(spoken) ? (spoken as readonly SpokenLine[]) : [];
}

/** What is heard of the record's recordings in a scene, as it was bound. */
export function heardIn(inputs: Inputs, { sounds, transition }: SoundingScene): readonly HeardSound[] {
  if (transition !== undefined) return ofBoth(transition, inputs, heardIn, shiftHeard);
  const { heard } = inputs;
  return typeof sounds === 'function' && Array.isArray(heard) ? (heard as readonly HeardSound[]) : [];
}

/**
 * What a scene plays besides its components, in frames of the whole scene, or of the film of both scenes of a transition.
 *
 * @throws BespokeError `template-failed`
 */
export function soundsOfWhole(
  code: TemplateCode,
  scene: Scene,
  inputs: Inputs,
  place: { readonly fps: number; readonly of: number },
): readonly (FileSound | HeardSound)[] {
  const { transition } = scene;
  if (transition !== undefined) {
    const { fps } = place;
    const lengths = lengthsIn(inputs);
    return ofBoth<FileSound | HeardSound>(
      transition,
      inputs,
      (own, of, side) => soundsOfWhole(code, of, own, { fps, of: lengths[side] }),
      (sound, frames) =>
        'hash' in sound ? shiftHeard(sound, frames) : { ...sound, atFrame: sound.atFrame + frames },
    );
  }
  return placeSounds(code, scene, ownInputs(inputs, scene), spokenIn(inputs, scene), place);
}

const shift = <T extends { readonly fromFrame: number; readonly toFrame: number }>(it: T, by: number): T => ({
  ...it,
  fromFrame: it.fromFrame + by,
  toFrame: it.toFrame + by,
});

const shiftHeard = (sound: HeardSound, by: number): HeardSound => ({
  ...sound,
  atFrame: sound.atFrame + by,
  toFrame: sound.toFrame + by,
});

const shiftLine = (line: SpokenLine, by: number): SpokenLine => ({
  ...shift(line, by),
  words: line.words.map((word) => shift(word, by)),
});

/** Captions of both scenes of a transition: those of the first one until it ends, then those of the other. */
export function joinSideCues(
  [leaving, entering]: readonly [readonly SceneCue[], readonly SceneCue[]],
  lengths: SideLengths,
  frames: number,
): readonly SceneCue[] {
  const first = leaving.flatMap((cue) => clipCue(cue, 0, lengths.leaving));
  const said = first.reduce((end, { toFrame }) => Math.max(end, toFrame), 0);
  const then = entering.flatMap((cue) => {
    const { fromFrame, ...rest } = shift(cue, lengths.leaving - frames);
    return rest.toFrame <= said ? [] : [{ ...rest, fromFrame: Math.max(fromFrame, said) }];
  });
  return [...first, ...then];
}

/** A caption in frames of an excerpt. */
function clipCue({ fromFrame, toFrame, text }: SceneCue, from: number, until: number): readonly SceneCue[] {
  if (toFrame <= from || fromFrame >= until) return [];
  return [{ text, fromFrame: Math.max(fromFrame, from) - from, toFrame: Math.min(toFrame, until) - from }];
}

/** Captions of a whole scene as its excerpt shows them. */
export const cuesWithin = (
  cues: readonly SceneCue[],
  { from }: Excerpt,
  durationInFrames: number,
): readonly SceneCue[] => cues.flatMap((cue) => clipCue(cue, from, from + durationInFrames));
