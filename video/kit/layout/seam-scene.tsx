import type { ReactNode } from 'react';
import { AbsoluteFill, useCurrentFrame, useVideoConfig } from 'remotion';

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
