import type { ReactNode } from 'react';
import { useCurrentFrame } from 'remotion';
import { ramp } from '../../../../video/kit/motion.ts';
import { stripColors } from '../../look/strips.tsx';

const notches = 12;

/** A ticket's outline with twelve notches along its left and right edge, as an SVG path. */
function outline(width: number, height: number): string {
  const pitch = height / notches;
  const radius = pitch * 0.26;
  const right = Array.from({ length: notches }, (_, index) => {
    const middle = (index + 0.5) * pitch;
    return `V${middle - radius}A${radius} ${radius} 0 0 0 ${width} ${middle + radius}`;
  });
  const left = Array.from({ length: notches }, (_, index) => {
    const middle = height - (index + 0.5) * pitch;
    return `V${middle + radius}A${radius} ${radius} 0 0 0 0 ${middle - radius}`;
  });
  return `M0 0H${width}${right.join('')}V${height}H0${left.join('')}V0Z`;
}

/** A paper ticket with content inside. */
export function Ticket({
  width,
  height,
  color,
  children,
}: {
  readonly width: number;
  readonly height: number;
  readonly color: string;
  readonly children: ReactNode;
}) {
  return (
    <div style={{ position: 'relative', width, height }}>
      <svg width={width} height={height} style={{ position: 'absolute', inset: 0 }}>
        <path d={outline(width, height)} fill={color} />
      </svg>
      <div style={{ position: 'absolute', inset: 0 }}>{children}</div>
    </div>
  );
}

/** Heights of the ticket's bars, of its own height. */
const bars = [0.03, 0.045, 0.04, 0.06, 0.055, 0.08, 0.07, 0.1, 0.09, 0.12, 0.11, 0.15];

/** Twelve bars that grow along the ticket's lower edge from a frame on. */
export function TicketBars({
  width,
  height,
  at,
}: {
  readonly width: number;
  readonly height: number;
  readonly at: number;
}) {
  const frame = useCurrentFrame();
  const inset = width * 0.1;
  const pitch = (width - 2 * inset) / 11.7;
  return (
    <svg width={width} height={height} style={{ position: 'absolute', inset: 0 }}>
      {bars.map((bar, index) => {
        const tall = height * bar * ramp(frame, at + index * 1.5, 20);
        return (
          <rect
            key={index}
            x={inset + index * pitch}
            y={height - tall}
            width={pitch * 0.7}
            height={tall}
            fill={stripColors[index]}
          />
        );
      })}
    </svg>
  );
}
