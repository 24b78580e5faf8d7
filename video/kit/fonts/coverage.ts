import type { GlyphCoverage } from '../../story/template.ts';
import { decodeRanges, inRanges, type CodePointRange } from './code-point-ranges.ts';
import coverage from './coverage.json' with { type: 'json' };
import { fallbackFamilies } from './font-stack.ts';

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

/** Characters that steer their neighbours and need no glyph: white space, joiners, marks of direction. */
const invisible = /[\s\u200b-\u200f\u2028-\u202f\u2060-\u2069\ufeff\ufe00-\ufe0f\u00ad\u061c]/u;

/** In any language's order: all of them draw the same. */
const everyFamily = fallbackFamilies('en');

/**
 * What the kit's font stack draws: Latin, Cyrillic, Greek, Vietnamese, Arabic, Hebrew, Chinese,
 * Japanese, Korean and emoji. Read from the fonts' character maps, without loading a font.
 */
export const kitGlyphs: GlyphCoverage = {
  covers: (codePoint) =>
    invisible.test(String.fromCodePoint(codePoint)) ||
    everyFamily.some((family) => familyCovers(family, codePoint) === true),
};
