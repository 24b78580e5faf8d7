import { checkRecord, showValue } from './check-record.ts';
import type { AnyRecord, FieldIssue, Fields, RecordCheck } from './record.ts';
import { findNearest } from './values/parse-choice.ts';

/** Longer names are no slips of a finger, and comparing them takes long. */
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
 * Checks a record that came as a JSON object. A field that the template lacks is an issue: a misspelt
 * optional one would otherwise show its fallback to a customer.
 */
export function checkBody(fields: Fields, body: AnyRecord): RecordCheck {
  const check = checkRecord(fields, body);
  const unknown = unknownFields(fields, body);
  if (check.ok && unknown.length === 0) return check;
  const issues = check.ok ? [] : check.issues;
  const worded = issues.map((issue) => ({ ...issue, message: issue.message.replace(/^Column /, 'Field ') }));
  return { ok: false, issues: [...worded, ...unknown] };
}
