import type { AnyRecord, FieldIssue, Fields } from '../../data/record.ts';
import type { GlyphCoverage } from '../../video/story/template.ts';
import type { RenderWarning } from './render-schema.ts';

/** The first code point of a text that no bundled font draws. */
function firstUncovered(text: string, glyphs: GlyphCoverage): string | undefined {
  for (const character of text) {
    if (!glyphs.covers(character.codePointAt(0) ?? 0)) return character;
  }
  return undefined;
}

function describe(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `“${character}” (U+${hex})`;
}

export type GlyphCheck =
  | { readonly ok: true; readonly record: AnyRecord; readonly warnings: readonly RenderWarning[] }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] };

/**
 * Finds, before anything is rendered, characters that would come out as empty boxes. A field that
 * declares a fallback shows it and warns; another one is an issue.
 */
export function checkGlyphs(fields: Fields, record: AnyRecord, glyphs: GlyphCoverage): GlyphCheck {
  const replaced: Record<string, unknown> = {};
  const warnings: RenderWarning[] = [];
  const issues: FieldIssue[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = record[name];
    if (field.kind !== 'text' || typeof value !== 'string') continue;
    const character = firstUncovered(value, glyphs);
    if (character === undefined) continue;
    const problem = `${field.label} holds ${describe(character)}, which no bundled font can draw`;
    if (field.fallback === undefined) {
      issues.push({
        field: name,
        column: name,
        value: value.slice(0, 80),
        message: `${problem}; write it with other characters.`,
      });
    } else {
      replaced[name] = field.fallback;
      warnings.push({
        code: 'glyph-unavailable',
        field: name,
        message: `${problem}; the fallback is shown instead.`,
      });
    }
  }
  return issues.length > 0
    ? { ok: false, issues }
    : { ok: true, record: { ...record, ...replaced }, warnings };
}
