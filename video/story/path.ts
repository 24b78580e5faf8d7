import type { BoundScene } from './bind.ts';
import type { SceneCue, SceneSound } from './scene.ts';
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

/** Captions of a path, in frames from its beginning. */
export function pathCues(template: Template, path: readonly BoundScene[]): readonly SceneCue[] {
  return placed(path).flatMap(({ bound, start }) =>
    (template.scenes[bound.scene]?.captions(bound.inputs) ?? []).map((cue) => ({
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

/** The sound of a path: music across all scenes, scene sounds where their scenes stand. */
export function pathMix(template: Template, path: readonly BoundScene[]): Mix {
  return {
    durationInFrames: pathDuration(path),
    fps: template.fps,
    soundtrack: template.soundtrack,
    sounds: placed(path).flatMap(({ bound, start }) =>
      (template.scenes[bound.scene]?.sounds ?? []).map((sound) => ({
        ...sound,
        atFrame: start + sound.atFrame,
      })),
    ),
  };
}

/** The frame of a path at which a moment lies, within the path; its middle where no node is on it. */
export function momentFrame(path: readonly BoundScene[], moment: StoryMoment): number {
  const total = pathDuration(path);
  for (const node of moment.nodes) {
    const place = placed(path).find(({ bound }) => bound.node === node);
    if (place !== undefined) return Math.min(place.start + moment.frame, total - 1);
  }
  return Math.floor(total / 2);
}
