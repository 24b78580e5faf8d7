import { useCurrentFrame } from 'remotion';
import { ramp } from '../../../video/kit/motion/motion.ts';
import { palettes } from '../brand.ts';
import { Layer, Ridge } from '../look/landscape.tsx';
import { usePlane } from '../look/layout.ts';

const colors = palettes.new;
const leaf = 'M0 0C4-9 13-13 25-11C23-2 13 4 0 0Z';

function Leaf({ at, angle, size, flip }: { at: number; angle: number; size: number; flip: boolean }) {
  const frame = useCurrentFrame();
  const grown = ramp(frame, at, 26, 'out') * size;
  const sway = Math.sin(frame / 15 + at) * 2.5;
  return (
    <g
      transform={`scale(${flip ? -1 : 1} 1) rotate(${(angle + sway).toFixed(2)}) scale(${grown.toFixed(4)})`}
    >
      <path d={leaf} fill={flip ? '#2F8F6B' : '#1F7A5C'} />
      <path
        d="M1-.5C9-3 15-6 22-9.6"
        stroke={flip ? '#8CC9A6' : '#5DB089'}
        strokeWidth=".8"
        fill="none"
        strokeLinecap="round"
      />
    </g>
  );
}

/** A seedling that unfolds while it is watched. */
function Seedling() {
  const frame = useCurrentFrame();
  const grown = ramp(frame, 8, 34, 'out');
  return (
    <>
      <path
        d="M0 2C1-12-2-22 0-46"
        pathLength={1}
        strokeDasharray="1"
        strokeDashoffset={(1 - grown).toFixed(4)}
        stroke="#1F7A5C"
        strokeWidth="2.4"
        strokeLinecap="round"
        fill="none"
      />
      <g transform="translate(-.4 -19)">
        <Leaf at={18} angle={-4} size={0.85} flip={false} />
      </g>
      <g transform="translate(-.8 -26)">
        <Leaf at={23} angle={-8} size={1} flip />
      </g>
      <g transform="translate(-.2 -44)">
        <Leaf at={28} angle={-34} size={0.72} flip={false} />
        <Leaf at={31} angle={-38} size={0.62} flip />
      </g>
    </>
  );
}

/** A seedling in the morning. */
export function NewPicture({ low = false }: { readonly low?: boolean }) {
  const { stand, low: plain } = usePlane();
  const { x, y, scale } = low ? plain : stand;
  const relief = low ? plain.scale : 1;
  return (
    <>
      <Layer at={3} depth={4}>
        <Ridge
          color={colors.far}
          points={[
            [-0.1, y - 18 * relief],
            [0.2, y - 30 * relief],
            [0.42, y - 18 * relief],
            [0.7, y - 26 * relief],
            [1.1, y - 14 * relief],
          ]}
        />
      </Layer>
      <Layer at={5} depth={8}>
        <Ridge
          color={colors.middle}
          points={[
            [-0.1, y - 12 * relief],
            [0.25, y - 6 * relief],
            [0.55, y - 13 * relief],
            [0.85, y - 7 * relief],
            [1.1, y - 13 * relief],
          ]}
        />
      </Layer>
      <Layer at={7} depth={13}>
        {low ? null : (
          <g transform={`translate(${x} ${y + 1}) scale(${scale})`}>
            <Seedling />
          </g>
        )}
        <Ridge
          color={colors.near}
          points={[
            [-0.1, y + 9 * relief],
            [0.3, y + 7 * relief],
            [0.6, y],
            [0.8, y - 1 * relief],
            [1.1, y + 6 * relief],
          ]}
        />
      </Layer>
    </>
  );
}
