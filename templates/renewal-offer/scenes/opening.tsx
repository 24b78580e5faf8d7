import type { z } from 'zod';
import { SegmentPicture } from '../art/picture.tsx';
import { palettes } from '../brand.ts';
import { openings } from '../copy.ts';
import { usePlane } from '../look/layout.ts';
import { Stage } from '../look/stage.tsx';
import { Thought } from '../look/type.tsx';
import type { opening } from '../scenes.ts';

/** Position of the sun from the picture's foot, in the picture's own units. */
const suns = {
  loyal: { x: 23, y: -47, r: 12.5 },
  new: { x: -15, y: -30, r: 22 },
  business: { x: 0, y: -13, r: 19 },
} as const;

/** A segment's picture with its first words. */
export function Opening({ segment }: z.infer<(typeof opening)['inputs']>) {
  const { stand } = usePlane();
  const sun = suns[segment];
  return (
    <Stage
      ground={palettes[segment].sky}
      sun={{ x: stand.x + sun.x * stand.scale, y: stand.y + sun.y * stand.scale, r: sun.r * stand.scale }}
    >
      <SegmentPicture segment={segment} />
      <Thought {...openings[segment]} color={palettes[segment].onSky} />
    </Stage>
  );
}
