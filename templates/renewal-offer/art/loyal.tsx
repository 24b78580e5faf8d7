import { useCurrentFrame } from 'remotion';
import { palettes } from '../brand.ts';
import { Land, OnGround, useGround, type Ridges } from '../look/landscape.tsx';

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

const ridges: Ridges = {
  far: [
    [-0.1, 24],
    [0.12, 30],
    [0.35, 20],
    [0.62, 28],
    [0.86, 22],
    [1.1, 32],
  ],
  middle: [
    [-0.1, 8],
    [0.18, 13],
    [0.45, 5],
    [0.78, 12],
    [1.1, 16],
  ],
  near: [
    [-0.1, -8],
    [0.2, -6],
    [0.5, 0],
    [0.72, 1],
    [1.1, -7],
  ],
};

/** A grown tree over rolling land. */
export function LoyalPicture({ low = false }: { readonly low?: boolean }) {
  const ground = useGround(low);
  const { x, y, scale } = ground;
  const firs = (
    <>
      <Fir x={x - 40 * scale} y={y - 9} size={scale * 0.9} />
      <Fir x={x - 33 * scale} y={y - 8} size={scale * 0.65} />
      <Fir x={x + 38 * scale} y={y - 10} size={scale * 0.75} />
    </>
  );
  const tree = (
    <OnGround ground={ground} sunk={2}>
      <Tree />
    </OnGround>
  );
  return <Land {...{ ground, ridges, colors }} behind={low ? {} : { middle: firs, near: tree }} />;
}
