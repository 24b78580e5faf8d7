import { type AudioInput, audioInput, type Scene, type SceneSound, type SoundShape } from './scene.ts';
import type { SpokenLine } from './speech.ts';
import {
  describeValue,
  mostFrames,
  runTemplateCode,
  templateFailed,
  type TemplateCode,
} from './template-code.ts';
import type { Soundtrack } from './template.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** A sound with all that is known of where it is played. */
interface PlacedSound extends SoundShape {
  readonly atFrame: number;
  readonly gain: number;
  /** Set if it is repeated. */
  readonly loopInFrames?: number;
}

/** A file of the template's `sounds/`. It may last longer than its scene. */
export interface FileSound extends PlacedSound {
  readonly file: string;
  /** Whether a voice speaks in it. */
  readonly voice?: true;
}

/** A recording of an `audio` field, in frames of the scene; of a part of a cut scene, in those of the whole. */
export interface HeardSound extends PlacedSound {
  readonly hash: string;
  /** Exclusive; it may be longer than its scene. */
  readonly toFrame: number;
  readonly isVoice: boolean;
}

/** When a voice speaks, in frames. */
export interface SpeechSpan {
  readonly fromFrame: number;
  /** Exclusive. */
  readonly toFrame: number;
}

const isFrom = (least: number, value: unknown, most = Infinity): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most;

const mostGain = 10;

/** A value that cannot be used: what it belongs to, what it is, and what it should be. */
type Wrong = readonly [name: string, value: unknown, rule: string];

function wrongShape({ trim, fadeInInFrames: fadeIn = 0, fadeOutInFrames: fadeOut = 0 }: SoundShape) {
  const seconds: unknown = trim ?? {};
  if (typeof seconds !== 'object') return ['trim', trim, 'an object with `from` and `to`'] as const;
  const { from = 0, to = Infinity } = trim ?? {};
  if (!isFrom(0, from)) return ['trim.from', from, 'a number of seconds from 0 on'] as const;
  if (to !== Infinity && !isFrom(0, to)) return ['trim.to', to, 'a number of seconds'] as const;
  if (to <= from) return ['trim.to', to, 'more than `trim.from`'] as const;
  const rule = 'a number of frames from 0 on';
  if (!isFrom(0, fadeIn)) return ['fadeInInFrames', fadeIn, rule] as const;
  return isFrom(0, fadeOut) ? undefined : (['fadeOutInFrames', fadeOut, rule] as const);
}

/** A name of a file: a record may have chosen it, so it leads to no other folder. */
const isFile = (file: unknown): boolean => typeof file === 'string' && /^[^/\\]+$/.test(file);

function wrongSound(sound: SceneSound): Wrong | undefined {
  const { file, atFrame, gain = 1, loop = false, voice } = sound;
  const isRecording = audioInput.safeParse(file).success;
  if (!isRecording && !isFile(file))
    return ['file', file, 'the name of a file, or an input of an `audio` field'];
  if (!isFrom(-mostFrames, atFrame, mostFrames)) return ['atFrame', atFrame, 'a number of frames'];
  if (!isFrom(0, gain, mostGain)) return ['gain', gain, `a number from 0 to ${mostGain}`];
  if (typeof loop !== 'boolean' && !isFrom(1, loop, mostFrames))
    return ['loop', loop, 'true, or a number of frames'];
  if (voice !== undefined && typeof voice !== 'boolean') return ['voice', voice, 'true or false'];
  return wrongShape(sound);
}

function checkSound({ subject, personal }: TemplateCode, sound: SceneSound): void {
  const wrong = typeof sound === 'object' ? wrongSound(sound) : (['sound', sound, 'an object'] as const);
  if (wrong === undefined) return;
  const [name, value, rule] = wrong;
  // A record may have chosen the file.
  const shown = personal || typeof sound.file !== 'string' ? 'A sound' : `Sound "${sound.file}"`;
  const of = subject.replace(/^Scene/, 'scene');
  const why = `\`${name}\` is ${describeValue(value, personal, 'a wrong number')}, and must be ${rule}: correct the scene’s \`sounds\`.`;
  throw templateFailed(`${shown} of ${of}`, 'cannot be placed', why);
}

const shapeOf = ({ trim: { from, to } = {}, fadeInInFrames, fadeOutInFrames }: SoundShape): SoundShape => ({
  ...((from ?? to) !== undefined && {
    trim: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
  }),
  ...(fadeInInFrames !== undefined && { fadeInInFrames }),
  ...(fadeOutInFrames !== undefined && { fadeOutInFrames }),
});

/** Seconds of a recording that are played once. */
const secondsOf = ({ seconds }: Extract<AudioInput, { kind: 'stored' }>, { trim }: SoundShape): number =>
  Math.max(0, Math.min(seconds, trim?.to ?? seconds) - (trim?.from ?? 0));

interface ScenePlace {
  readonly fps: number;
  /** Frames of the whole scene. */
  readonly of: number;
}

function placeSound(
  { file, atFrame, gain = 1, loop = false, voice, ...shape }: SceneSound,
  { fps, of }: ScenePlace,
): readonly (FileSound | HeardSound)[] {
  const loopInFrames = loop === true ? of - atFrame : loop === false ? undefined : loop;
  if (loopInFrames !== undefined && loopInFrames <= 0) return [];
  const placed = { atFrame, gain, ...shapeOf(shape), ...(loopInFrames !== undefined && { loopInFrames }) };
  if (typeof file === 'string') return [{ file, ...placed, ...(voice === true && { voice }) }];
  if (file.kind === 'absent') return [];
  const frames = loopInFrames ?? Math.ceil(secondsOf(file, shape) * fps);
  const toFrame = atFrame + frames;
  return frames <= 0 || toFrame <= 0 ? [] : [{ hash: file.hash, ...placed, toFrame, isVoice: voice ?? true }];
}

/**
 * What a scene plays besides its components, checked; in frames of the scene, of the whole scene for a part of a cut one.
 *
 * @param inputs without what binding adds.
 * @throws BespokeError `template-failed`
 */
export function placeSounds(
  code: TemplateCode,
  { sounds }: Pick<Scene, 'sounds'>,
  inputs: Inputs,
  spoken: readonly SpokenLine[],
  place: ScenePlace,
): readonly (FileSound | HeardSound)[] {
  const given: unknown =
    typeof sounds === 'function' ? runTemplateCode(code, () => sounds(inputs, spoken)) : sounds;
  if (!Array.isArray(given)) {
    throw templateFailed(code.subject, 'has no list of sounds', 'Correct the scene’s `sounds`.');
  }
  // What a list says is the template's own, whoever the scene is shown to.
  const about = { ...code, personal: code.personal && typeof sounds === 'function' };
  return (given as readonly SceneSound[]).flatMap((sound) => {
    checkSound(about, sound);
    return placeSound(sound, place);
  });
}

/** A soundtrack that a template declares or chooses, checked. @throws BespokeError `template-failed` */
export function checkSoundtrack(
  { subject, personal }: TemplateCode,
  chosen: unknown,
): Soundtrack | undefined {
  if (chosen === undefined) return undefined;
  const failed = ([name, value, rule]: Wrong) =>
    templateFailed(
      subject,
      'cannot be played',
      `\`${name}\` is ${describeValue(value, personal, 'a wrong number')}, and must be ${rule}: correct the template’s \`soundtrack\`.`,
    );
  if (typeof chosen !== 'object' || chosen === null) throw failed(['soundtrack', chosen, 'an object']);
  const music = chosen as Soundtrack;
  const { file, gain, fadeOutInFrames, underSpeech = 1 } = music;
  if (!isFile(file)) throw failed(['file', file, 'the name of a file']);
  if (!isFrom(0, gain, mostGain)) throw failed(['gain', gain, `a number from 0 to ${mostGain}`]);
  if (!isFrom(0, underSpeech, 1)) throw failed(['underSpeech', underSpeech, 'a number from 0 to 1']);
  const wrong = wrongShape({ ...music, fadeOutInFrames });
  if (wrong !== undefined) throw failed(wrong);
  return { file, gain, ...shapeOf(music), fadeOutInFrames, ...(underSpeech < 1 && { underSpeech }) };
}
