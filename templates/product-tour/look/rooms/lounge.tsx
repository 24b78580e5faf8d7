import { mixColors, type Tone } from '../tone.ts';

/** Where the picture hangs in a room's own units. */
export const frameOnWall = { x: 16.5, y: 5, width: 9, height: 9 } as const;

/** A sprig of wattle: what hangs in the frame while it is nobody's picture. */
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
  /** Whether the frame is left empty for a picture that is laid over it. */
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
