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
      <path d="M0-1.600v3.200M-1.600 0h3.200" strokeWidth={0.4} />
    </g>
  );
  return (
    <>
      <rect x={2.5} y={8} width={4} height={7} rx={0.8} fill={tone.power} />
      <path d="M5 10l-1.200 2h1.600l-1.200 2" fill="none" strokeWidth={0.4} />
      {away > 0 ? (
        <path d="M4.500 15v4q0 2 2 2" fill="none" />
      ) : (
        <path d="M4.500 15v4.500q0 2 1.800 2t1.800-1.800 1.600-1.900h.8" fill="none" strokeWidth={0.7} />
      )}
      <g transform={`translate(${away.toFixed(3)} 0)`}>
        <path
          d="M10 21.800v-3.300q0-2 2-2.500l3.400-.8 3.600-4.200q.9-1 2.300-1h6.800q1.500 0 2.300 1.200l2.600 3.900 2.300.6q2 .5 2 2.500v3.600z"
          fill={tone.warm}
        />
        <path
          d="M17.800 15.200l2.500-3q.4-.4 1-.4h2.400v3.400zM25.200 15.200v-3.400h2.600q.7 0 1.100.6l1.800 2.800z"
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
        <path d="M35.800 18.500h1.400" />
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
      <path d="M44.500 25h13.500" strokeWidth={0.9} />
      <path d="M64 25v-3.500h6v3.500z" fill={tone.white} />
      <path
        d="M67 21.500v-8M67 17.500q-3.500 0-3.500-4 3.500 0 3.500 4zM67 15.500q3.300 0 3.300-3.800-3.300 0-3.300 3.800zM67 14q-2.400-1.500-1-5 2.600 2 1 5z"
        fill={tone.warm}
      />
    </>
  );
}
