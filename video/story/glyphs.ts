import type { GlyphCoverage } from './template.ts';

/** Which code points a template's fonts cover, as far as it was asked: the same few thousand come in every row. */
const known = new WeakMap<GlyphCoverage, Map<number, boolean>>();

/** The first character of a text that no bundled font draws. */
export function firstUncovered(text: string, glyphs: GlyphCoverage): string | undefined {
  const asked = known.get(glyphs) ?? new Map<number, boolean>();
  known.set(glyphs, asked);
  for (const character of text) {
    // It is laid out, not drawn.
    if (character === '\n') continue;
    const codePoint = character.codePointAt(0) ?? 0;
    let covered = asked.get(codePoint);
    if (covered === undefined) {
      covered = glyphs.covers(codePoint);
      asked.set(codePoint, covered);
    }
    if (!covered) return character;
  }
  return undefined;
}

/** As {@link firstUncovered}, in all texts of a value, however deep in lists and objects. */
export function firstUncoveredIn(value: unknown, glyphs: GlyphCoverage): string | undefined {
  if (typeof value === 'string') return firstUncovered(value, glyphs);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const found = firstUncoveredIn(member, glyphs);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A character and its code point, for messages. */
export function describeCharacter(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `“${character}” (U+${hex})`;
}
