import type { Field, FieldIssue, Fields, RecordCheck, RecordOf } from './record.ts';
import { collapseText } from './values/parse-text.ts';

const longestShownValue = 80;

/** More than is shown, so that megabytes are not looked at for eighty characters. */
const longestLook = 2_000;

/** What a value looks like; of lists and objects no more than that they are such, however deep they are. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, longestLook);
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : String(value);
}

/** A value as a person should see it in a message: one line, at most 80 characters. */
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
 * Checks one row or JSON body against a template's fields and answers with the record, or with every
 * issue of the row. Values come by field name; empty or missing ones take the field's fallback.
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
