import type { z } from 'zod';
import { NightSky } from '../art/at-risk.tsx';
import { SegmentPicture } from '../art/picture.tsx';
import { brand, palettes } from '../brand.ts';
import { offerFor } from '../copy.ts';
import { usePlane } from '../look/layout.ts';
import { Canvas, Stage } from '../look/stage.tsx';
import { Arrive, Column, Words } from '../look/type.tsx';
import type { offer } from '../scenes.ts';

/** In units: the sun with the amount, the words before it and those below. */
const looks = {
  '16:9': {
    sun: { x: 128, y: 47, r: 37 },
    before: { x: 11, y: 12, width: 70, height: 22, size: 5.6, align: 'left' },
    after: { x: 11, y: 38, width: 70, height: 40, what: 12, detail: 4.8, align: 'left' },
    amount: 27,
    unit: 9,
  },
  '9:16': {
    sun: { x: 50, y: 78, r: 39 },
    before: { x: 8, y: 24, width: 84, height: 12, size: 8.6, align: 'center' },
    after: { x: 8, y: 124, width: 84, height: 22, what: 8, detail: 4.6, align: 'center' },
    amount: 30,
    unit: 10,
  },
  '1:1': {
    sun: { x: 50, y: 46, r: 28 },
    before: { x: 8, y: 6, width: 84, height: 8, size: 6.2, align: 'center' },
    after: { x: 8, y: 77, width: 84, height: 18, what: 6.6, detail: 4, align: 'center' },
    amount: 21,
    unit: 7.4,
  },
} as const;

/** The offer: an amount in the sun, over the segment's own land. */
export function OfferScene({ segment, plan }: z.infer<(typeof offer)['inputs']>) {
  const { format } = usePlane();
  const { sun, before, after, amount, unit } = looks[format];
  const colors = palettes[segment];
  const words = offerFor(segment, plan);
  const beside = format === '16:9';
  const room = sun.r * 1.55;
  return (
    <Stage
      ground={colors.sky}
      sun={sun}
      behind={
        segment === 'at-risk' ? (
          <Canvas>
            <NightSky />
          </Canvas>
        ) : null
      }
    >
      <SegmentPicture segment={segment} low />
      <Column {...before} justify={beside ? 'flex-end' : 'flex-start'}>
        <Arrive at={8}>
          <Words width={before.width} size={before.size} color={colors.onSky} align={before.align}>
            {words.before}
          </Words>
        </Arrive>
      </Column>
      <Column
        x={sun.x - room / 2}
        y={sun.y - sun.r * (beside ? 0.9 : 0.98)}
        width={room}
        height={sun.r * 1.8}
        justify="center"
      >
        <Arrive at={13} by={9}>
          <Words width={room} size={amount} color={brand.onSun} align="center" lines={1}>
            {words.amount}
          </Words>
        </Arrive>
        <Arrive at={17} by={9}>
          <Words width={room} size={unit} color={brand.onSun} align="center" lines={1}>
            {words.unit}
          </Words>
        </Arrive>
      </Column>
      <Column {...after} gap={after.detail * 0.5}>
        <Arrive at={24}>
          <Words
            width={after.width}
            size={after.what}
            color={beside ? colors.onSky : colors.onNear}
            align={after.align}
            lines={beside ? 3 : 1}
          >
            {words.what}
          </Words>
        </Arrive>
        <Arrive at={30}>
          <Words
            width={after.width}
            size={after.detail}
            weight={600}
            color={beside ? colors.onSky : colors.quietOnNear}
            align={after.align}
          >
            {words.detail}
          </Words>
        </Arrive>
      </Column>
    </Stage>
  );
}
