import { showValue } from '../../data/check-record.ts';
import type { AnyRecord, Field, FieldIssue, Fields } from '../../data/record.ts';
import { describeCharacter, firstUncovered } from '../../video/story/glyphs.ts';
import type { GlyphCoverage } from '../../video/story/template.ts';
import type { RenderWarning } from './render-schema.ts';

export type GlyphCheck =
  | { readonly ok: true; readonly record: AnyRecord; readonly warnings: readonly RenderWarning[] }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] };

/** What no bundled font draws of a value, and what to do; `undefined` if everything is drawn. */
interface Undrawn {
  /** A sentence without its end. */
  readonly problem: string;
  readonly remedy: string;
}

function undrawnText({ label }: Field, text: string, glyphs: GlyphCoverage): Undrawn | undefined {
  const character = firstUncovered(text, glyphs);
  return character === undefined
    ? undefined
    : {
        problem: `${label} holds ${describeCharacter(character)}, which no bundled font can draw`,
        remedy: 'write it with other characters',
      };
}

/** Dates and numbers are written with the letters and digits of their locale. */
function undrawnLocale({ label }: Field, locale: string, glyphs: GlyphCoverage): Undrawn | undefined {
  const character = firstUncovered(glyphs.formats?.(locale) ?? '', glyphs);
  return character === undefined
    ? undefined
    : {
        problem: `${label} is ${locale}, whose dates and numbers hold ${describeCharacter(character)}, which no bundled font can draw`,
        remedy: 'use another locale',
      };
}

function findUndrawn(field: Field, value: unknown, glyphs: GlyphCoverage): Undrawn | undefined {
  if (typeof value !== 'string') return undefined;
  if (field.kind === 'text') return undrawnText(field, value, glyphs);
  return field.kind === 'locale' ? undrawnLocale(field, value, glyphs) : undefined;
}

/**
 * Finds, before anything is rendered, characters that no bundled font draws: in texts, and in what the record's
 * locale writes. A field that declares a fallback shows it and warns; another one is an issue.
 */
export function checkGlyphs(fields: Fields, record: AnyRecord, glyphs: GlyphCoverage): GlyphCheck {
  const replaced: Record<string, unknown> = {};
  const warnings: RenderWarning[] = [];
  const issues: FieldIssue[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = record[name];
    const undrawn = findUndrawn(field, value, glyphs);
    if (undrawn === undefined) continue;
    const { problem, remedy } = undrawn;
    const { fallback } = field;
    if (fallback === undefined || findUndrawn(field, fallback, glyphs) !== undefined) {
      const message = `${problem}; ${remedy}.`;
      issues.push({ field: name, column: name, value: showValue(value), message });
      continue;
    }
    replaced[name] = fallback;
    const shown = field.kind === 'locale' ? `${showValue(fallback)} is used` : 'the fallback is shown';
    warnings.push({ code: 'glyph-unavailable', field: name, message: `${problem}; ${shown} instead.` });
  }
  return issues.length > 0
    ? { ok: false, issues }
    : { ok: true, record: { ...record, ...replaced }, warnings };
}
