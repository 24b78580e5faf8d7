import { fontStack } from '../../../../video/kit/fonts/coverage.ts';
import { brand } from '../../brand.ts';
import { copyLanguage } from '../../copy.ts';
import type { Tone } from '../tone.ts';

/** Where the battery stands in a room's own units. */
export const battery = { x: 13.5, y: 3.5, width: 11.5, height: 20 } as const;

/** The room with the battery. `charge` from 0 to 1; `turn` from 0 to 1 is a turn of the washing machine. */
export function Store({
  tone,
  charge = 0.62,
  turn = 0,
  readout,
}: {
  readonly tone: Tone;
  readonly charge?: number;
  readonly turn?: number;
  /** What the battery says of itself. */
  readonly readout?: string | undefined;
}) {
  const { x, y, width, height } = battery;
  const inside = height - 3;
  const level = inside * Math.max(0, Math.min(1, charge));
  const angle = 2 * Math.PI * turn;
  return (
    <>
      <path d="M6.5 12v5q0 1.5 1.5 1.5h5.5" fill="none" />
      <circle cx={6.5} cy={8.5} r={3.5} fill={tone.white} />
      <path
        d={`M6.500 8.500l${(2.2 * Math.sin(angle + 0.6)).toFixed(3)} ${(-2.2 * Math.cos(angle + 0.6)).toFixed(3)}`}
      />
      <rect x={3} y={19.5} width={7} height={5.5} fill={tone.shade} />
      <path d="M3 21.5h7" />
      <path d={`M${x + 2} 25v-1.500M${x + width - 2} 25v-1.500`} />
      <rect x={x} y={y} width={width} height={height} rx={1.5} fill={tone.white} strokeWidth={0.7} />
      <rect
        x={x + 1.5}
        y={y + 1.5}
        width={width - 3}
        height={inside}
        rx={0.6}
        fill={tone.shade}
        strokeWidth={0.3}
      />
      <rect
        x={x + 1.5}
        y={(y + 1.5 + inside - level).toFixed(3)}
        width={width - 3}
        height={level.toFixed(3)}
        rx={0.6}
        fill={tone.power}
        strokeWidth={0.3}
      />
      {readout === undefined ? null : (
        <text
          x={x + width / 2}
          y={y + height - 2.7}
          textAnchor="middle"
          fontFamily={fontStack(brand.face, copyLanguage)}
          fontWeight={800}
          fontSize={3.4}
          letterSpacing="-0.03em"
          fill={tone.line}
          stroke="none"
        >
          {readout}
        </text>
      )}
      {[0.25, 0.5, 0.75].map((at) => (
        <path key={at} d={`M${x + 1.5} ${y + 1.5 + inside * at}h2.400`} strokeWidth={0.35} />
      ))}
      <rect x={27.5} y={14} width={8.5} height={11} rx={0.8} fill={tone.white} />
      <path d="M27.5 16.5h8.5" strokeWidth={0.35} />
      <circle cx={31.75} cy={20.6} r={2.9} fill={tone.sky} />
      <path
        d={`M${(31.75 - 1.7 * Math.cos(angle)).toFixed(3)} ${(20.6 - 1.7 * Math.sin(angle)).toFixed(3)}L${(31.75 + 1.7 * Math.cos(angle)).toFixed(3)} ${(20.6 + 1.7 * Math.sin(angle)).toFixed(3)}`}
        stroke={tone.warm}
        strokeWidth={1.3}
      />
      <path d="M27 8.5h9.5M28.5 8.5v-2.5h3v2.5M33 8.5v-3.5h2v3.5" fill="none" />
    </>
  );
}
