import type { ReactNode } from 'react';
import { usePlane } from './layout.ts';
import { useDrift, useStay } from './stage.tsx';

/** A point of a ridge: share of the frame's width, and height in units from the frame's top. */
export type RidgePoint = readonly [share: number, y: number];

/** A closed area under a soft line through the points, wider than the frame so that it can drift. */
function ridgePath(points: readonly RidgePoint[], width: number, height: number): string {
  const spots = points.map(([share, y]) => ({ x: share * width, y }));
  const start = spots[0] ?? { x: 0, y: height };
  const curves = spots.slice(1).map((to, index) => {
    const from = spots[index] ?? start;
    const before = spots[index - 1] ?? from;
    const after = spots[index + 2] ?? to;
    const lead = { x: from.x + (to.x - before.x) / 6, y: from.y + (to.y - before.y) / 6 };
    const trail = { x: to.x - (after.x - from.x) / 6, y: to.y - (after.y - from.y) / 6 };
    return `C${[lead, trail, to].map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`).join(' ')}`;
  });
  return `M${start.x} ${start.y}${curves.join('')}V${height + 40}H${start.x}Z`;
}

/** A layer of a picture: rises into place, drifts sideways by its depth while the scene lasts, sinks again. */
export function Layer({
  at,
  depth,
  rise = 70,
  children,
}: {
  readonly at: number;
  /** Units that the layer drifts over the whole scene; nearer layers drift further. */
  readonly depth: number;
  readonly rise?: number;
  readonly children: ReactNode;
}) {
  const stay = useStay(at, 26);
  const drift = (0.5 - useDrift()) * depth;
  return <g transform={`translate(${drift.toFixed(3)} ${((1 - stay) * rise).toFixed(3)})`}>{children}</g>;
}

/** A ridge over the frame's whole width in one colour. */
export function Ridge({ points, color }: { readonly points: readonly RidgePoint[]; readonly color: string }) {
  const { width, height } = usePlane();
  return <path d={ridgePath(points, width, height)} fill={color} />;
}
