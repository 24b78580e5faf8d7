import '@fontsource-variable/source-serif-4/opsz.css';
import type { CSSProperties, ReactNode } from 'react';
import { AbsoluteFill, useCurrentFrame, useVideoConfig } from 'remotion';
import { mix, ramp, SeamScene, ThemeProvider, useFormat } from 'bespoke/kit';
import { brand, copyLanguage } from '../brand.ts';

/** A rectangle in units: hundredths of the frame's shorter side. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The window with the picture, and the words beside or below it. */
const planes = {
  '16:9': {
    window: { x: 78, y: 9, width: 90.8, height: 82 },
    words: { x: 10, y: 13, width: 60, height: 74 },
    headline: 12.5,
    line: 6,
  },
  '9:16': {
    window: { x: 7, y: 18, width: 86, height: 84 },
    words: { x: 8, y: 107, width: 84, height: 44 },
    headline: 11.5,
    line: 5.8,
  },
} as const;

/** The measures of the frame that is being drawn. The template has no square format. */
export function usePlane() {
  const { format, unit } = useFormat();
  return { ...planes[format === '9:16' ? '9:16' : '16:9'], isTall: format === '9:16', unit };
}

const closeInFrames = 15;

/** The scene's share of presence: up from `at` on, down again before the window closes. */
export function useStay(at: number, frames = 20): number {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  return ramp(frame, at, frames) * (1 - ramp(frame, durationInFrames - 1 - closeInFrames - 4, 12, 'inOut'));
}

/** Every scene stands on the same paper, and begins and ends with nothing else. */
export function Stage({
  locale = copyLanguage,
  children,
}: {
  readonly locale?: string;
  readonly children: ReactNode;
}) {
  const { face, displayFace, paper } = brand;
  const ground = <AbsoluteFill style={{ background: paper }} />;
  return (
    <ThemeProvider theme={{ locale, face, displayFace }}>
      <SeamScene seam={ground}>
        {ground}
        {children}
      </SeamScene>
    </ThemeProvider>
  );
}

/** The place of a box within what it lies on. */
export const placeOf = ({ x, y, width, height }: Box, unit: number): CSSProperties => ({
  position: 'absolute',
  left: x * unit,
  top: y * unit,
  width: width * unit,
  height: height * unit,
});

/** The window that opens on the paper when a scene begins, and closes when it ends. */
export function Window({ ground, children }: { readonly ground: string; readonly children: ReactNode }) {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const { window: place, unit, isTall } = usePlane();
  const open =
    ramp(frame, 0, 22, 'inOut') *
    (1 - ramp(frame, durationInFrames - 1 - closeInFrames, closeInFrames, 'inOut'));
  const edge = mix(50, 0, open).toFixed(3);
  const radius = (3 * unit).toFixed(2);
  // It opens along its longer side, from the middle.
  const inset = isTall ? `${edge}% 0%` : `0% ${edge}%`;
  return (
    <div
      style={{
        ...placeOf(place, unit),
        background: ground,
        overflow: 'hidden',
        clipPath: `inset(${inset} round ${radius}px)`,
      }}
    >
      {children}
    </div>
  );
}
