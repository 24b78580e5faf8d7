/** Writes `coverage.json` from the bundled fonts' own character maps: `npx tsx video/kit/fonts/make-coverage.ts`. */
import { readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { openSync, type Font } from 'fontkit';
import { encodeRanges, type CodePointRange } from './code-point-ranges.ts';

const packages: Readonly<Record<string, string>> = {
  'Inter Variable': '@fontsource-variable/inter',
  'Manrope Variable': '@fontsource-variable/manrope',
  'Noto Color Emoji': '@fontsource/noto-color-emoji',
  'Noto Sans Arabic Variable': '@fontsource-variable/noto-sans-arabic',
  'Noto Sans Hebrew Variable': '@fontsource-variable/noto-sans-hebrew',
  'Noto Sans SC Variable': '@fontsource-variable/noto-sans-sc',
  'Noto Sans TC Variable': '@fontsource-variable/noto-sans-tc',
  'Noto Sans JP Variable': '@fontsource-variable/noto-sans-jp',
  'Noto Sans KR Variable': '@fontsource-variable/noto-sans-kr',
};

/** The files that the package's default style sheet names; the emoji font is used whole. */
const isUsed = (file: string): boolean =>
  file.includes('emoji') ? file.endsWith('-emoji-400-normal.woff2') : file.endsWith('-wght-normal.woff2');

const require = createRequire(import.meta.url);

async function codePointsOf(name: string): Promise<readonly number[]> {
  const directory = path.join(path.dirname(require.resolve(`${name}/package.json`)), 'files');
  const files = (await readdir(directory)).filter(isUsed);
  if (files.length === 0) throw new Error(`${name} holds no font file that the kit uses.`);
  const codePoints = new Set<number>();
  for (const file of files) {
    for (const codePoint of (openSync(path.join(directory, file)) as Font).characterSet)
      codePoints.add(codePoint);
  }
  return [...codePoints].sort((a, b) => a - b);
}

function rangesOf(codePoints: readonly number[]): readonly CodePointRange[] {
  const ranges: [number, number][] = [];
  for (const codePoint of codePoints) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === codePoint - 1) last[1] = codePoint;
    else ranges.push([codePoint, codePoint]);
  }
  return ranges;
}

const coverage: Record<string, string> = {};
for (const [family, name] of Object.entries(packages)) {
  coverage[family] = encodeRanges(rangesOf(await codePointsOf(name)));
}
await writeFile(new URL('coverage.json', import.meta.url), `${JSON.stringify(coverage, null, 2)}\n`);
