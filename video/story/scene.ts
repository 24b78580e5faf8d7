import { z } from 'zod';
import { type SceneLine, speechCues, type SpokenLine } from './speech.ts';
import type { EdgeTransition } from './engine/graph.ts';

/**
 * How a scene's inputs refer to a remote image: the hash of its decoded pixels once it has been fetched and
 * stored, or an explicit mark that the fallback is shown. So a fallback never shares a clip key with the photo
 * that it replaces.
 */
export const imageInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stored'), hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ kind: z.literal('absent') }),
]);

export type ImageInput = z.infer<typeof imageInput>;

export const absentImage: ImageInput = { kind: 'absent' };

/** A stretch of text that describes what is on screen or heard; frames count from the scene's start. */
export interface SceneCue {
  readonly fromFrame: number;
  /** Exclusive. */
  readonly toFrame: number;
  readonly text: string;
}

/** Hashes of recordings: their length in milliseconds, and their samples. A length that begins with 0 is a guess. */
export const audioPattern = /^audio-\d+-[0-9a-f]{64}$/;

/**
 * How a scene's inputs refer to the recording of an `audio` field: by the hash of its stored sound and its length once
 * it has been fetched, or an explicit mark that there is none.
 */
export const audioInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('stored'),
    hash: z.string().regex(audioPattern),
    seconds: z.number(),
  }),
  z.object({ kind: z.literal('absent') }),
]);

export type AudioInput = z.infer<typeof audioInput>;

/** Names a recording that was not fetched, for a forecast. @param name 64 hexadecimal digits. */
export const guessedAudio = (seconds: number, name: string): AudioInput =>
  storedAudio(`audio-0${seconds * 1000}-${name}`);

/** A stored recording as scenes get it. */
export const storedAudio = (hash: string): AudioInput => ({
  ...{ kind: 'stored', hash },
  seconds: Number(hash.split('-')[1]) / 1000,
});

/** Which part of a sound is played, and how it begins and ends. */
export interface SoundShape {
  /** In seconds of the file. Unset: from its beginning, to its end. */
  readonly trim?: { readonly from?: number | undefined; readonly to?: number | undefined } | undefined;
  readonly fadeInInFrames?: number | undefined;
  readonly fadeOutInFrames?: number | undefined;
}

/** A sound that starts at a frame of the scene. */
export interface SceneSound extends SoundShape {
  /**
   * A WAV of the template's `sounds/` folder, which may last longer than the scene; or an input of an `audio` field,
   * which ends with the scene and is silent where the field has no recording.
   */
  readonly file: string | AudioInput;
  readonly atFrame: number;
  /** Linear; 1, the default, leaves the sound as it is. */
  readonly gain?: number;
  /** Whether it is repeated: `true` until the scene ends, or for so many frames. */
  readonly loop?: boolean | number;
  /** Whether a voice speaks in it, under which music may be lowered. Default: in that of an `audio` field. */
  readonly voice?: boolean;
}

/** Some frames of a scene, from `from` on, which lasts `of` frames. */
export interface Excerpt {
  readonly scene: string;
  readonly from: number;
  readonly of: number;
}

/** Says that a scene shows a part of another: all but so many frames at its beginning and at its end. */
export interface ScenePart {
  readonly scene: string;
  /** Of a cut scene: which of its parts, from 0. */
  readonly index?: number;
  readonly before: number;
  readonly after: number;
  /** How many of the frames right before and right after the part are shown by transitions. */
  readonly lead: number;
  readonly tail: number;
}

/** A scene that takes part in a transition, as a whole. */
export interface TransitionSide {
  readonly name: string;
  readonly scene: Scene;
  /** How many of its frames, at its beginning and its end, other parts of it show. */
  readonly before: number;
  readonly after: number;
}

/** Says that a scene shows the end of one scene and the beginning of another at the same time. */
export interface SceneTransition extends EdgeTransition {
  readonly leaving: TransitionSide;
  readonly entering: TransitionSide;
}

/** A part of a cut scene: it ends before `until`, counted from the scene's start, and its frames read these inputs. */
export interface CutPart {
  readonly until: number;
  readonly reads: readonly string[];
}

/** Parts of scenes, in order; the last ends with its scene. */
export type Cuts = Readonly<Partial<Record<string, readonly CutPart[]>>>;

/**
 * What the pipeline knows about a scene without loading React. The component is in
 * `scenes/<id>.tsx` and receives `inputs` and nothing else.
 */
export interface Scene<I extends z.ZodObject = z.ZodObject> {
  readonly inputs: I;
  /** At the template's fps. A function must be pure. It also gets what the scene says, with its times. */
  readonly durationInFrames: number | ((inputs: z.infer<I>, spoken: readonly SpokenLine[]) => number);
  /** Captions in reading order, not overlapping. Default: what is said. Without speech they describe text and sound. */
  readonly captions: (inputs: z.infer<I>, spoken: readonly SpokenLine[]) => readonly SceneCue[];
  /** What a voice says, in order. Must be pure. Unset: nothing. */
  readonly speech?: (inputs: z.infer<I>) => readonly SceneLine[];
  /** A function must be pure. It gets what `durationInFrames` gets. */
  readonly sounds:
    readonly SceneSound[] | ((inputs: z.infer<I>, spoken: readonly SpokenLine[]) => readonly SceneSound[]);
  /** Set for a part of a scene, which has no component of its own. Captions and sounds are those of the whole. */
  readonly part?: ScenePart;
  /** Set for a transition, which has no component of its own. */
  readonly transition?: SceneTransition;
}

export type SceneInputs<S> = S extends Scene<infer I> ? z.infer<I> : never;

/** Declares a scene; the schema's type flows into duration, captions and the component. */
export function defineScene<I extends z.ZodObject>(
  scene: Pick<Scene<I>, 'inputs' | 'durationInFrames'> &
    Partial<Pick<Scene<I>, 'captions' | 'sounds' | 'speech'>>,
): Scene<I> {
  return { captions: (_inputs, spoken) => speechCues(spoken), sounds: [], ...scene };
}

/** Frames that a scene lasts with these inputs. @param spoken what it says. */
export function sceneDuration<I extends z.ZodObject>(
  { durationInFrames }: Scene<I>,
  inputs: z.infer<I>,
  spoken: readonly SpokenLine[],
): number {
  return typeof durationInFrames === 'number' ? durationInFrames : durationInFrames(inputs, spoken);
}
