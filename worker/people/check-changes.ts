import { checkRecord } from '../../data/check-record.ts';
import { fieldAt, rootOf, valueAt, withValueAt } from '../../data/leaves.ts';
import { parseParagraphs } from '../../data/parse-text.ts';
import { parseDate, parseNumber } from '../../data/parse-values.ts';
import { type AnyRecord, type Field, type Fields, rowFields } from '../../data/record.ts';
import { findMergeTag } from '../../data/suspects.ts';
import type { ChangeFault, KnownChange } from '../../video/story/engine/viewer-protocol.ts';
import type { Template } from '../../video/story/template.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import type { RecordChange } from '../core/viewers.ts';
import { canWithhold, correctionOf } from './known-view.ts';

/** A record with its viewer's changes, or every reason why they are refused. */
export type CheckedChanges =
  | { readonly ok: true; readonly record: AnyRecord; readonly changes: readonly RecordChange[] }
  | { readonly ok: false; readonly faults: readonly ChangeFault[] };

type Refused = Pick<ChangeFault, 'problem' | 'message'>;

type Value = { readonly ok: true; readonly value: unknown } | ({ readonly ok: false } & Refused);

/** For a value that is empty, or a field that is never corrected. */
const notThis = (field: Field): Refused =>
  canWithhold(field)
    ? { problem: 'empty', message: `${field.label} cannot be corrected to this; leave it out instead.` }
    : { problem: 'required', message: `${field.label} cannot be left empty.` };

/** What is wrong with a text that a field does not accept. */
function problemOf(field: Field, text: string): ChangeFault['problem'] {
  const { kind } = field;
  switch (kind) {
    case 'text':
    case 'paragraphs':
      return parseParagraphs(text, { maxLength: text.length, maxLines: text.length }).ok &&
        findMergeTag(text) === undefined
        ? 'too-long'
        : 'not-drawable';
    case 'number': {
      const read = parseNumber(text);
      if (!read.ok) return 'wrong-type';
      const range = correctionOf(field);
      if (range?.type !== 'number') return 'wrong-type';
      const { min = -Infinity, max = Infinity } = range;
      return read.value < min || read.value > max ? 'out-of-range' : 'not-whole';
    }
    case 'date':
      return parseDate(text).ok ? 'not-accepted' : 'not-a-date';
    case 'boolean':
    case 'choice':
      return 'not-an-option';
    case 'money':
    case 'color':
    case 'dateTime':
    case 'time':
    case 'email':
    case 'phone':
    case 'locale':
    case 'image':
    case 'audio':
    case 'link':
    case 'list':
    case 'object':
      return 'not-accepted';
    default:
      return kind satisfies never;
  }
}

/** A value as it would be read from a cell, in words for the person whom it is about. */
export function checkValue(template: Template, name: string, field: Field, value: unknown): Value {
  const story = (message: string): string => message.replace(/^Column "[^"]*" /, `${field.label} `);
  const fields = { [name]: field };
  const check = checkRecord(fields, { [name]: value });
  if (!check.ok) {
    const message = story(check.issues.map((issue) => issue.message).join(' '));
    return { ok: false, problem: problemOf(field, String(value).trim()), message };
  }
  // The viewer did not ask for the fallback of a text that cannot be drawn.
  const glyphs = checkGlyphs({ [name]: { ...field, fallback: undefined } }, check.record, template.glyphs);
  if (!glyphs.ok) {
    const message = glyphs.issues.map((issue) => issue.message).join(' ');
    return { ok: false, problem: 'not-drawable', message };
  }
  return { ok: true, value: check.record[name] };
}

/** The field of a change: one of the record, or of what is there of a list or an object. */
function findField(fields: Fields, record: AnyRecord, name: string): Field | undefined {
  const isInside = rootOf(name) !== name;
  const place = name.slice(0, Math.max(name.lastIndexOf('.'), 0));
  return isInside && typeof valueAt(record, place) !== 'object' ? undefined : fieldAt(fields, name);
}

/**
 * Applies a viewer's changes to their record. All changes are made, or none.
 *
 * @param before changes that hold already.
 */
export function checkChanges(
  template: Template,
  record: AnyRecord,
  before: readonly RecordChange[],
  wanted: readonly KnownChange[],
): CheckedChanges {
  let values = record;
  const changes = new Map(before.map((change) => [change.name, change]));
  const faults: ChangeFault[] = [];
  for (const change of wanted) {
    const { name } = change;
    const field = findField(rowFields(template.record), values, name);
    const original = changes.has(name) ? changes.get(name)?.original : valueAt(record, name);
    if (field === undefined) {
      const message = 'This value is derived from others and cannot be changed.';
      faults.push({ name, problem: 'derived', message });
    } else if (change.do === 'restore') {
      values = withValueAt(values, name, original ?? undefined);
      changes.delete(name);
    } else if (change.do === 'withhold') {
      if (canWithhold(field)) {
        values = withValueAt(values, name, field.fallback);
        changes.set(name, { name, kind: 'withheld', original });
      } else {
        faults.push({ name, problem: 'required', message: `The video requires this value: ${field.label}.` });
      }
    } else if (change.do === 'correct') {
      const checked: Value =
        correctionOf(field) === undefined || change.value.trim() === ''
          ? { ok: false, ...notThis(field) }
          : checkValue(template, name, field, change.value);
      if (checked.ok) {
        values = withValueAt(values, name, checked.value);
        changes.set(name, { name, kind: 'corrected', original });
      } else {
        faults.push({ name, problem: checked.problem, message: checked.message });
      }
    }
  }
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, record: values, changes: [...changes.values()] };
}
