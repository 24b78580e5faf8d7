import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRemotionRenderer } from '../../worker/adapters/render/remotion-renderer.ts';
import type { Renderer } from '../../worker/core/ports.ts';
import { boxAt, boxSize, type BoxedText } from '../fixtures/fit-text/boxes.ts';

const texts = [
  'Jo',
  'X',
  'Seán O’Brien-Łukasiewicz',
  'Wolfeschlegelsteinhausenbergerdorff',
  'Maria del Carmen Fernández de la Vega y Santos-Oliveira',
  'Nguyễn Thị Ánh Tuyết',
  'Александра Константиновна Преображенская',
  'Ελένη Παπαδοπούλου-Χατζηγεωργίου',
  'محمد عبد الرحمن بن عبد العزيز آل سعود',
  'שרה בת־שבע רוזנצווייג',
  '王小明歐陽司馬諸葛東方令狐獨孤慕容',
  'ヴィクトル・アレクサンドロヴィチ',
  '김지혜 남궁민수 황보예은',
  '👩🏽‍🚀👨‍👩‍👧‍👦🇩🇪🏴‍☠️1️⃣❤️‍🔥👍🏿',
  'ZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoëZoë',
];

let folder: string;
let renderer: Renderer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'bespoke-fit-'));
  renderer = makeRemotionRenderer({
    cacheDirectory: path.resolve('node_modules/.cache/bespoke'),
    browser: process.env.BESPOKE_BROWSER,
    entryPoint: fileURLToPath(new URL('../fixtures/fit-text/studio.tsx', import.meta.url)),
    templates: [],
    clipTimeLimitMs: 60_000,
  });
});

afterAll(async () => {
  await renderer?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Where dark pixels lie: per box, and how many of them outside of all boxes. */
async function findInk(
  file: string,
  boxes = texts.length,
): Promise<{ readonly inside: number[]; readonly outside: number }> {
  const { data, info } = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true });
  const inside = Array.from({ length: boxes }, () => 0);
  let outside = 0;
  /** Serifs and swashes may lean over the edge by a hair. */
  const hair = 4;
  for (let y = 0; y < info.height; y += 1) {
    for (let x = 0; x < info.width; x += 1) {
      if ((data[(y * info.width + x) * info.channels] ?? 255) > 160) continue;
      const box = inside.findIndex((_, index) => {
        const { left, top } = boxAt(index);
        return (
          x >= left - hair &&
          x < left + boxSize.width + hair &&
          y >= top - hair &&
          y < top + boxSize.height + hair
        );
      });
      if (box === -1) outside += 1;
      else inside[box] = (inside[box] ?? 0) + 1;
    }
  }
  return { inside, outside };
}

async function draw(boxed: readonly BoxedText[], name: string): Promise<string> {
  const file = path.join(folder, `${name}.png`);
  const encoding = { scale: 1, crf: 18, preset: 'veryfast', jpegQuality: 90 } as const;
  await renderer.renderStill(
    {
      template: 'fit-text',
      scene: 'boxes',
      inputs: { texts: boxed },
      images: {},
      format: '1:1',
      fps: 15,
      durationInFrames: 1,
      encoding,
    },
    0,
    file,
  );
  return file;
}

describe.each([1, 2, 3])('at most %d lines', (maxLines) => {
  it.each([400, 800])('keeps every text in its box at weight %d', async (weight) => {
    const file = await draw(
      texts.map((text) => ({ text, maxLines, weight })),
      `${maxLines}-${weight}`,
    );
    const { inside, outside } = await findInk(file);
    expect(outside).toBe(0);
    for (const [index, ink] of inside.entries()) expect(ink, texts[index]).toBeGreaterThan(100);
  });
});

it('notices ink outside of the boxes', async () => {
  const file = await draw(
    texts.map((text) => ({ text, maxLines: 1, weight: 400 })),
    'ink',
  );
  expect((await findInk(file, texts.length - 1)).outside).toBeGreaterThan(100);
});
