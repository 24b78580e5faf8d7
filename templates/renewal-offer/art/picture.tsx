import type { Segment } from '../record.ts';
import { Canvas } from '../look/stage.tsx';
import { AtRiskPicture } from './at-risk.tsx';
import { BusinessPicture } from './business.tsx';
import { LoyalPicture } from './loyal.tsx';
import { NewPicture } from './new.tsx';

const pictures = {
  loyal: LoyalPicture,
  new: NewPicture,
  'at-risk': AtRiskPicture,
  business: BusinessPicture,
} as const satisfies Record<Segment, unknown>;

/** A segment's picture; `low` shows its land alone, as a ground for words. */
export function SegmentPicture({
  segment,
  low = false,
}: {
  readonly segment: Segment;
  readonly low?: boolean;
}) {
  const Drawing = pictures[segment];
  return (
    <Canvas>
      <Drawing low={low} />
    </Canvas>
  );
}
