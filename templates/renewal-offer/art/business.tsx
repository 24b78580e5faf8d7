import { useCurrentFrame } from 'remotion';
import { ramp } from 'bespoke/kit';
import { palettes } from '../brand.ts';
import { Land, OnGround, useGround, type Ground, type Ridges } from '../look/landscape.tsx';

const colors = palettes.business;
const steel = '#F5F8FF';
const span = 52;
const tower = 44;
const deck = -12;

/** Height of the main cable at a distance from the middle, and of the side cable beyond the towers. */
function cableAt(distance: number): number {
  const far = Math.abs(distance);
  const half = span / 2;
  if (far <= half) return deck - 4 - (tower - 18) * (far / half) ** 2;
  return deck - 4 - (tower - 18) * Math.max(0, 1 - (far - half) / 40);
}

const cable = (from: number, to: number): string =>
  Array.from({ length: 31 }, (_, index) => {
    const x = from + ((to - from) * index) / 30;
    return `${index === 0 ? 'M' : 'L'}${x.toFixed(2)} ${cableAt(x).toFixed(2)}`;
  }).join('');

/** A suspension bridge that is spun from its towers outwards. */
function Bridge() {
  const frame = useCurrentFrame();
  const drawn = ramp(frame, 10, 30, 'inOut');
  const hangers = Array.from({ length: 33 }, (_, index) => -64 + index * 4).filter(
    (x) => Math.abs(Math.abs(x) - span / 2) > 1.9,
  );
  return (
    <>
      {hangers.map((x) => {
        const shown = ramp(frame, 14 + Math.abs(Math.abs(x) - span / 2) * 0.6, 14);
        const top = cableAt(x);
        return (
          <path
            key={x}
            d={`M${x} ${top.toFixed(2)}V${(top + (deck - top) * shown).toFixed(2)}`}
            stroke="#BFD0FA"
            strokeWidth=".42"
          />
        );
      })}
      {[
        [0, -span / 2],
        [0, span / 2],
        [-span / 2, -span / 2 - 40],
        [span / 2, span / 2 + 40],
      ].map(([end = 0, start = 0], index) => {
        const [from, to] = index < 2 ? [start, end] : [end, start];
        return (
          <path
            key={index}
            d={cable(from, to)}
            pathLength={1}
            strokeDasharray="1"
            strokeDashoffset={(1 - drawn).toFixed(4)}
            stroke={steel}
            strokeWidth="1"
            fill="none"
          />
        );
      })}
      {[-span / 2, span / 2].map((x) => (
        <g key={x} transform={`translate(${x} 0)`} fill={steel}>
          <path d={`M-3 6L-2.2 ${-tower}H-.7V6ZM3 6L2.2 ${-tower}H.7V6Z`} />
          <path d={`M-2.2 ${-tower}H2.2V${-tower + 2}H-2.2ZM-2.4-30H2.4V-28H-2.4ZM-2.6-19H2.6V-17H-2.6Z`} />
        </g>
      ))}
      <rect x="-140" y={deck} width="280" height="2.6" fill={steel} />
      <rect x="-140" y={deck + 2.6} width="280" height="1" fill="#9DB8F5" />
    </>
  );
}

/** Strokes of light on water, by units from the middle and from the shore. */
const glints = [
  [-30, 4, 16],
  [8, 5, 22],
  [-8, 9, 12],
  [24, 10, 18],
  [-44, 12, 20],
  [-2, 15, 26],
  [34, 17, 14],
  [-24, 20, 18],
  [12, 23, 20],
] as const;

function Water({ ground }: { readonly ground: Ground }) {
  const frame = useCurrentFrame();
  return (
    <OnGround ground={ground} stroke="#2E63DA" strokeLinecap="round" strokeWidth=".7">
      {glints.map(([at, below, length], index) => {
        const shift = Math.sin(frame / 16 + index) * 1.6;
        return <path key={below} d={`M${(at + shift).toFixed(2)} ${below}h${length}`} opacity=".75" />;
      })}
    </OnGround>
  );
}

const ridges: Ridges = {
  far: [
    [-0.1, 15],
    [0.14, 22],
    [0.36, 9],
    [0.64, 8],
    [0.86, 21],
    [1.1, 14],
  ],
  middle: [
    [-0.1, 9],
    [0.12, 11],
    [0.3, 3],
    [0.66, 2],
    [0.88, 9],
    [1.1, 12],
  ],
  near: [
    [-0.1, -1],
    [0.5, -1],
    [1.1, -1],
  ],
};

/** A bridge over still water. */
export function BusinessPicture({ low = false }: { readonly low?: boolean }) {
  const ground = useGround(low);
  const bridge = (
    <OnGround ground={ground}>
      <Bridge />
    </OnGround>
  );
  return (
    <Land
      {...{ ground, ridges, colors }}
      depths={[4, 7, 10]}
      behind={low ? {} : { near: bridge }}
      before={low ? null : <Water ground={ground} />}
    />
  );
}
