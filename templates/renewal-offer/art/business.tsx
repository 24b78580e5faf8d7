import { useCurrentFrame } from 'remotion';
import { ramp } from '../../../video/kit/motion/motion.ts';
import { palettes } from '../brand.ts';
import { Layer, Ridge } from '../look/landscape.tsx';
import { usePlane } from '../look/layout.ts';

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

/** A bridge over still water. */
export function BusinessPicture({ low = false }: { readonly low?: boolean }) {
  const frame = useCurrentFrame();
  const { stand, low: plain } = usePlane();
  const { x, y, scale } = low ? plain : stand;
  const relief = low ? plain.scale : 1;
  return (
    <>
      <Layer at={3} depth={4}>
        <Ridge
          color={colors.far}
          points={[
            [-0.1, y - 15 * relief],
            [0.14, y - 22 * relief],
            [0.36, y - 9 * relief],
            [0.64, y - 8 * relief],
            [0.86, y - 21 * relief],
            [1.1, y - 14 * relief],
          ]}
        />
      </Layer>
      <Layer at={5} depth={7}>
        <Ridge
          color={colors.middle}
          points={[
            [-0.1, y - 9 * relief],
            [0.12, y - 11 * relief],
            [0.3, y - 3 * relief],
            [0.66, y - 2 * relief],
            [0.88, y - 9 * relief],
            [1.1, y - 12 * relief],
          ]}
        />
      </Layer>
      <Layer at={7} depth={10}>
        {low ? null : (
          <g transform={`translate(${x} ${y}) scale(${scale})`}>
            <Bridge />
          </g>
        )}
        <Ridge
          color={colors.near}
          points={[
            [-0.1, y + 1 * relief],
            [0.5, y + 1 * relief],
            [1.1, y + 1 * relief],
          ]}
        />
        {low ? null : (
          <g
            transform={`translate(${x} ${y}) scale(${scale})`}
            stroke="#2E63DA"
            strokeLinecap="round"
            strokeWidth=".7"
          >
            {glints.map(([at, below, length], index) => {
              const shift = Math.sin(frame / 16 + index) * 1.6;
              return <path key={below} d={`M${(at + shift).toFixed(2)} ${below}h${length}`} opacity=".75" />;
            })}
          </g>
        )}
      </Layer>
    </>
  );
}
