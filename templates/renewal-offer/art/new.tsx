import { useCurrentFrame } from 'remotion';
import { ramp } from 'bespoke/kit';
import { palettes } from '../brand.ts';
import { Land, OnGround, useGround, type Ridges } from '../look/landscape.tsx';

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

/** A seedling that unfolds. */
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

const ridges: Ridges = {
  far: [
    [-0.1, 18],
    [0.2, 30],
    [0.42, 18],
    [0.7, 26],
    [1.1, 14],
  ],
  middle: [
    [-0.1, 12],
    [0.25, 6],
    [0.55, 13],
    [0.85, 7],
    [1.1, 13],
  ],
  near: [
    [-0.1, -9],
    [0.3, -7],
    [0.6, 0],
    [0.8, 1],
    [1.1, -6],
  ],
};

/** A seedling in the morning. */
export function NewPicture({ low = false }: { readonly low?: boolean }) {
  const ground = useGround(low);
  const seedling = (
    <OnGround ground={ground} sunk={1}>
      <Seedling />
    </OnGround>
  );
  return <Land {...{ ground, ridges, colors }} behind={low ? {} : { near: seedling }} />;
}
