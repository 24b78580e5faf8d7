import type { HousePlan } from './plan.ts';
import type { Tone } from './tone.ts';

/** Blossoms of a wattle, from its foot: across, up, size. */
const blossoms = [
  [-5.5, 6, 1.7],
  [-2.6, 9.4, 2],
  [1, 6.6, 1.6],
  [2.6, 11, 2.1],
  [5.6, 7.6, 1.8],
  [-5, 11.6, 1.5],
  [-0.8, 13.2, 1.7],
] as const;

/** The tree that the brand is named after, its top moved by `sway` from -1 to 1. */
function Wattle({ tone, sway }: { readonly tone: Tone; readonly sway: number }) {
  return (
    <>
      <path
        d="M0 0v-9M0-3.5q-3-1-4.6-3.5M0-5q3.4-.6 4.8-3"
        fill="none"
        strokeWidth={0.9}
        strokeLinecap="round"
      />
      {blossoms.map(([across, up, size], index) => (
        <circle
          key={across}
          cx={(across + sway * up * 0.022 * (index % 2 === 0 ? 1 : 0.7)).toFixed(3)}
          cy={-up}
          r={size}
          fill={tone.power}
        />
      ))}
    </>
  );
}

/** What stands beside the house where the format leaves room. */
export function Garden({
  plan,
  tone,
  sway,
}: {
  readonly plan: HousePlan;
  readonly tone: Tone;
  readonly sway: number;
}) {
  return plan.trees.map(({ x, size }) => (
    <g key={x} transform={`translate(${x} ${plan.ground}) scale(${size})`}>
      <Wattle tone={tone} sway={sway} />
    </g>
  ));
}
