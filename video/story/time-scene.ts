import { excerptOf, inputsOfSide, lengthsInput, sideInput, sides, spokenIn } from './excerpt.ts';
import { languageOf } from './localized-story.ts';
import { sceneDuration, type Scene, type SceneTransition } from './scene.ts';
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
  return speech === undefined ? [] : linesOf(code, () => speech(ownInputs(scene, inputs)));
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

/** Without what is added for scenes that speak, and for transitions. */
function ownInputs({ speech, transition }: Scene, inputs: BoundScene['inputs']): BoundScene['inputs'] {
  const added =
    transition === undefined
      ? speech && ['spoken']
      : [
          lengthsInput,
          ...sides.flatMap((side) => (transition[side].scene.speech ? sideInput(side, 'spoken') : [])),
        ];
  if (added === undefined) return inputs;
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !added.includes(name)));
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
    const spoken = all.filter(({ fromFrame, toFrame }) => toFrame > before && fromFrame < lasts - after);
    return { side, lasts, spoken };
  });
  const said = timed.flatMap(({ side, spoken }) =>
    spoken.length === 0 ? [] : [[sideInput(side, 'spoken'), spoken] as const],
  );
  const lengths = Object.fromEntries(timed.map(({ side, lasts }) => [side, lasts]));
  return { inputs: { ...own, ...Object.fromEntries(said), [lengthsInput]: lengths }, frames };
}

/** The failure of a row with which a scene is too short for its transitions. */
function tooShort({ subject, personal }: TemplateCode, needs: string, lasts: number) {
  const what = `needs ${needs}, which ${personal ? 'is shorter' : `lasts ${lasts}`}`;
  return templateFailed(subject, what, 'Make the scene longer, or its transitions shorter.');
}

/**
 * A scene's length, and what it says as one of its inputs: of a part of a cut scene, what sounds in its frames and in
 * transitions next to it.
 */
export function timeInputs(
  template: SpeakingTemplate,
  bound: UntimedScene,
  speak: Speak = estimateSpoken,
): TimedInputs {
  const scene = template.scenes[bound.scene];
  const inputs = scene === undefined ? bound.inputs : ownInputs(scene, bound.inputs);
  if (scene?.transition !== undefined)
    return timeTransition(template, scene.transition, inputs, bound, speak);
  const code = codeOf(bound.node, bound.scene, bound.personal);
  const all = sayScene(template, bound, speak);
  const frames = runTemplateCode(code, () => (scene === undefined ? 0 : sceneDuration(scene, inputs, all)));
  const { scene: whole = bound.scene, before = 0, lead = 0, tail = 0 } = scene?.part ?? {};
  if (lead + tail > 0 && Number.isInteger(frames) && frames < 1) {
    const needs = `more than the ${lead + tail} frames that transitions take of scene "${whole}"`;
    throw tooShort(code, needs, frames + lead + tail);
  }
  const spoken = all.filter(
    (line) => line.toFrame > before - lead && line.fromFrame < before + frames + tail,
  );
  return { frames, inputs: spoken.length === 0 ? inputs : { ...inputs, spoken } };
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

/** Frames by which what a voice has said is longer than its scene: they are not heard. */
export function framesCutOff({ scenes }: Pick<Template, 'scenes'>, bound: BoundScene): number {
  const scene = scenes[bound.scene];
  // What is cut off of a transition's scenes is cut off of the parts beside it.
  if (scene === undefined || scene.transition !== undefined) return 0;
  const end = excerptOf(scenes, bound.scene, bound)?.of ?? bound.durationInFrames;
  return Math.max(
    0,
    ...spokenIn(bound.inputs, scene).map(({ hash, toFrame }) => (hash === undefined ? 0 : toFrame - end)),
  );
}

/** A bound scene as a voice says it, instead of by estimated times. @throws BespokeError `template-failed` */
export const speakScene = (template: Template, bound: BoundScene, speak: Speak): BoundScene =>
  template.scenes[bound.scene]?.speech === undefined ? bound : timeScene(template, bound, speak);
