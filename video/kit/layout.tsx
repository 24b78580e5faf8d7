import type { ReactNode } from 'react';
import { AbsoluteFill, useCurrentFrame, useVideoConfig } from 'remotion';
import type { Ratio } from '../story/format.ts';

/** Measures of the current frame, in pixels. */
export interface FrameLayout {
  /** The usual aspect ratio that is nearest. */
  readonly format: Ratio;
  readonly width: number;
  readonly height: number;
  /** One hundredth of the shorter side: sizes of type and space are multiples of it. */
  readonly unit: number;
  /** Safe margins: platforms' own controls may cover what is outside of them. */
  readonly safe: {
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly left: number;
  };
  /** Room inside the safe margins. */
  readonly inner: { readonly width: number; readonly height: number };
}

/** Shares of width and height; tall video leaves room for apps' controls at its top and bottom. */
const margins: Readonly<
  Record<Ratio, { readonly x: number; readonly top: number; readonly bottom: number }>
> = {
  '16:9': { x: 0.06, top: 0.08, bottom: 0.08 },
  '9:16': { x: 0.08, top: 0.1, bottom: 0.14 },
  '1:1': { x: 0.07, top: 0.07, bottom: 0.07 },
};

const formatOf = (width: number, height: number): Ratio =>
  width > height ? '16:9' : width < height ? '9:16' : '1:1';

/** The layout of a frame of this size in pixels, at any scale of the format. */
export function frameLayout(width: number, height: number): FrameLayout {
  const format = formatOf(width, height);
  const { x, top, bottom } = margins[format];
  const safe = { top: height * top, right: width * x, bottom: height * bottom, left: width * x };
  return {
    format,
    width,
    height,
    unit: Math.min(width, height) / 100,
    safe,
    inner: { width: width - safe.left - safe.right, height: height - safe.top - safe.bottom },
  };
}

/** The layout of the frame that is being drawn. */
export function useFormat(): FrameLayout {
  const { width, height } = useVideoConfig();
  return frameLayout(width, height);
}

/**
 * A scene between two seams: the template's seam image alone on the first and on the last frame, the scene over
 * it on the frames between. So clips that start and end with the seam join without a visible cut.
 */
export function SeamScene({
  seam,
  children,
}: {
  /** The template's shared seam image; it must not depend on the frame or on inputs. */
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
