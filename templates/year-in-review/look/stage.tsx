import '@fontsource-variable/source-serif-4/opsz-italic.css';
import '@fontsource-variable/source-serif-4/opsz.css';
import type { ReactNode } from 'react';
import { AbsoluteFill, useCurrentFrame, useVideoConfig } from 'remotion';
import { ramp, SeamScene, ThemeProvider } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { columnRect, stripLeave, stripReturn, Strips, stripsInFrames } from './strips.tsx';

/** The language that the template's own copy is written in. */
export const copyLanguage = 'en';

/** Twelve full columns: every scene's first and last frame. */
function Seam() {
  const { width, height } = useVideoConfig();
  return <Strips rectOf={(index) => columnRect(index, width, height)} />;
}

/** Strips that rise out of the frame when a scene begins and from below into it when it ends. */
function PassingStrips() {
  const frame = useCurrentFrame();
  const { width, height, durationInFrames } = useVideoConfig();
  if (frame >= stripsInFrames && frame < durationInFrames - 1 - stripsInFrames) return null;
  return (
    <Strips
      rectOf={(index) => {
        const column = columnRect(index, width, height);
        const gone = stripLeave(index, frame);
        const back = stripReturn(index, frame, durationInFrames);
        return gone < 1
          ? { ...column, height: height * (1 - gone) }
          : { ...column, y: height * (1 - back), height: height * back };
      }}
    />
  );
}

/**
 * The frame of all scenes: background, theme and seam. Content drifts up a little as the strips return,
 * so that the movement continues across the cut.
 *
 * @param strips replaces the passing strips by a scene's own, which must fill the frame at both ends.
 */
export function Stage({
  ground,
  locale = copyLanguage,
  strips = <PassingStrips />,
  children,
}: {
  readonly ground: string;
  readonly locale?: string;
  readonly strips?: ReactNode;
  readonly children: ReactNode;
}) {
  const frame = useCurrentFrame();
  const { height, durationInFrames } = useVideoConfig();
  const leaving = ramp(frame, durationInFrames - 1 - stripsInFrames, stripsInFrames, 'in');
  return (
    <ThemeProvider theme={{ locale, face: brand.text, displayFace: brand.display }}>
      <SeamScene seam={<Seam />}>
        {/* Past the edges: at a scale that leaves half a pixel there, the seam would shimmer through. */}
        <div style={{ position: 'absolute', inset: -4, background: ground }} />
        <AbsoluteFill style={{ transform: `translateY(${(-leaving * height * 0.08).toFixed(2)}px)` }}>
          {children}
        </AbsoluteFill>
        {strips}
      </SeamScene>
    </ThemeProvider>
  );
}
