import sharp from 'sharp';
import { expect, it } from 'vitest';
import { looksAlike } from './looks-alike.ts';

/** Grey, with a rectangle of another grey. */
const picture = (left: number, width: number, grey: number) =>
  sharp({ create: { width: 100, height: 100, channels: 3, background: { r: 100, g: 100, b: 100 } } })
    .composite([
      {
        input: { create: { width, height: 20, channels: 3, background: { r: grey, g: grey, b: grey } } },
        ...{ left, top: 10 },
      },
    ])
    .png()
    .toBuffer();

it('distinguishes something faint and large, and something clear and small, from the edge of a line', async () => {
  const plain = await picture(0, 1, 100);
  expect(await looksAlike(plain, plain)).toBe(true);
  expect(await looksAlike(plain, await picture(20, 1, 130))).toBe(true);
  expect(await looksAlike(plain, await picture(20, 1, 200))).toBe(false);
  expect(await looksAlike(plain, await picture(20, 60, 112))).toBe(false);
});
