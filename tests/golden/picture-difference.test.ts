import sharp from 'sharp';
import { expect, it } from 'vitest';
import { comparePictures } from './picture-difference.ts';

const picture = (svg: string) =>
  sharp(Buffer.from(`<svg width="160" height="90"><rect width="160" height="90" fill="#246"/>${svg}</svg>`))
    .png()
    .toBuffer();

const letter = (x: number) => `<rect x="${x}" y="30" width="6" height="24" fill="#fff"/>`;

it('finds no difference between equal pictures', async () => {
  const one = await picture(letter(20));
  expect(await comparePictures(one, one)).toMatchObject({ mean: 0, striking: 0 });
});

it('forgives an edge that is smoothed otherwise', async () => {
  const { striking, mean } = await comparePictures(await picture(letter(20)), await picture(letter(20.2)));
  expect(striking).toBe(0);
  expect(mean).toBeLessThan(0.006);
});

it('sees a letter that moved', async () => {
  const { striking } = await comparePictures(await picture(letter(20)), await picture(letter(26)));
  expect(striking).toBeGreaterThan(0.004);
});

it('marks what differs in a picture of the same size', async () => {
  const difference = await comparePictures(await picture(letter(20)), await picture(letter(60)));
  const { width, height } = await sharp(await difference.picture()).metadata();
  expect([width, height]).toEqual([160, 90]);
});

it('refuses pictures of different sizes', async () => {
  const small = await sharp(await picture(''))
    .resize(80)
    .png()
    .toBuffer();
  await expect(comparePictures(await picture(''), small)).rejects.toThrow('Sizes differ');
});
