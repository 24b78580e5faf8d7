import {
  excerptOf,
  heardIn,
  inputsOfSide,
  lengthsInput,
  ownInputs,
  sideInput,
  sides,
  spokenIn,
} from './excerpt.ts';
import { languageOf } from './localized-story.ts';
import { sceneDuration, type Scene, type SceneTransition } from './scene.ts';
import { type HeardSound, placeSounds } from './sounds.ts';
import {
  estimateSpoken,
  linesOf,
  placeLines,
  type SceneLine,
  type Speak,
  type SpeechText,
  type SpokenLine,
  textOf,
} from './speech.ts';
import { checkFrames, runTemplateCode, templateFailed, type TemplateCode } from './template-code.ts';
import type { Template } from './template.ts';

/** A scene with concrete inputs: one step of a path. */
export interface BoundScene {
  readonly node: string;
  readonly scene: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly durationInFrames: number;
  /** Whether an input derives from a personal field or a viewer's personal answer. */
  readonly personal: boolean;
}

/** A scene at a node, as errors name it. */
export const codeOf = (node: string, scene: string, personal: boolean): TemplateCode => ({
  subject: `Scene "${scene}" at node "${node}"`,
  personal,
});

type UntimedScene = Omit<BoundScene, 'durationInFrames'>;

/** Whether a scene of a template says anything. */
export const speaks = ({ scenes }: Pick<Template, 'scenes'>): boolean =>
  Object.values(scenes).some(({ speech }) => speech !== undefined);

/** The lines of a scene with its inputs. @throws BespokeError `template-failed` */
function linesIn(code: TemplateCode, scene: Scene, inputs: BoundScene['inputs']): readonly SceneLine[] {
  const { speech } = scene;
  return speech === undefined ? [] : linesOf(code, () => speech(ownInputs(inputs, scene)));
}

/** What a voice is given for a scene. @throws BespokeError `template-failed` */
export function sceneTexts(
  template: Template,
  { node, scene, inputs, personal }: BoundScene,
): readonly SpeechText[] {
  const declared = template.scenes[scene];
  const lines = declared && linesIn(codeOf(node, scene, personal), declared, inputs);
  return (lines ?? []).map((line) => textOf(line, languageOf(template)));
}

type SpeakingTemplate = Pick<Template, 'fps' | 'language' | 'scenes'>;

/** What a scene says from its beginning to its end, all of it for a part of a scene. @throws BespokeError `template-failed` */
export function sayScene(
  template: SpeakingTemplate,
  { node, scene, inputs, personal }: UntimedScene,
  speak: Speak = estimateSpoken,
): readonly SpokenLine[] {
  const declared = template.scenes[scene];
  if (declared === undefined) return [];
  const lines = linesIn(codeOf(node, scene, personal), declared, inputs);
  return placeLines(lines, { fps: template.fps, language: languageOf(template), speak });
}

/** Recordings in a whole scene that lasts so long. @throws BespokeError `template-failed` */
function recordingsIn(
  code: TemplateCode,
  scene: Scene,
  inputs: BoundScene['inputs'],
  said: readonly SpokenLine[],
  place: { readonly fps: number; readonly of: number },
): readonly HeardSound[] {
  if (typeof scene.sounds !== 'function') return [];
  const sounds = placeSounds(code, scene, inputs, said, place);
  return sounds.flatMap((sound) => ('hash' in sound ? sound : []));
}

/** A bound scene with its length, which is not checked yet, and what is added to its inputs. */
export interface TimedInputs {
  readonly inputs: BoundScene['inputs'];
  readonly frames: number;
}

/** The length of a transition, with those of its scenes and what they say. */
function timeTransition(
  template: SpeakingTemplate,
  transition: SceneTransition,
  own: BoundScene['inputs'],
  bound: UntimedScene,
  speak: Speak,
): TimedInputs {
  const code = codeOf(bound.node, bound.scene, bound.personal);
  const { frames } = transition;
  const timed = sides.map((side) => {
    const { name, scene, before, after } = transition[side];
    const inputs = inputsOfSide(side, own);
    const of = { ...template, scenes: { [name]: scene } };
    const all = sayScene(of, { ...bound, scene: name, inputs }, speak);
    const lasts = runTemplateCode(code, () => sceneDuration(scene, inputs, all));
    checkFrames(codeOf(bound.node, name, bound.personal), 'lasts', lasts, 1);
    if (lasts < frames) throw tooShort(code, `${frames} frames of scene "${name}"`, lasts);
    const isShown = (frame: number, toFrame: number): boolean => toFrame > before && frame < lasts - after;
    const spoken = all.filter(({ fromFrame, toFrame }) => isShown(fromFrame, toFrame));
    const recordings = recordingsIn(code, scene, inputs, all, { fps: template.fps, of: lasts });
    const heard = recordings.filter(({ atFrame, toFrame }) => isShown(atFrame, toFrame));
    return { side, lasts, spoken, heard };
  });
  const sounding = timed.flatMap(({ side, spoken, heard }): readonly (readonly [string, unknown])[] => [
    ...(spoken.length === 0 ? [] : [[sideInput(side, 'spoken'), spoken] as const]),
    ...(heard.length === 0 ? [] : [[sideInput(side, 'heard'), heard] as const]),
  ]);
  const lengths = Object.fromEntries(timed.map(({ side, lasts }) => [side, lasts]));
  return { inputs: { ...own, ...Object.fromEntries(sounding), [lengthsInput]: lengths }, frames };
}

/** The failure of a row with which a scene is too short for its transitions. */
function tooShort({ subject, personal }: TemplateCode, needs: string, lasts: number) {
  const what = `needs ${needs}, which ${personal ? 'is shorter' : `lasts ${lasts}`}`;
  return templateFailed(subject, what, 'Make the scene longer, or its transitions shorter.');
}

/**
 * A scene's length, and what is spoken and heard as inputs of it: of a part of a cut scene, what sounds in its frames and in
 * transitions next to it.
 */
export function timeInputs(
  template: SpeakingTemplate,
  bound: UntimedScene,
  speak: Speak = estimateSpoken,
): TimedInputs {
  const scene = template.scenes[bound.scene];
  const inputs = scene === undefined ? bound.inputs : ownInputs(bound.inputs, scene);
  if (scene?.transition !== undefined)
    return timeTransition(template, scene.transition, inputs, bound, speak);
  const code = codeOf(bound.node, bound.scene, bound.personal);
  const all = sayScene(template, bound, speak);
  const frames = runTemplateCode(code, () => (scene === undefined ? 0 : sceneDuration(scene, inputs, all)));
  const { scene: whole = bound.scene, before = 0, after = 0, lead = 0, tail = 0 } = scene?.part ?? {};
  if (lead + tail > 0 && Number.isInteger(frames) && frames < 1) {
    const needs = `more than the ${lead + tail} frames that transitions take of scene "${whole}"`;
    throw tooShort(code, needs, frames + lead + tail);
  }
  const isShown = (frame: number, toFrame: number): boolean =>
    toFrame > before - lead && frame < before + frames + tail;
  const spoken = all.filter(({ fromFrame, toFrame }) => isShown(fromFrame, toFrame));
  // A length that is none is refused below, wherever this is called.
  const isLength = scene !== undefined && Number.isInteger(frames) && frames > 0;
  const recordings = isLength
    ? recordingsIn(code, scene, inputs, all, { fps: template.fps, of: before + frames + after })
    : [];
  const heard = recordings.filter(({ atFrame, toFrame }) => isShown(atFrame, toFrame));
  const sounding = { ...(spoken.length > 0 && { spoken }), ...(heard.length > 0 && { heard }) };
  return { frames, inputs: { ...inputs, ...sounding } };
}

/** A scene with its length and what it says. @throws BespokeError `template-failed` */
export function timeScene(
  template: Template,
  bound: UntimedScene,
  speak: Speak = estimateSpoken,
): BoundScene {
  const { inputs, frames } = timeInputs(template, bound, speak);
  const code = codeOf(bound.node, bound.scene, bound.personal);
  return { ...bound, inputs, durationInFrames: checkFrames(code, 'lasts', frames, 1) };
}

/** Frames by which what a voice has said, or a recording, is longer than its scene: they are not heard. */
export function framesCutOff({ scenes }: Pick<Template, 'scenes'>, bound: BoundScene): number {
  const scene = scenes[bound.scene];
  // What is cut off of a transition's scenes is cut off of the parts beside it.
  if (scene === undefined || scene.transition !== undefined) return 0;
  const end = excerptOf(scenes, bound.scene, bound)?.of ?? bound.durationInFrames;
  const known = [...spokenIn(bound.inputs, scene), ...heardIn(bound.inputs, scene)].filter(
    // Estimated times say nothing.
    ({ hash }) => hash !== undefined && !hash.startsWith('audio-0'),
  );
  return Math.max(0, ...known.map(({ toFrame }) => Math.floor(toFrame - end)));
}

/** A bound scene as a voice says it, instead of by estimated times. @throws BespokeError `template-failed` */
export const speakScene = (template: Template, bound: BoundScene, speak: Speak): BoundScene =>
  template.scenes[bound.scene]?.speech === undefined ? bound : timeScene(template, bound, speak);
