/** Writes `coverage.json` from the bundled fonts' character maps, within their style sheets' ranges: `npx tsx video/kit/fonts/make-coverage.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { openSync, type Font } from 'fontkit';
import { encodeRanges, scriptFamilies, type CodePointRange } from './coverage.ts';

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
  ...Object.fromEntries(scriptFamilies.map((family) => [family, `@fontsource-variable/${slugOf(family)}`])),
};

/** `Noto Sans Thai Variable` as `noto-sans-thai`. */
function slugOf(family: string): string {
  return family
    .replace(/ Variable$/, '')
    .toLowerCase()
    .replaceAll(' ', '-');
}

/** One `@font-face` of a style sheet: its file and its code points. */
interface Face {
  readonly file: string;
  readonly holds: (codePoint: number) => boolean;
}

/** Parses `U+20-7e,U+a9` into a predicate. */
function parseUnicodeRange(text: string): (codePoint: number) => boolean {
  const ranges = text.split(',').map((range) => {
    const [first = '', last = first] = range.trim().replace(/^U\+/i, '').split('-');
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
  });
  return (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

function parseFaces(css: string): readonly Face[] {
  return css.split('@font-face').flatMap((rule) => {
    const file = /url\(['"]?[^)]*?files\/([^)'"]+\.woff2)['"]?\)/.exec(rule)?.[1];
    const range = /unicode-range:\s*([^;]+);/.exec(rule)?.[1];
    return file === undefined
      ? []
      : [{ file, holds: range === undefined ? () => true : parseUnicodeRange(range) }];
  });
}

const require = createRequire(import.meta.url);

/** The rules that the kit loads for a family: its own style sheets', else the package's. */
async function rulesOf(family: string, directory: string): Promise<string> {
  for (const own of ['noto-color-emoji.css', 'noto-scripts.css']) {
    const rules = (await readFile(new URL(own, import.meta.url), 'utf8')).split(/(?=@font-face)/);
    const found = rules.filter((rule) => rule.includes(`font-family: '${family}'`));
    if (found.length > 0) return found.join('');
  }
  return readFile(path.join(directory, 'index.css'), 'utf8');
}

async function codePointsOf(family: string, name: string): Promise<readonly number[]> {
  const directory = path.dirname(require.resolve(`${name}/package.json`));
  const faces = parseFaces(await rulesOf(family, directory));
  if (faces.length === 0) throw new Error(`${name} declares no face that the kit can read.`);
  const codePoints = new Set<number>();
  for (const { file, holds } of faces) {
    const { characterSet } = openSync(path.join(directory, 'files', file)) as Font;
    for (const codePoint of characterSet) if (holds(codePoint)) codePoints.add(codePoint);
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
  coverage[family] = encodeRanges(rangesOf(await codePointsOf(family, name)));
}
await writeFile(new URL('coverage.json', import.meta.url), `${JSON.stringify(coverage, null, 2)}\n`);
