import { mixColors } from 'bespoke/kit';
import type { Tone } from './tone.ts';

/** Position of the picture frame in the room's own units. */
export const frameOnWall = { x: 16.5, y: 5, width: 9, height: 9 } as const;

/** A sprig of wattle: the drawing in the frame if there is no photo. */
function Sprig({ tone }: { readonly tone: Tone }) {
  const { x, y, width, height } = frameOnWall;
  const flowers = [
    [0.34, 0.3],
    [0.58, 0.24],
    [0.46, 0.46],
    [0.68, 0.44],
  ] as const;
  return (
    <>
      <path
        d={`M${x + width * 0.4} ${y + height * 0.86} q 0.6 -3 ${width * 0.14} -${height * 0.5}`}
        fill="none"
      />
      {flowers.map(([across, down]) => (
        <circle
          key={`${across}`}
          cx={x + width * across}
          cy={y + height * down}
          r={0.95}
          fill={tone.power}
          strokeWidth={0.3}
        />
      ))}
    </>
  );
}

function Cat({ tone, sway }: { readonly tone: Tone; readonly sway: number }) {
  return (
    <g transform="translate(27.6 17.6)">
      <path
        d={`M3.600-.4 q 3 ${(-0.4 - sway).toFixed(3)} 2.400 ${(-3.4 - sway * 0.6).toFixed(3)}`}
        fill="none"
        strokeWidth={0.9}
      />
      <path d="M-3 .4 q -.6-4.4 3.4-4.4 q 3.8 0 3.6 4.4 z" fill={tone.line} />
      <path d="M-4.8-1.6 v-3 l1.3 1 h1.4 l1.3-1 v3 q 0 1.4-2 1.4 q-2 0-2-1.4 z" fill={tone.line} />
      <path d="M-3.6-2.4v.3M-2-2.4v.3" stroke={tone.white} strokeWidth={0.55} strokeLinecap="round" />
    </g>
  );
}

/** The room with the radiator, the sofa and the picture. `heat` from 0 to 1; `sway` moves the cat's tail. */
export function Lounge({
  tone,
  heat = 0,
  sway = 0,
  turn = 0,
  dial = 0,
  empty = false,
}: {
  readonly tone: Tone;
  readonly heat?: number;
  readonly sway?: number;
  /** From 0 to 1 a turn of the warm air. */
  readonly turn?: number;
  /** Degrees that the dial on the wall has turned. */
  readonly dial?: number;
  /** Whether the frame stays empty, because a photo is laid over it. */
  readonly empty?: boolean;
}) {
  const { x, y, width, height } = frameOnWall;
  return (
    <>
      <rect x={3} y={4} width={10} height={9.5} fill={tone.sky} />
      <path d="M8 4v9.5M3 8.5h10" />
      <rect x={2.2} y={13.5} width={11.6} height={1.2} fill={tone.white} />
      <rect x={3} y={16.5} width={10} height={6} rx={0.8} fill={mixColors(tone.white, tone.warm, heat)} />
      {heat > 0
        ? [5, 8, 11].map((across, index) => {
            const rise = (turn * 2 + index / 3) % 1;
            const strength = heat * Math.sin(Math.PI * rise);
            return (
              <path
                key={across}
                transform={`translate(${across} ${(15.6 - rise * 9).toFixed(3)})`}
                d="M0 0q-1.3-1.2 0-2.4t0-2.4"
                fill="none"
                stroke={tone.warm}
                strokeWidth={(0.85 * strength).toFixed(3)}
                strokeLinecap="round"
              />
            );
          })
        : null}
      <path d="M5 16.5v6M7 16.5v6M9 16.5v6M11 16.5v6M4 22.5v2.5M12 22.5v2.5" />
      <rect x={x} y={y} width={width} height={height} fill={tone.white} strokeWidth={0.8} />
      {empty ? null : <Sprig tone={tone} />}
      <g transform={`translate(30 8.500) rotate(${dial.toFixed(2)})`}>
        <circle r={1.9} fill={tone.white} />
        <path d="M0-1.6v1.2" />
      </g>
      <path d="M34.4 24.5v-13M32.6 24.7h3.6" fill="none" />
      <path d="M32.4 11.5l1-4h2l1 4z" fill={tone.power} />
      <path d="M16.5 24.5v-1.5M32.5 24.5v-1.5" />
      <path d="M17 19v-2.5q0-1.5 1.5-1.5h12q1.5 0 1.5 1.5v2.5z" fill={tone.shade} />
      <path d="M15 18.5q0-1.3 1.3-1.3t1.3 1.3v1h14v-1q0-1.3 1.3-1.3t1.3 1.3v4.5h-19.2z" fill={tone.shade} />
      <Cat tone={tone} sway={sway} />
    </>
  );
}

/** The room with the stove and the table. `steam` from 0 to 1 is a turn of the steam over the pot. */
export function Kitchen({ tone, steam = 0 }: { readonly tone: Tone; readonly steam?: number }) {
  const wave = Math.sin(2 * Math.PI * steam) * 0.7;
  return (
    <>
      <rect x={2} y={14.5} width={16.5} height={10.5} fill={tone.white} />
      <path d="M6 15.5v9.5M10 15.5v9.5M4.6 18v2M7.4 18v2" />
      <rect x={10.8} y={17.5} width={6.8} height={5.5} rx={0.8} fill={tone.power} />
      <path d="M10.8 16.5h6.8" strokeWidth={0.4} />
      <rect x={1.5} y={13.5} width={17.5} height={1.5} fill={tone.shade} />
      <path d="M11.5 13.5v-3.5h5.5v3.5z" fill={tone.warm} />
      <path d="M10.8 10h6.9M14.2 10v-.9" />
      <path
        d={`M12.800 8q${(-0.8 + wave).toFixed(3)}-1 0-2t0-2M15.600 8q${(0.8 - wave).toFixed(3)}-1 0-2t0-2`}
        fill="none"
        strokeWidth={0.4}
      />
      <path d="M2 7h6.5M3 7v-1.8h1.5v1.8M5.5 7v-2.6h2v2.6" fill="none" />
      <path d="M28.5 0v4.5" />
      <path d="M25.5 8q0-3.5 3-3.5t3 3.5z" fill={tone.power} />
      <path d="M23.5 17.5v7.5M33.5 17.5v7.5" />
      <rect x={21.5} y={16.2} width={14} height={1.4} fill={tone.shade} />
      <path d="M23.5 14h3.6q0 2.2-1.8 2.2t-1.8-2.2zM30 14h3.6q0 2.2-1.8 2.2t-1.8-2.2z" fill={tone.white} />
    </>
  );
}

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
