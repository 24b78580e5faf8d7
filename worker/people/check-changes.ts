import { checkRecord } from '../../data/check-record.ts';
import type { AnyRecord, Field } from '../../data/record.ts';
import type { KnownChange } from '../../video/story/engine/viewer-protocol.ts';
import type { Template } from '../../video/story/template.ts';
import { checkGlyphs } from '../core/check-glyphs.ts';
import type { RecordChange } from '../core/viewers.ts';
import { canWithhold, correctionOf } from './known-view.ts';

/** Why a change cannot be made, for the viewer. */
export interface ChangeFault {
  readonly name: string;
  readonly message: string;
}

/** A record with its viewer's changes, or every reason why they are refused. */
export type CheckedChanges =
  | { readonly ok: true; readonly record: AnyRecord; readonly changes: readonly RecordChange[] }
  | { readonly ok: false; readonly faults: readonly ChangeFault[] };

type Value =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** For a value that is empty, or a field that is never corrected. */
const notThis = (field: Field): string =>
  canWithhold(field)
    ? `${field.label} cannot be corrected to this; leave it out instead.`
    : `${field.label} cannot be left empty.`;

/** A value as it would be read from a cell, in words for the person whom it is about. */
export function checkValue(template: Template, name: string, field: Field, value: unknown): Value {
  const story = (message: string): string => message.replace(/^Column "[^"]*" /, `${field.label} `);
  const fields = { [name]: field };
  const check = checkRecord(fields, { [name]: value });
  if (!check.ok) return { ok: false, message: story(check.issues.map((issue) => issue.message).join(' ')) };
  // The viewer did not ask for the fallback of a text that cannot be drawn.
  const glyphs = checkGlyphs({ [name]: { ...field, fallback: undefined } }, check.record, template.glyphs);
  if (!glyphs.ok) return { ok: false, message: glyphs.issues.map((issue) => issue.message).join(' ') };
  return { ok: true, value: check.record[name] };
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
  const values: Record<string, unknown> = { ...record };
  const changes = new Map(before.map((change) => [change.name, change]));
  const faults: ChangeFault[] = [];
  for (const change of wanted) {
    const { name } = change;
    const field = Object.hasOwn(template.record, name) ? template.record[name] : undefined;
    const original = changes.has(name) ? changes.get(name)?.original : record[name];
    if (field === undefined) {
      faults.push({ name, message: 'This value is derived from others and cannot be changed.' });
    } else if (change.do === 'restore') {
      values[name] = original ?? undefined;
      changes.delete(name);
    } else if (change.do === 'withhold') {
      if (canWithhold(field)) {
        values[name] = field.fallback;
        changes.set(name, { name, kind: 'withheld', original });
      } else {
        faults.push({ name, message: `The video requires this value: ${field.label}.` });
      }
    } else if (change.do === 'correct') {
      const checked: Value =
        correctionOf(field) === undefined || change.value.trim() === ''
          ? { ok: false, message: notThis(field) }
          : checkValue(template, name, field, change.value);
      if (checked.ok) {
        values[name] = checked.value;
        changes.set(name, { name, kind: 'corrected', original });
      } else {
        faults.push({ name, message: checked.message });
      }
    }
  }
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, record: values, changes: [...changes.values()] };
}
