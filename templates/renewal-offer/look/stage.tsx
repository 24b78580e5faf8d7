import type { ReactNode } from 'react';
import { AbsoluteFill, useCurrentFrame, useVideoConfig } from 'remotion';
import { mix, ramp, SeamScene, ThemeProvider } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { copyLanguage } from '../copy.ts';
import { usePlane } from './layout.ts';

/** A circle in units. */
export interface Circle {
  readonly x: number;
  readonly y: number;
  readonly r: number;
}

const sunRadius = 15;
const openInFrames = 15;
const closeInFrames = 14;

/** A drawing over the whole frame whose coordinates are units. */
export function Canvas({ children }: { readonly children: ReactNode }) {
  const { width, height } = usePlane();
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      height="100%"
      style={{ position: 'absolute', inset: 0, overflow: 'hidden' }}
    >
      {children}
    </svg>
  );
}

function Sun({ x, y, r }: Circle) {
  return (
    <Canvas>
      <circle cx={x} cy={y} r={r} fill={brand.sun} />
    </Canvas>
  );
}

/** The sun alone at night, in the middle: every scene's first and last frame. */
function Seam() {
  const { width, height } = usePlane();
  return (
    <AbsoluteFill style={{ background: brand.night }}>
      <Sun x={width / 2} y={height / 2} r={sunRadius} />
    </AbsoluteFill>
  );
}

/** The scene's share of presence: up from `at` on, down again before the sun comes back. */
export function useStay(at: number, enterFrames = 18): number {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  return (
    ramp(frame, at, enterFrames, 'out') * (1 - ramp(frame, durationInFrames - closeInFrames - 7, 10, 'inOut'))
  );
}

/** Linear progress of the scene from 0 to 1, for everything that drifts. */
export function useDrift(): number {
  const { durationInFrames } = useVideoConfig();
  return useCurrentFrame() / durationInFrames;
}

/** Shows its children through a circle that opens out of the sun and closes into it. */
function Iris({ children }: { readonly children: ReactNode }) {
  const frame = useCurrentFrame();
  const { width, height, durationInFrames } = useVideoConfig();
  const { unit } = usePlane();
  const closing = durationInFrames - 1 - closeInFrames;
  const open = ramp(frame, 0, openInFrames, 'inOut') * (1 - ramp(frame, closing, closeInFrames, 'inOut'));
  const radius = mix(sunRadius * unit * 0.9, Math.hypot(width, height) / 2 + 2, open);
  return (
    <AbsoluteFill style={open < 1 ? { clipPath: `circle(${radius.toFixed(2)}px at 50% 50%)` } : undefined}>
      {children}
    </AbsoluteFill>
  );
}

/**
 * The frame of every scene. The seam's sun travels to the scene's position for it and back; the scene
 * opens behind it. `behind` is drawn under the sun, `children` over it.
 */
export function Stage({
  ground,
  sun,
  locale = copyLanguage,
  behind = null,
  children,
}: {
  readonly ground: string;
  readonly sun: Circle;
  readonly locale?: string;
  readonly behind?: ReactNode;
  readonly children: ReactNode;
}) {
  const frame = useCurrentFrame();
  const { durationInFrames } = useVideoConfig();
  const { width, height } = usePlane();
  const away =
    ramp(frame, 1, 24, 'out') *
    (1 - ramp(frame, durationInFrames - 1 - closeInFrames, closeInFrames, 'inOut'));
  return (
    <ThemeProvider theme={{ locale, face: brand.face, displayFace: brand.face }}>
      <SeamScene seam={<Seam />}>
        <AbsoluteFill style={{ background: brand.night }} />
        <Iris>
          <AbsoluteFill style={{ background: ground }} />
          {behind}
        </Iris>
        <Sun
          x={mix(width / 2, sun.x, away)}
          y={mix(height / 2, sun.y, away)}
          r={mix(sunRadius, sun.r, away)}
        />
        <Iris>{children}</Iris>
      </SeamScene>
    </ThemeProvider>
  );
}
