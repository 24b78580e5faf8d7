import type { Field, FieldIssue, Fields, RecordCheck, RecordOf, AnyRecord } from './record.ts';
import { collapseText } from './parse-text.ts';
import { findNearest } from './parse-values.ts';

const longestShownValue = 80;

/** Longer values are cut first, so that megabytes are not scanned for eighty characters. */
const longestLook = 2_000;

/** A value as text; lists and objects only as such, because they may be deeply nested. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, longestLook);
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : String(value);
}

/** A value for a message: one line, at most 80 characters. */
export function showValue(value: unknown): string {
  const line = textOf(value)
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= longestShownValue
    ? line
    : `${characters.slice(0, longestShownValue - 1).join('')}…`;
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'string') return value === undefined || value === null;
  return !/[!-~]/.test(value) && collapseText(value) === '';
}

type Checked =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

function checkValue(field: Field, value: unknown): Checked {
  if (isEmpty(value)) {
    return field.required
      ? { ok: false, reason: `is empty; write a value such as ${field.example}` }
      : { ok: true, value: field.fallback };
  }
  const parsed = field.schema.safeParse(typeof value === 'string' ? value.trim() : value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const reasons = parsed.error.issues.map(({ message }) => message);
  return { ok: false, reason: `holds "${showValue(value)}", which ${reasons.join(', and ')}` };
}

/**
 * Checks one row or JSON body against a template's fields. Returns the record, or every issue of the row. Values
 * are given by field name; empty or missing ones take the field's fallback.
 *
 * @param columnByField the CSV column of each field, for messages; a field's own name where missing.
 */
export function checkRecord<F extends Fields>(
  fields: F,
  cellsByField: Readonly<Record<string, unknown>>,
  columnByField: Readonly<Record<string, string>> = {},
): RecordCheck<RecordOf<F>> {
  const record: Record<string, unknown> = {};
  const issues: FieldIssue[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(cellsByField, name) ? cellsByField[name] : undefined;
    const checked = checkValue(field, value);
    if (checked.ok) {
      record[name] = checked.value;
      continue;
    }
    const column = (Object.hasOwn(columnByField, name) ? columnByField[name] : undefined) ?? name;
    issues.push({
      field: name,
      column,
      value: isEmpty(value) ? '' : showValue(value),
      message: `Column "${column}" ${checked.reason}.`,
    });
  }
  return issues.length === 0 ? { ok: true, record: record as RecordOf<F> } : { ok: false, issues };
}

/** Longer names are not typing mistakes, and comparing them takes long. */
const longestName = 100;
const mostUnknown = 20;

function unknownFields(fields: Fields, body: AnyRecord): readonly FieldIssue[] {
  return Object.keys(body)
    .filter((name) => !Object.hasOwn(fields, name))
    .slice(0, mostUnknown)
    .map((name) => {
      const nearest = name.length > longestName ? undefined : findNearest(name, Object.keys(fields));
      const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
      const shown = showValue(name);
      return { field: shown, column: shown, value: '', message: `There is no field "${shown}".${guess}` };
    });
}

/**
 * Checks a record from a JSON object. A field that the template does not have is an issue: otherwise a misspelt
 * optional field would show its fallback to a customer.
 */
export function checkBody(fields: Fields, body: AnyRecord): RecordCheck {
  const check = checkRecord(fields, body);
  const unknown = unknownFields(fields, body);
  if (check.ok && unknown.length === 0) return check;
  const issues = check.ok ? [] : check.issues;
  const worded = issues.map((issue) => ({ ...issue, message: issue.message.replace(/^Column /, 'Field ') }));
  return { ok: false, issues: [...worded, ...unknown] };
}
