import { useCurrentFrame } from 'remotion';
import { palettes } from '../brand.ts';
import { Layer, Ridge } from '../look/landscape.tsx';
import { usePlane } from '../look/layout.ts';

const colors = palettes.loyal;

/** Crown of the tree: circles from the back to the front, around the trunk's foot at 0, 0. */
const crown = [
  [0, -44, 17, '#1F6E55'],
  [-14, -34, 13, '#1F6E55'],
  [15, -35, 12, '#2A8063'],
  [-6, -33, 13, '#2A8063'],
  [7, -46, 10, '#3E9170'],
  [-9, -45, 7, '#57A883'],
  [12, -33, 6, '#57A883'],
] as const;

const leaves = [
  [-30, -40, 0],
  [26, -50, 11],
  [-20, -20, 23],
  [31, -24, 31],
] as const;

function Tree() {
  const frame = useCurrentFrame();
  const sway = Math.sin(frame / 17) * 0.9;
  return (
    <>
      <path d="M-3.4 2C-2.2-9-2.4-18-1.4-34H1.6C2.2-20 2.2-9 4 2Z" fill="#5B3A29" />
      <path
        d="M0-16C4-20 8-23 12-30M-.5-20C-4-24-8-25-11-30"
        stroke="#5B3A29"
        strokeWidth="1.5"
        fill="none"
      />
      <g transform={`rotate(${sway.toFixed(3)} 0 -10)`}>
        {crown.map(([x, y, r, fill]) => (
          <circle key={`${x} ${y}`} cx={x} cy={y} r={r} fill={fill} />
        ))}
      </g>
      {leaves.map(([x, y, late]) => {
        const fall = ((frame + late * 3) % 90) / 90;
        const turn = Math.sin(frame / 9 + late) * 35;
        return (
          <path
            key={late}
            d="M0-2C2-1 2 1 0 2C-2 1-2-1 0-2Z"
            fill="#F2A66B"
            opacity={Math.min(1, fall * 6, (1 - fall) * 6)}
            transform={`translate(${(x + Math.sin(frame / 14 + late) * 3).toFixed(2)} ${(y + fall * 26).toFixed(2)}) rotate(${turn.toFixed(1)})`}
          />
        );
      })}
    </>
  );
}

function Fir({ x, y, size }: { readonly x: number; readonly y: number; readonly size: number }) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size})`}>
      <path d="M-.6 0H.6V-4H-.6Z" fill="#5B3A29" />
      <path d="M0-20C2.5-14 4.4-8 4.8-3.5Q0-2-4.8-3.5C-4.4-8-2.5-14 0-20Z" fill={colors.near} />
    </g>
  );
}

/** A grown tree over rolling land. */
export function LoyalPicture({ low = false }: { readonly low?: boolean }) {
  const { stand, low: plain } = usePlane();
  const { x, y, scale } = low ? plain : stand;
  const relief = low ? plain.scale : 1;
  return (
    <>
      <Layer at={3} depth={4}>
        <Ridge
          color={colors.far}
          points={[
            [-0.1, y - 24 * relief],
            [0.12, y - 30 * relief],
            [0.35, y - 20 * relief],
            [0.62, y - 28 * relief],
            [0.86, y - 22 * relief],
            [1.1, y - 32 * relief],
          ]}
        />
      </Layer>
      <Layer at={5} depth={8}>
        {low
          ? null
          : [
              <Fir key="a" x={x - 40 * scale} y={y - 9} size={scale * 0.9} />,
              <Fir key="b" x={x - 33 * scale} y={y - 8} size={scale * 0.65} />,
              <Fir key="c" x={x + 38 * scale} y={y - 10} size={scale * 0.75} />,
            ]}
        <Ridge
          color={colors.middle}
          points={[
            [-0.1, y - 8 * relief],
            [0.18, y - 13 * relief],
            [0.45, y - 5 * relief],
            [0.78, y - 12 * relief],
            [1.1, y - 16 * relief],
          ]}
        />
      </Layer>
      <Layer at={7} depth={13}>
        {low ? null : (
          <g transform={`translate(${x} ${y + 2}) scale(${scale})`}>
            <Tree />
          </g>
        )}
        <Ridge
          color={colors.near}
          points={[
            [-0.1, y + 8 * relief],
            [0.2, y + 6 * relief],
            [0.5, y],
            [0.72, y - 1 * relief],
            [1.1, y + 7 * relief],
          ]}
        />
      </Layer>
    </>
  );
}
