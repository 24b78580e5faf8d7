import type { ReactNode } from 'react';

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
