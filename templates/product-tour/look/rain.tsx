import { random, useCurrentFrame } from 'remotion';
import { brand } from '../brand.ts';
import type { Plane } from './camera.ts';
import type { Box } from './plan.ts';

const drops = 46;

/** Rain over the whole sky and its street, `share` of it. */
export function Rain({
  plane,
  share,
  clear,
}: {
  readonly plane: Plane;
  readonly share: number;
  /** Where words stand. */
  readonly clear: Box;
}) {
  const frame = useCurrentFrame();
  const { plan, width } = plane;
  if (share <= 0) return null;
  const deep = plan.ground + 24;
  return Array.from({ length: drops }, (_, index) => {
    const fall = (random(`fall${index}`) + frame / (15 + 8 * random(`speed${index}`))) % 1;
    const x = (random(`across${index}`) * 1.3 - 0.1) * width - fall * 12;
    const y = fall * deep - 16;
    if (index / drops > share || y > plan.ground - 4) return null;
    if (x < clear.x + clear.width + 2 && y < clear.y + clear.height * 0.7) return null;
    return (
      <path
        key={index}
        d={`M${x.toFixed(2)} ${y.toFixed(2)}l-1 3.600`}
        stroke={brand.colors.lineAtNight}
        strokeWidth={0.45}
        strokeLinecap="round"
      />
    );
  });
}
