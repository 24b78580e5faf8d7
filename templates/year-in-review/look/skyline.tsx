import { useCurrentFrame, useVideoConfig } from 'remotion';
import { columnRect, mixRects, stripLeave, stripReturn, Strips, type Rect } from './strips.tsx';

/**
 * The strips when they do not leave the frame: they sink from the seam to a line of roofs, breathe
 * there, and rise to the seam again.
 *
 * @param heights twelve shares of the frame's height.
 */
export function Skyline({ heights }: { readonly heights: readonly number[] }) {
  const frame = useCurrentFrame();
  const { width, height, durationInFrames } = useVideoConfig();
  const roof = (index: number): Rect => {
    const column = columnRect(index, width, height);
    const breath = Math.sin((frame / 30) * 2.1 + index * 0.9) * 0.012;
    const tall = height * ((heights[index] ?? 0) + breath);
    return { ...column, y: height - tall, height: tall };
  };
  return (
    <Strips
      rectOf={(index) => {
        const away = stripLeave(index, frame) - stripReturn(index, frame, durationInFrames);
        return mixRects(columnRect(index, width, height), roof(index), away);
      }}
    />
  );
}
