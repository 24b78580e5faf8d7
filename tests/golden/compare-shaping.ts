/**
 * Draws words of each script with the pipeline and with HarfBuzz's own `hb-view`, and writes both, one above the
 * other, to `out/shaping.png`: `npx tsx tests/golden/compare-shaping.ts`. Needs `hb-view` and `woff2_decompress` (Debian:
 * `apt-get install libharfbuzz-bin woff2`).
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { makeRemotionRenderer } from '../../worker/adapters/render/remotion-renderer.ts';
import { scriptWords } from './script-words.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = await mkdtemp(path.join(os.tmpdir(), 'bespoke-shaping-'));
const size = 160;

/** What is drawn, cut out, in grey; the light outline of its box is not part of it. */
async function cut(file: string) {
  const { data, info } = await sharp(file)
    .flatten({ background: '#ffffff' })
    .greyscale()
    .trim({ background: '#ffffff', threshold: 100 })
    .png()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

type Cut = Awaited<ReturnType<typeof cut>>;

/** Dark pixels of both pictures as a share of those of either, if they are laid on each other. */
async function overlap(one: Cut, other: Cut): Promise<number> {
  const { width, height } = one;
  const [a, b] = await Promise.all(
    [one, other].map(({ data }) => sharp(data).resize(width, height, { fit: 'fill' }).raw().toBuffer()),
  );
  let both = 0;
  let either = 0;
  for (let at = 0; at < width * height; at += 1) {
    const dark = [a?.[at] ?? 255, b?.[at] ?? 255].map((level) => level < 128);
    if (dark.every(Boolean)) both += 1;
    if (dark.some(Boolean)) either += 1;
  }
  return both / either;
}

async function fontOf(script: string): Promise<string> {
  const name = `noto-sans-${script}-${script}-wght-normal.woff2`;
  const copy = path.join(folder, name);
  await copyFile(
    path.join(root, 'node_modules/@fontsource-variable', `noto-sans-${script}`, 'files', name),
    copy,
  );
  await run('woff2_decompress', [copy]);
  return copy.replace(/woff2$/, 'ttf');
}

const renderer = makeRemotionRenderer({
  cacheDirectory: path.resolve('node_modules/.cache/bespoke'),
  browser: process.env.BESPOKE_BROWSER,
  entryPoint: path.join(root, 'tests/golden/scripts-studio.tsx'),
  templates: [],
  clipTimeLimitMs: 60_000,
});
const clip = {
  template: 'scripts',
  scene: 'words',
  images: {},
  format: '16:9',
  fps: 15,
  durationInFrames: 2,
  encoding: { scale: 1, crf: 18, preset: 'veryfast', jpegQuality: 90 },
} as const;

try {
  const rows: { readonly picture: Buffer; readonly height: number }[] = [];
  for (const { script, language, words } of scriptWords) {
    const font = await fontOf(script);
    for (const word of words) {
      const ours = path.join(folder, 'ours.png');
      const theirs = path.join(folder, 'theirs.png');
      const inputs = { texts: [word], locale: 'en', size, columns: 1, maxLines: 1, weight: 400 };
      await renderer.renderStill({ ...clip, inputs }, 1, ours);
      await run('hb-view', [
        ...[`--font-file=${font}`, `--font-size=${size}`, '--margin=80'],
        ...[`--language=${language}`, '--output-format=png', `--output-file=${theirs}`, `--text=${word}`],
      ]);
      const [drawn, reference] = [await cut(ours), await cut(theirs)];
      const share = await overlap(drawn, reference);
      const sizes = [drawn, reference].map(({ width, height }) => `${width}x${height}`).join(' and ');
      process.stdout.write(
        `${script.padEnd(11)} ${(share * 100).toFixed(1).padStart(5)} %  ${sizes.padEnd(24)} ${word}\n`,
      );
      const height = drawn.height + reference.height + 30;
      const picture = await sharp({
        create: { width: 1400, height, channels: 3, background: '#ffffff' },
      })
        .composite([
          { input: drawn.data, left: 10, top: 5 },
          { input: reference.data, left: 10, top: drawn.height + 15 },
        ])
        .png()
        .toBuffer();
      rows.push({ picture, height });
    }
  }
  await mkdir('out', { recursive: true });
  let top = 0;
  const layers = rows.map(({ picture, height }) => {
    const layer = { input: picture, left: 0, top };
    top += height;
    return layer;
  });
  await sharp({ create: { width: 1400, height: top, channels: 3, background: '#ffffff' } })
    .composite(layers)
    .png()
    .toFile('out/shaping.png');
} finally {
  await renderer.close();
  await rm(folder, { recursive: true, force: true });
}
