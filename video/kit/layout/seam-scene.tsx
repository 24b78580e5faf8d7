import type { ReactNode } from 'react';
import { AbsoluteFill, useCurrentFrame, useVideoConfig } from 'remotion';

/** How far a scene is into its entrance and its exit, 0 to 1, not eased. */
export interface SeamProgress {
  readonly enter: number;
  readonly exit: number;
}

const ratio = (value: number): number => Math.min(1, Math.max(0, value));

/** @param frames length of entrance and exit; both are 0 on the first frame, `exit` is 1 on the last. */
export function seamProgress(
  frame: number,
  durationInFrames: number,
  frames: { readonly enter: number; readonly exit: number },
): SeamProgress {
  const last = durationInFrames - 1;
  return {
    enter: ratio(frame / frames.enter),
    exit: ratio((frame - (last - frames.exit)) / frames.exit),
  };
}

/** Entrance and exit of the scene at the current frame. */
export function useSeam(frames: { readonly enter: number; readonly exit: number }): SeamProgress {
  const { durationInFrames } = useVideoConfig();
  return seamProgress(useCurrentFrame(), durationInFrames, frames);
}

/**
 * A scene between two seams: the template's seam picture alone on the first and on the last frame,
 * the scene over it on those between. Clips cut together at the seam then show no cut.
 */
export function SeamScene({
  seam,
  children,
}: {
  /** The template's shared seam picture; it must not depend on the frame or on inputs. */
  readonly seam: ReactNode;
  readonly children: ReactNode;
}) {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const between = frame > 0 && frame < durationInFrames - 1;
  return (
    <AbsoluteFill>
      <AbsoluteFill>{seam}</AbsoluteFill>
      {between ? <AbsoluteFill>{children}</AbsoluteFill> : null}
    </AbsoluteFill>
  );
}
