import { showValue } from '../../data/check-record.ts';
import { type Leaf, mapLeaves } from '../../data/leaves.ts';
import type { AnyRecord, Field, FieldIssue, Fields } from '../../data/record.ts';
import { describeCharacter, firstUncovered } from '../../video/story/glyphs.ts';
import type { GlyphCoverage } from '../../video/story/template.ts';
import { remember } from './remember.ts';
import type { RenderWarning } from './render-schema.ts';

export type GlyphCheck =
  | { readonly ok: true; readonly record: AnyRecord; readonly warnings: readonly RenderWarning[] }
  | { readonly ok: false; readonly issues: readonly FieldIssue[] };

/** Why a value is not drawn as it is, and what to do. */
interface Undrawn {
  readonly code: 'glyph-unavailable' | 'locale-unavailable';
  /** A sentence without its end. */
  readonly problem: string;
  readonly remedy: string;
}

function undrawnText(label: string, text: string, glyphs: GlyphCoverage): Undrawn | undefined {
  const character = firstUncovered(text, glyphs);
  if (character === undefined) return undefined;
  const problem = `${label} holds ${describeCharacter(character)}, which no bundled font can draw`;
  return { code: 'glyph-unavailable', problem, remedy: 'write it with other characters' };
}

/** Files repeat a few locales on every row. */
const writtenBefore = new WeakMap<GlyphCoverage, Map<string, Written>>();

/** What a locale writes: whether the browser can, and the first character that no font draws. */
interface Written {
  readonly isWritten: boolean;
  readonly undrawn?: string | undefined;
}

function writtenIn(locale: string, glyphs: GlyphCoverage): Written {
  const known = writtenBefore.get(glyphs) ?? new Map<string, Written>();
  writtenBefore.set(glyphs, known);
  return remember(known, locale, () => {
    const characters = glyphs.formats?.(locale);
    return characters === undefined
      ? { isWritten: glyphs.formats === undefined }
      : { isWritten: true, undrawn: firstUncovered(characters, glyphs) };
  });
}

/** Dates and numbers are written with the letters and digits of their locale. */
function undrawnLocale(label: string, locale: string, glyphs: GlyphCoverage): Undrawn | undefined {
  const { isWritten, undrawn: character } = writtenIn(locale, glyphs);
  const remedy = 'use another locale';
  if (!isWritten) {
    const problem = `${label} is ${locale}, whose dates and numbers the browser cannot write`;
    return { code: 'locale-unavailable', problem, remedy };
  }
  if (character === undefined) return undefined;
  const problem = `${label} is ${locale}, whose dates and numbers hold ${describeCharacter(character)}, which no bundled font can draw`;
  return { code: 'glyph-unavailable', problem, remedy };
}

const isText = ({ kind }: Field): boolean => kind === 'text' || kind === 'paragraphs' || kind === 'email';

function findUndrawn({ field, label }: Leaf, value: unknown, glyphs: GlyphCoverage): Undrawn | undefined {
  if (typeof value !== 'string') return undefined;
  if (isText(field)) return undrawnText(label, value, glyphs);
  return field.kind === 'locale' ? undrawnLocale(label, value, glyphs) : undefined;
}

/**
 * Finds, before anything is rendered, characters that no bundled font draws, in texts and in what the record's
 * locale writes, and locales that the browser cannot write. A field that declares a fallback shows it and warns; another one is an issue.
 */
export function checkGlyphs(fields: Fields, record: AnyRecord, glyphs: GlyphCoverage): GlyphCheck {
  const warnings: RenderWarning[] = [];
  const issues: FieldIssue[] = [];
  const replaced = mapLeaves(fields, record, (leaf) => {
    const { path, field, value } = leaf;
    const undrawn = findUndrawn(leaf, value, glyphs);
    if (undrawn === undefined) return value;
    const { code, problem, remedy } = undrawn;
    const { fallback } = field;
    if (fallback === undefined || findUndrawn(leaf, fallback, glyphs) !== undefined) {
      const message = `${problem}; ${remedy}.`;
      issues.push({ field: path, column: path, value: showValue(value), message });
      return value;
    }
    const shown = field.kind === 'locale' ? `${showValue(fallback)} is used` : 'the fallback is shown';
    warnings.push({ code, field: path, message: `${problem}; ${shown} instead.` });
    return fallback;
  });
  return issues.length > 0 ? { ok: false, issues } : { ok: true, record: replaced, warnings };
}
