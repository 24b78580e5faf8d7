import type { Tone } from '../tone.ts';

/** The room with the bed and the window to the balcony. `panels` from 0 to 1 hang on its rail. */
export function Bedroom({ tone, panels = 0 }: { readonly tone: Tone; readonly panels?: number }) {
  return (
    <>
      <rect x={22.5} y={4} width={13} height={21} fill={tone.sky} />
      <path d="M29 4v21" />
      <path d="M21 15.5h16M22.5 15.5v9.5M25 15.5v9.5M27 15.5v9.5M31 15.5v9.5M33 15.5v9.5M35.5 15.5v9.5" />
      {panels > 0 ? (
        <g transform={`translate(29 16) scale(1 ${panels.toFixed(3)})`}>
          <rect x={-7.2} width={7} height={6.5} fill={tone.line} />
          <rect x={0.2} width={7} height={6.5} fill={tone.line} />
          <path
            d="M-7.2 3.2h14.4M-4.9 0v6.5M-2.5 0v6.5M2.5 0v6.5M4.9 0v6.5"
            stroke={tone.white}
            strokeWidth={0.25}
          />
        </g>
      ) : null}
      <rect x={8.5} y={4.5} width={6.5} height={7.5} fill={tone.white} />
      <path d="M10 10.5l2-3 1.4 1.8 .6-.8" fill="none" />
      <path d="M2.5 25v-11q0-1 1-1" fill="none" strokeWidth={0.9} />
      <path d="M19.5 25v-2.5M3.5 25v-2.5" />
      <rect x={3} y={19} width={17} height={3.5} rx={1} fill={tone.white} />
      <rect x={3.4} y={16.6} width={5} height={2.8} rx={1.2} fill={tone.white} />
      <path d="M8 22.5v-4q0-1.2 1.2-1.2h8.6q2.2 0 2.2 2.2v3z" fill={tone.warm} />
      <path d="M4.5 7.5h-4.5" fill="none" />
      <circle cx={5} cy={7.5} r={1.5} fill={tone.power} />
    </>
  );
}
