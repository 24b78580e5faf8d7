import type { Tone } from '../tone.ts';

/** The room with the bed and the window to the balcony. `panels` from 0 to 1 hang on its rail. */
export function Bedroom({ tone, panels = 0 }: { readonly tone: Tone; readonly panels?: number }) {
  return (
    <>
      <rect x={22.5} y={4} width={13} height={21} fill={tone.sky} />
      <path d="M29 4v21" />
      <path d="M21 15.500h16M22.500 15.500v9.500M25 15.500v9.500M27 15.500v9.500M31 15.500v9.500M33 15.500v9.500M35.500 15.500v9.500" />
      {panels > 0 ? (
        <g transform={`translate(29 16) scale(1 ${panels.toFixed(3)})`}>
          <rect x={-7.2} width={7} height={6.5} fill={tone.line} />
          <rect x={0.2} width={7} height={6.5} fill={tone.line} />
          <path
            d="M-7.200 3.200h14.400M-4.900 0v6.500M-2.500 0v6.500M2.500 0v6.500M4.900 0v6.500"
            stroke={tone.white}
            strokeWidth={0.25}
          />
        </g>
      ) : null}
      <rect x={8.5} y={4.5} width={6.5} height={7.5} fill={tone.white} />
      <path d="M10 10.500l2-3 1.400 1.800 .6-.8" fill="none" />
      <path d="M2.500 25v-11q0-1 1-1" fill="none" strokeWidth={0.9} />
      <path d="M19.500 25v-2.500M3.500 25v-2.500" />
      <rect x={3} y={19} width={17} height={3.5} rx={1} fill={tone.white} />
      <rect x={3.4} y={16.6} width={5} height={2.8} rx={1.2} fill={tone.white} />
      <path d="M8 22.500v-4q0-1.200 1.200-1.200h8.600q2.200 0 2.200 2.200v3z" fill={tone.warm} />
      <path d="M4.500 7.500h-4.500" fill="none" />
      <circle cx={5} cy={7.5} r={1.5} fill={tone.power} />
    </>
  );
}
