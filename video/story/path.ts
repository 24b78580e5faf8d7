import { personalVariables } from './bind.ts';
import type { Variables } from './engine/condition.ts';
import { cuesWithin, excerptOf, heardIn, soundsOfWhole, spokenIn } from './excerpt.ts';
import type { SceneCue } from './scene.ts';
import { checkSoundtrack, type FileSound, type SpeechSpan } from './sounds.ts';
import { type BoundScene, codeOf } from './time-scene.ts';
import { checkFrames, runTemplateCode, templateFailed } from './template-code.ts';
import type { Soundtrack, StoryMoment, Template } from './template.ts';

/** Frames of a whole path. */
export function pathDuration(path: readonly BoundScene[]): number {
  return path.reduce((sum, { durationInFrames }) => sum + durationInFrames, 0);
}

/** Each scene of a path with the frame at which it starts. */
function placed(
  path: readonly BoundScene[],
): readonly { readonly bound: BoundScene; readonly start: number }[] {
  let start = 0;
  return path.map((bound) => {
    const at = start;
    start += bound.durationInFrames;
    return { bound, start: at };
  });
}

/** Captions of a scene, in frames from its beginning. @throws BespokeError `template-failed` */
export function sceneCues(template: Template, bound: BoundScene): readonly SceneCue[] {
  const { scene: name, node, inputs, personal } = bound;
  const code = codeOf(node, name, personal);
  const scene = template.scenes[name];
  const cues: unknown = runTemplateCode(code, () => scene?.captions(inputs, spokenIn(inputs, scene)) ?? []);
  const excerpt = excerptOf(template.scenes, name, bound);
  if (Array.isArray(cues) && cues.every(isCue)) {
    return excerpt === undefined ? cues : cuesWithin(cues, excerpt, bound.durationInFrames);
  }
  const why = 'Each needs a text, and frames from 0 on that are in order: correct the scene’s `captions`.';
  throw templateFailed(code.subject, 'gives captions that cannot be shown', why);
}

function isCue(cue: unknown): cue is SceneCue {
  if (typeof cue !== 'object' || cue === null) return false;
  const { fromFrame, toFrame, text }: Partial<Record<string, unknown>> = { ...cue };
  const inOrder =
    typeof fromFrame === 'number' && typeof toFrame === 'number' && fromFrame >= 0 && fromFrame <= toFrame;
  return inOrder && Number.isFinite(toFrame) && typeof text === 'string';
}

/** Captions of a path, in frames from its beginning. @param cues of its scenes. */
export function joinCues(
  path: readonly BoundScene[],
  cues: readonly (readonly SceneCue[])[],
): readonly SceneCue[] {
  const joined: SceneCue[] = [];
  for (const [step, { bound, start }] of placed(path).entries()) {
    for (const cue of cues[step] ?? []) {
      // What is said may be longer than its scene.
      if (cue.fromFrame >= bound.durationInFrames) continue;
      const fromFrame = start + cue.fromFrame;
      const toFrame = start + Math.min(cue.toFrame, bound.durationInFrames);
      const last = joined.at(-1);
      // A cut may divide a caption.
      if (last?.toFrame === fromFrame && last.text === cue.text)
        joined[joined.length - 1] = { ...last, toFrame };
      else joined.push({ ...cue, fromFrame, toFrame });
    }
  }
  return joined;
}

/** Captions of a path, in frames from its beginning. @throws BespokeError `template-failed` */
export const pathCues = (template: Template, path: readonly BoundScene[]): readonly SceneCue[] =>
  joinCues(
    path,
    path.map((bound) => sceneCues(template, bound)),
  );

/** The sound of a path, but for what its clips play themselves; equal mixes are rendered once. */
export interface Mix {
  readonly durationInFrames: number;
  readonly fps: number;
  readonly soundtrack: Soundtrack | undefined;
  readonly sounds: readonly FileSound[];
  /** When voices of clips speak, if the soundtrack is lowered under them. */
  readonly speech?: readonly SpeechSpan[];
}

/** The music of a record's video. @param facts its fields, facts and segments. @throws BespokeError `template-failed` */
export function soundtrackOf(template: Template, facts: Variables): Soundtrack | undefined {
  const { id, soundtrack } = template;
  const isChosen = typeof soundtrack === 'function';
  const code = {
    subject: `The soundtrack of template "${id}"`,
    personal: isChosen && personalVariables(template).size > 0,
  };
  return checkSoundtrack(
    code,
    isChosen ? runTemplateCode(code, () => soundtrack(facts as never)) : soundtrack,
  );
}

/** Where the frames of a bound scene lie in the whole scene, or in the film of both scenes of a transition. */
const placeOf = ({ scenes }: Template, bound: BoundScene) =>
  excerptOf(scenes, bound.scene, bound) ?? { from: 0, of: bound.durationInFrames };

/**
 * Files that a scene plays, in frames from its beginning. A part of a scene, and a transition, start those that start in
 * their frames.
 *
 * @throws BespokeError `template-failed`
 */
export function sceneSounds(template: Template, bound: BoundScene): readonly FileSound[] {
  const { scene: name, node, inputs, personal, durationInFrames } = bound;
  const scene = template.scenes[name];
  if (scene === undefined) return [];
  const { from, of } = placeOf(template, bound);
  const placed = soundsOfWhole(codeOf(node, name, personal), scene, inputs, { fps: template.fps, of });
  const isWhole = scene.part === undefined && scene.transition === undefined;
  return placed.flatMap((sound) =>
    'hash' in sound || (!isWhole && (sound.atFrame < from || sound.atFrame >= from + durationInFrames))
      ? []
      : [{ ...sound, atFrame: sound.atFrame - from }],
  );
}

/** When voices speak in a scene, in frames from its beginning: lines of its own, and recordings. */
export function sceneSpeech(template: Template, bound: BoundScene): readonly SpeechSpan[] {
  const { scene: name, inputs, durationInFrames } = bound;
  const scene = template.scenes[name];
  if (scene === undefined) return [];
  const { from } = placeOf(template, bound);
  const recorded = heardIn(inputs, scene).flatMap(({ atFrame, toFrame, isVoice }) =>
    isVoice ? [{ fromFrame: atFrame, toFrame }] : [],
  );
  return [...spokenIn(inputs, scene), ...recorded].flatMap((span) => {
    const fromFrame = Math.max(0, span.fromFrame - from);
    const toFrame = Math.min(durationInFrames, span.toFrame - from);
    return fromFrame < toFrame ? [{ fromFrame, toFrame }] : [];
  });
}

/**
 * The sound of a path: music across all scenes, and each scene's sounds at their frames.
 *
 * @param facts of the record.
 * @throws BespokeError `template-failed`
 */
export function pathMix(template: Template, path: readonly BoundScene[], facts: Variables): Mix {
  const soundtrack = soundtrackOf(template, facts);
  const isLowered = soundtrack?.underSpeech !== undefined;
  const scenes = placed(path);
  const sounds = scenes.flatMap(({ bound, start }) =>
    sceneSounds(template, bound).map(({ voice, ...sound }) => ({
      ...{ ...sound, atFrame: start + sound.atFrame },
      ...(isLowered && voice && { voice }),
    })),
  );
  const spoken = (): readonly SpeechSpan[] =>
    scenes.flatMap(({ bound, start }) =>
      sceneSpeech(template, bound).map(({ fromFrame, toFrame }) => ({
        fromFrame: start + fromFrame,
        toFrame: start + toFrame,
      })),
    );
  const { fps } = template;
  const durationInFrames = pathDuration(path);
  return { durationInFrames, fps, soundtrack, sounds, ...(isLowered && { speech: spoken() }) };
}

const subjectOf = ({ nodes }: StoryMoment): string => `The poster or teaser at node "${nodes.join('", "')}"`;

/**
 * The frame of a moment within a path; the path's middle if none of the moment's nodes is on it. A scene begins in the
 * transition before it.
 *
 * @throws BespokeError `template-failed`
 */
export function momentFrame(
  { scenes }: Pick<Template, 'scenes'>,
  path: readonly BoundScene[],
  moment: StoryMoment,
): number {
  const total = pathDuration(path);
  checkFrames({ subject: subjectOf(moment), personal: false }, 'begins at', moment.frame, 0);
  for (const node of moment.nodes) {
    const found = placed(path).find(({ bound }) => bound.node === node);
    if (found === undefined) continue;
    const { lead = 0 } = scenes[found.bound.scene]?.part ?? {};
    return Math.min(found.start - lead + moment.frame, total - 1);
  }
  return Math.floor(total / 2);
}

/** An image that is kept when a clip is rendered; frames count from the clip's start. */
export type Still =
  /** One frame at the clip's full size. */
  | { readonly kind: 'poster'; readonly frame: number }
  /** Small frames, `step` apart, for an animation. */
  | {
      readonly kind: 'strip';
      readonly fromFrame: number;
      readonly count: number;
      readonly step: number;
    };

/** A still of one scene of the path. */
export interface PathStill<S extends Still = Still> {
  /** Index in the path. */
  readonly step: number;
  readonly still: S;
}

/** The stills for a path's poster and teaser. */
export interface PathStills {
  readonly poster: PathStill<Extract<Still, { kind: 'poster' }>>;
  /** In order, one for each scene that the teaser overlaps. */
  readonly teaser: readonly PathStill<Extract<Still, { kind: 'strip' }>>[];
  /** Frames of the teaser per second. */
  readonly teaserRate: number;
}

/** Mail programs show no longer animations, and a second of film needs no more frames. */
const teaserFrames = { most: 60, perSecond: 10 };

/** The frames of a path's poster and teaser, by scene. */
export function pathStills(
  template: Pick<Template, 'fps' | 'poster' | 'scenes' | 'teaser'>,
  path: readonly BoundScene[],
): PathStills {
  const { fps, poster, teaser } = template;
  const total = pathDuration(path);
  const scenes = placed(path).map(({ bound, start }, step) => ({
    step,
    start,
    end: start + bound.durationInFrames,
  }));
  const posterFrame = momentFrame(template, path, poster);
  const shown = scenes.find(({ end }) => posterFrame < end);
  if (shown === undefined) throw new Error('A path without scenes has no poster.');

  const lasting = checkFrames(
    { subject: subjectOf(teaser), personal: false },
    'lasts',
    teaser.durationInFrames,
    1,
  );
  const length = Math.min(lasting, total);
  const from = Math.min(momentFrame(template, path, teaser), total - length);
  const apart = Math.max(1, Math.round(fps / teaserFrames.perSecond), Math.ceil(length / teaserFrames.most));
  const strips = scenes.flatMap(({ step, start, end }) => {
    const skipped = Math.max(0, Math.ceil((start - from) / apart));
    const first = from + skipped * apart;
    const count = Math.ceil((Math.min(end, from + length) - first) / apart);
    if (count <= 0) return [];
    return [{ step, still: { kind: 'strip', fromFrame: first - start, count, step: apart } as const }];
  });
  return {
    poster: { step: shown.step, still: { kind: 'poster', frame: posterFrame - shown.start } },
    teaser: strips,
    teaserRate: fps / apart,
  };
}
