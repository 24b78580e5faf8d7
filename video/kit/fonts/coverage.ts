import type { GlyphCoverage } from '../../story/template.ts';
import { formattedCharacters } from '../locale-format.ts';
import coverage from './coverage.json' with { type: 'json' };

const hanFamilies = {
  sc: 'Noto Sans SC Variable',
  tc: 'Noto Sans TC Variable',
  jp: 'Noto Sans JP Variable',
  kr: 'Noto Sans KR Variable',
} as const;

/** One face for each script that no other family draws. They have no character of each other's scripts. */
export const scriptFamilies = [
  'Noto Sans Armenian Variable',
  'Noto Sans Bengali Variable',
  'Noto Sans Devanagari Variable',
  'Noto Sans Ethiopic Variable',
  'Noto Sans Georgian Variable',
  'Noto Sans Gujarati Variable',
  'Noto Sans Gurmukhi Variable',
  'Noto Sans Kannada Variable',
  'Noto Sans Khmer Variable',
  'Noto Sans Lao Variable',
  'Noto Sans Malayalam Variable',
  'Noto Sans Myanmar Variable',
  'Noto Sans Oriya Variable',
  'Noto Sans Sinhala Variable',
  'Noto Sans Tamil Variable',
  'Noto Sans Telugu Variable',
  'Noto Sans Thai Variable',
] as const;

type Han = keyof typeof hanFamilies;

/** The regional forms of Han characters that suit a language, best first. */
function hanOrder(lang: string): readonly Han[] {
  const tag = lang.toLowerCase();
  if (tag.startsWith('ja')) return ['jp', 'sc', 'tc', 'kr'];
  if (tag.startsWith('ko')) return ['kr', 'jp', 'tc', 'sc'];
  if (/^zh\b.*\b(hant|tw|hk|mo)\b/.test(tag)) return ['tc', 'jp', 'sc', 'kr'];
  return ['sc', 'tc', 'jp', 'kr'];
}

/** Fallback families after any brand face, in order, for text in a language. */
export function fallbackFamilies(lang: string): readonly string[] {
  return [
    'Inter Variable',
    'Noto Color Emoji',
    'Noto Sans Arabic Variable',
    'Noto Sans Hebrew Variable',
    ...hanOrder(lang).map((han) => hanFamilies[han]),
    ...scriptFamilies,
  ];
}

/**
 * A CSS `font-family` value: the brand's face, then faces for all other scripts. There is no generic family at the
 * end, so that a system font is never used for missing glyphs.
 */
export function fontStack(face: string, lang: string): string {
  return [...new Set([face, ...fallbackFamilies(lang)])].map((family) => `'${family}'`).join(', ');
}

/** First and last code point, inclusive. */
export type CodePointRange = readonly [number, number];

/**
 * Encodes ascending ranges as base-36 pairs of "gap since the last range" and "length - 1", the latter omitted if
 * 0: `18.2,5` is 44-46 and 52.
 */
export function encodeRanges(ranges: readonly CodePointRange[]): string {
  let end = 0;
  return ranges
    .map(([first, last]) => {
      const gap = (first - end).toString(36);
      end = last + 1;
      return last === first ? gap : `${gap}.${(last - first).toString(36)}`;
    })
    .join(',');
}

/** Decodes the result of {@link encodeRanges}. */
export function decodeRanges(text: string): readonly CodePointRange[] {
  let end = 0;
  return text.split(',').map((pair) => {
    const [gap = '', extra = '0'] = pair.split('.');
    const first = end + Number.parseInt(gap, 36);
    const last = first + Number.parseInt(extra, 36);
    end = last + 1;
    return [first, last];
  });
}

/** Whether ascending ranges contain a code point. */
export function inRanges(ranges: readonly CodePointRange[], codePoint: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] as CodePointRange;
    if (codePoint < first) high = middle - 1;
    else if (codePoint > last) low = middle + 1;
    else return true;
  }
  return false;
}

const encoded: Readonly<Record<string, string>> = coverage;
const decoded = new Map<string, readonly CodePointRange[]>();

function rangesOf(family: string): readonly CodePointRange[] | undefined {
  const known = decoded.get(family);
  if (known !== undefined) return known;
  const text = encoded[family];
  if (text === undefined) return undefined;
  const ranges = decodeRanges(text);
  decoded.set(family, ranges);
  return ranges;
}

/** Whether a family has a glyph for a code point; `undefined` for a family that is not the kit's. */
export function familyCovers(family: string, codePoint: number): boolean | undefined {
  const ranges = rangesOf(family);
  return ranges === undefined ? undefined : inRanges(ranges, codePoint);
}

/**
 * Characters without a glyph: white space, joiners, direction marks, and variation selectors, which choose a drawing
 * of the character before them where its font has it.
 */
const invisible =
  /[\s\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff\u00ad\u034f\u061c\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;

/** Whether a code point chooses a drawing of the ideograph before it. */
export const isVariationSelector = (codePoint: number): boolean =>
  (codePoint >= 0xfe00 && codePoint <= 0xfe02) || (codePoint >= 0xe0100 && codePoint <= 0xe01ef);

/** Whether a code point needs no glyph. */
export const isInvisible = (codePoint: number): boolean => invisible.test(String.fromCodePoint(codePoint));

/** The order does not matter here: every language has the same families. */
const everyFamily = fallbackFamilies('en');

/**
 * The characters that the kit's fonts cover: Latin, Cyrillic, Greek, Vietnamese, Arabic, Hebrew, Chinese, Japanese,
 * Korean, the scripts of India, Thai, Lao, Khmer, Burmese, Sinhala, Georgian, Armenian, Ethiopic and emoji. Read from
 * the fonts' character maps, without loading a font. What a locale needs is what the kit's functions format.
 */
export const kitGlyphs: GlyphCoverage = {
  covers: (codePoint) =>
    isInvisible(codePoint) || everyFamily.some((family) => familyCovers(family, codePoint) === true),
  formats: formattedCharacters,
};
