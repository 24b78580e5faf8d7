import type { HousePlan } from './plan.ts';
import type { Tone } from './tone.ts';

const rays = 12;

/** The sun with its rays, `turn` of one ray's share at most. */
function Sun({ r, tone, turn }: { readonly r: number; readonly tone: Tone; readonly turn: number }) {
  return (
    <>
      {Array.from({ length: rays }, (_, index) => {
        const angle = ((index + turn) / rays) * 2 * Math.PI;
        const point = (far: number): string =>
          `${(Math.cos(angle) * r * far).toFixed(3)} ${(Math.sin(angle) * r * far).toFixed(3)}`;
        return (
          <path key={index} d={`M${point(1.22)}L${point(1.42)}`} strokeWidth={0.8} strokeLinecap="round" />
        );
      })}
      <circle r={r} fill={tone.power} />
    </>
  );
}

/** Sun above, moon below the street, on a wheel that turns half around for a night. */
export function SkyWheel({
  plan,
  tone,
  halfTurns,
  turn,
}: {
  readonly plan: HousePlan;
  readonly tone: Tone;
  /** 0 and 2 by day, 1 at night. */
  readonly halfTurns: number;
  readonly turn: number;
}) {
  const { sun, hinge } = plan;
  const angle = -180 * halfTurns;
  const at = { x: sun.x - hinge.x, y: sun.y - hinge.y };
  return (
    <g transform={`translate(${hinge.x} ${hinge.y}) rotate(${angle.toFixed(3)})`}>
      <g transform={`translate(${at.x} ${at.y})`}>
        <Sun r={sun.r} tone={tone} turn={turn} />
      </g>
      <g transform={`translate(${-at.x} ${-at.y}) rotate(180)`}>
        <path
          d={`M${sun.r * 0.3} ${-sun.r}A${sun.r} ${sun.r} 0 1 0 ${sun.r} ${sun.r * 0.3}A${sun.r * 0.78} ${sun.r * 0.78} 0 0 1 ${sun.r * 0.3} ${-sun.r}Z`}
          fill={tone.white}
        />
      </g>
    </g>
  );
}

const stars = [
  [0.04, 0.06],
  [0.36, 0.09],
  [0.46, 0.05],
  [0.58, 0.06],
  [0.7, 0.16],
  [0.78, 0.05],
  [0.86, 0.28],
  [0.93, 0.12],
  [0.95, 0.42],
] as const;

export function Stars({ plan, shown }: { readonly plan: HousePlan; readonly shown: number }) {
  if (shown <= 0) return null;
  return stars.map(([across, down], index) => (
    <path
      key={across}
      transform={`translate(${(plan.frame.width * across).toFixed(2)} ${(plan.ground * down).toFixed(2)}) scale(${(shown * (0.7 + (index % 3) * 0.3)).toFixed(3)})`}
      d="M0-1.4L.3-.3 1.4 0 .3.3 0 1.4-.3.3-1.4 0-.3-.3Z"
      stroke="none"
      fill="#FFFFFF"
    />
  ));
}

/** The cloud of the evening that is still to come, `size` times as large as by day. */
export function Cloud({
  x,
  y,
  tone,
  size = 1,
}: {
  readonly x: number;
  readonly y: number;
  readonly tone: Tone;
  readonly size?: number;
}) {
  return (
    <path
      transform={`translate(${x.toFixed(3)} ${y.toFixed(3)}) scale(${size.toFixed(4)})`}
      d="M-10 6.5a5 5 0 0 1-.6-9.96a7.2 7.2 0 0 1 13.2-2.84a5.8 5.8 0 0 1 8.4 3.8a4.6 4.6 0 0 1-1 9z"
      fill={tone.white}
    />
  );
}
