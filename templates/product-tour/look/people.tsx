import { useCurrentFrame } from 'remotion';
import { ramp } from 'bespoke/kit';
import { brand } from '../brand.ts';
import { beatInFrames } from '../rhythm.ts';
import type { HousePlan } from './plan.ts';
import { useOpen } from './stage.tsx';

const { ink, power, warm, white } = brand.colors;
const coats = [power, white, warm] as const;
const heights = [17, 19, 11.5, 14, 18, 10] as const;

/** A person from the front, positioned by the middle of their feet. */
function Person({ index, height }: { readonly index: number; readonly height: number }) {
  const half = 2.1 + height * 0.06;
  const head = 1.75 + height * 0.03;
  return (
    <>
      <path
        d={`M${-half} 0v${-(height - head * 2.6)}q0 ${-half} ${half} ${-half}t${half} ${half}v${height - head * 2.6}z`}
        fill={coats[index % coats.length]}
        stroke={ink}
      />
      <circle cy={-height} r={head} fill={white} stroke={ink} />
      {index % 3 === 0 ? (
        <path
          d={`M${-head} ${-height}a${head} ${head} 0 0 1 ${2 * head} 0q${-head} ${-head * 0.9} ${-2 * head} 0z`}
          fill={ink}
        />
      ) : index % 3 === 1 ? (
        <path
          d={`M${-head} ${-height}a${head} ${head} 0 0 1 ${2 * head} 0v${head * 1.2}h${-head * 0.5}q0 ${-head * 1.4} ${-head * 1.5} ${-head * 1.2}z`}
          fill={ink}
        />
      ) : (
        <circle cy={-height - head} r={head * 0.7} fill={ink} />
      )}
    </>
  );
}

/** `count` people in front of the house, who appear on the beat and, if `passing`, leave again. */
export function Household({
  plan,
  count,
  passing = false,
}: {
  readonly plan: HousePlan;
  readonly count: number;
  readonly passing?: boolean;
}) {
  const frame = useCurrentFrame();
  const open = useOpen();
  const { rooms, garageWidth } = plan;
  const left = rooms.lounge.x;
  const right = rooms.drive.x + garageWidth;
  const step = Math.min(13, (right - left - 6) / count);
  const start = (left + right) / 2 - (step * (count - 1)) / 2;
  return Array.from({ length: count }, (_, index) => {
    const at = passing
      ? beatInFrames * (1 + index * 0.75)
      : beatInFrames + (index * 2 * beatInFrames) / count;
    const shown = ramp(frame, at, 14) * open;
    if (shown <= 0) return null;
    const height = heights[index % heights.length] ?? 10;
    return (
      <g
        key={index}
        transform={`translate(${(start + index * step).toFixed(3)} ${plan.ground + 4}) scale(1 ${shown.toFixed(4)})`}
      >
        <Person index={index} height={height} />
      </g>
    );
  });
}
