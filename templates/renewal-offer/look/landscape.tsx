import type { ReactNode, SVGProps } from 'react';
import { usePlane, type Plane } from './layout.ts';
import { useDrift, useStay } from './stage.tsx';

/** A point of a ridge: share of the frame's width, and height in units above the ground. */
export type RidgePoint = readonly [share: number, height: number];

/** Position of the land, in units, and the scale of the things on it. */
export interface Ground {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  /** By how much the heights of ridges are multiplied. */
  readonly relief: number;
}

/** The land of a picture: with its main subject, or `low`, as a background for words. */
export function useGround(low: boolean): Ground {
  const plane = usePlane();
  return low ? { ...plane.low, relief: plane.low.scale } : { ...plane.stand, relief: 1 };
}

/** A closed area under a soft line through the points, wider than the frame so that it can drift. */
function ridgePath(points: readonly RidgePoint[], { y, relief }: Ground, { width, height }: Plane): string {
  const spots = points.map(([share, above]) => ({ x: share * width, y: y - above * relief }));
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

/** A part of a picture: rises into place, drifts sideways by its depth while the scene lasts, sinks again. */
function Layer({
  at,
  depth,
  children,
}: {
  readonly at: number;
  /** Units that the layer drifts over the whole scene; nearer layers drift further. */
  readonly depth: number;
  readonly children: ReactNode;
}) {
  const stay = useStay(at, 26);
  const drift = (0.5 - useDrift()) * depth;
  return <g transform={`translate(${drift.toFixed(3)} ${((1 - stay) * 70).toFixed(3)})`}>{children}</g>;
}

/** An object on the ground, drawn around its foot at 0, 0. */
export function OnGround({
  ground: { x, y, scale },
  sunk = 0,
  children,
  ...look
}: SVGProps<SVGGElement> & {
  readonly ground: Ground;
  /** Units that its foot lies below the ground. */
  readonly sunk?: number;
}) {
  return (
    <g {...look} transform={`translate(${x} ${y + sunk}) scale(${scale})`}>
      {children}
    </g>
  );
}

const tiers = ['far', 'middle', 'near'] as const;

type Tier = (typeof tiers)[number];

/** Ridges over the frame's whole width, by how far they lie from the eye. */
export type Ridges = Readonly<Record<Tier, readonly RidgePoint[]>>;

/** Three ridges, one behind the other, with objects between them. */
export function Land({
  ground,
  ridges,
  colors,
  depths = [4, 8, 13],
  behind = {},
  before,
}: {
  readonly ground: Ground;
  readonly ridges: Ridges;
  readonly colors: Readonly<Record<Tier, string>>;
  /** Units that the tiers drift, the far one first. */
  readonly depths?: readonly [number, number, number];
  /** Objects behind a ridge, which move with it. */
  readonly behind?: Readonly<Partial<Record<Tier, ReactNode>>>;
  /** Objects in front of the near ridge. */
  readonly before?: ReactNode;
}) {
  const plane = usePlane();
  return tiers.map((tier, index) => (
    <Layer key={tier} at={3 + 2 * index} depth={depths[index] ?? 0}>
      {behind[tier]}
      <path d={ridgePath(ridges[tier], ground, plane)} fill={colors[tier]} />
      {tier === 'near' ? before : null}
    </Layer>
  ));
}
