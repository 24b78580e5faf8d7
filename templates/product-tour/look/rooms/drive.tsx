import type { Tone } from '../tone.ts';

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
