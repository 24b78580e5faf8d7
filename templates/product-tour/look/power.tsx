import { fontStack } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { copyLanguage } from '../copy.ts';
import type { Tone } from './tone.ts';

/** Position of the battery in the room's own units. */
export const battery = { x: 13.5, y: 3.5, width: 11.5, height: 20 } as const;

/** The room with the battery. `charge` from 0 to 1; `turn` from 0 to 1 is a turn of the washing machine. */
export function StoreRoom({
  tone,
  charge = 0.62,
  turn = 0,
  readout,
}: {
  readonly tone: Tone;
  readonly charge?: number;
  readonly turn?: number;
  /** Text on the battery. */
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

/** The garage with the car, pulled out by `away` units; `charge` from 0 to 1 fills its battery. */
export function Drive({
  tone,
  charge = 0.4,
  away = 0,
  roll = 0,
}: {
  readonly tone: Tone;
  readonly charge?: number;
  readonly away?: number;
  /** Turns of the wheels. */
  readonly roll?: number;
}) {
  const spoke = (cx: number) => (
    <g transform={`translate(${cx} 21.800) rotate(${(roll * 360).toFixed(2)})`}>
      <circle r={2.8} fill={tone.white} strokeWidth={0.9} />
      <path d="M0-1.6v3.2M-1.6 0h3.2" strokeWidth={0.4} />
    </g>
  );
  return (
    <>
      <rect x={2.5} y={8} width={4} height={7} rx={0.8} fill={tone.power} />
      <path d="M5 10l-1.2 2h1.6l-1.2 2" fill="none" strokeWidth={0.4} />
      {away > 0 ? (
        <path d="M4.5 15v4q0 2 2 2" fill="none" />
      ) : (
        <path d="M4.5 15v4.5q0 2 1.8 2t1.8-1.8 1.6-1.9h.8" fill="none" strokeWidth={0.7} />
      )}
      <g transform={`translate(${away.toFixed(3)} 0)`}>
        <path
          d="M10 21.8v-3.3q0-2 2-2.5l3.4-.8 3.6-4.2q.9-1 2.3-1h6.8q1.5 0 2.3 1.2l2.6 3.9 2.3.6q2 .5 2 2.5v3.6z"
          fill={tone.warm}
        />
        <path
          d="M17.8 15.2l2.5-3q.4-.4 1-.4h2.4v3.4zM25.2 15.2v-3.4h2.6q.7 0 1.1.6l1.8 2.8z"
          fill={tone.sky}
        />
        <rect x={18.8} y={17} width={9} height={2.2} rx={0.5} fill={tone.white} strokeWidth={0.35} />
        <rect
          x={19.2}
          y={17.4}
          width={(8.2 * Math.max(0, Math.min(1, charge))).toFixed(3)}
          height={1.4}
          fill={tone.power}
          stroke="none"
        />
        <path d="M35.8 18.5h1.4" />
        {spoke(16)}
        {spoke(31)}
      </g>
    </>
  );
}

/** The right half of a wide garage: the way in. */
export function Entrance({ tone }: { readonly tone: Tone }) {
  return (
    <>
      <path d="M38 0v25" strokeWidth={0.35} strokeDasharray="0.010 1.200" strokeLinecap="round" />
      <rect x={46} y={6} width={10.5} height={19} fill={tone.shade} />
      <rect x={48} y={8} width={6.5} height={5} fill={tone.power} />
      <circle cx={54.6} cy={16.5} r={0.6} fill={tone.line} />
      <path d="M44.5 25h13.5" strokeWidth={0.9} />
      <path d="M64 25v-3.5h6v3.5z" fill={tone.white} />
      <path
        d="M67 21.5v-8M67 17.5q-3.5 0-3.5-4 3.5 0 3.5 4zM67 15.5q3.3 0 3.3-3.8-3.3 0-3.3 3.8zM67 14q-2.4-1.5-1-5 2.6 2 1 5z"
        fill={tone.warm}
      />
    </>
  );
}
