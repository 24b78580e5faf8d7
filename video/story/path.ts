import { codeOf, type BoundScene } from './bind.ts';
import type { SceneCue, SceneSound } from './scene.ts';
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
  const { scene, node, inputs, personal } = bound;
  const code = codeOf(node, scene, personal);
  const cues: unknown = runTemplateCode(code, () => template.scenes[scene]?.captions(inputs) ?? []);
  if (Array.isArray(cues) && cues.every(isCue)) return cues;
  const why = 'Each needs a text, and frames from 0 on that are in order: correct the scene’s `captions`.';
  throw templateFailed(code.place, 'gives captions that cannot be shown', why);
}

function isCue(cue: unknown): cue is SceneCue {
  if (typeof cue !== 'object' || cue === null) return false;
  const { fromFrame, toFrame, text }: Partial<Record<string, unknown>> = { ...cue };
  const inOrder =
    typeof fromFrame === 'number' && typeof toFrame === 'number' && fromFrame >= 0 && fromFrame <= toFrame;
  return inOrder && Number.isFinite(toFrame) && typeof text === 'string';
}

/** Captions of a path, in frames from its beginning. @throws BespokeError `template-failed` */
export function pathCues(template: Template, path: readonly BoundScene[]): readonly SceneCue[] {
  return placed(path).flatMap(({ bound, start }) =>
    sceneCues(template, bound).map((cue) => ({
      ...cue,
      fromFrame: start + cue.fromFrame,
      toFrame: start + Math.min(cue.toFrame, bound.durationInFrames),
    })),
  );
}

/** What is heard under a path; equal mixes are made once. */
export interface Mix {
  readonly durationInFrames: number;
  readonly fps: number;
  readonly soundtrack: Soundtrack | undefined;
  readonly sounds: readonly SceneSound[];
}

/** A scene's sound as it was declared. @throws BespokeError `template-failed` */
function checkSound({ scene, node }: BoundScene, { file, atFrame, gain }: SceneSound): void {
  if (Number.isFinite(atFrame) && Number.isFinite(gain)) return;
  const place = `Sound "${file}" of scene "${scene}" at node "${node}"`;
  throw templateFailed(place, 'cannot be placed', '`atFrame` and `gain` must be numbers: correct the scene.');
}

/** The sound of a path: music across all scenes, scene sounds where their scenes stand. */
export function pathMix(template: Template, path: readonly BoundScene[]): Mix {
  return {
    durationInFrames: pathDuration(path),
    fps: template.fps,
    soundtrack: template.soundtrack,
    sounds: placed(path).flatMap(({ bound, start }) =>
      (template.scenes[bound.scene]?.sounds ?? []).map((sound) => {
        checkSound(bound, sound);
        return { ...sound, atFrame: start + sound.atFrame };
      }),
    ),
  };
}

const placeOf = ({ nodes }: StoryMoment): string => `The poster or teaser at node "${nodes.join('", "')}"`;

/**
 * The frame of a path at which a moment lies, within the path; its middle where no node is on it.
 *
 * @throws BespokeError `template-failed`
 */
export function momentFrame(path: readonly BoundScene[], moment: StoryMoment): number {
  const total = pathDuration(path);
  checkFrames({ place: placeOf(moment), personal: false }, 'begins at', moment.frame, 0);
  for (const node of moment.nodes) {
    const found = placed(path).find(({ bound }) => bound.node === node);
    if (found !== undefined) return Math.min(found.start + moment.frame, total - 1);
  }
  return Math.floor(total / 2);
}

/** The first frame of a teaser and how many it lasts. @throws BespokeError `template-failed` */
export function teaserFrames(
  path: readonly BoundScene[],
  teaser: Template['teaser'],
): readonly [number, number] {
  const { durationInFrames } = teaser;
  return [
    momentFrame(path, teaser),
    checkFrames({ place: placeOf(teaser), personal: false }, 'lasts', durationInFrames, 1),
  ];
}
