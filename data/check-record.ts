import type { Field, FieldIssue, Fields, RecordCheck, RecordOf, AnyRecord, ValueWarning } from './record.ts';
import { collapseText } from './parse-text.ts';
import { findNearest } from './parse-values.ts';
import { findLocale } from './locale-names.ts';
import { decodeEntities, findAddress, unwrapCell } from './repair-text.ts';
import { looksLikePlaceholder } from './suspects.ts';

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

/** Whether a value says nothing: missing, or only spaces and invisible characters. */
export function isEmpty(value: unknown): boolean {
  if (typeof value !== 'string') return value === undefined || value === null;
  return !/[!-~]/.test(value) && collapseText(value) === '';
}

/** What is made of values that a field does not accept. */
interface Leniency {
  readonly emptyAsFallback: boolean;
  readonly lenient: boolean;
}

/** What is said of an accepted value. */
type Found = Pick<ValueWarning, 'code'> & { readonly reason: string };

const nothing: readonly Found[] = [];

type Checked =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly warnings: readonly Found[];
    }
  | { readonly ok: false; readonly reason: string };

/** What a text means without the marks of the system that it comes from. */
function repair({ kind }: Field, value: string): string {
  const unwrapped = unwrapCell(value).trim();
  switch (kind) {
    case 'text':
    case 'paragraphs':
      return decodeEntities(unwrapped).trim();
    case 'locale':
      return findLocale(unwrapped) ?? unwrapped;
    case 'image':
    case 'link':
      return findAddress(unwrapped);
    default:
      return unwrapped;
  }
}

/** @param reason what is to be said of the value. */
const holds = (value: unknown, reason: string): string => `holds "${showValue(value)}", which ${reason}`;

const messageOf = (column: string, reason: string): string => `Column "${column}" ${reason}.`;

/** Whether a value that its field refuses is left out: what says nothing of what is drawn, or stands for nothing. */
const mayBeLeftOut = ({ kind, required }: Field, value: unknown): boolean =>
  !required &&
  kind !== 'text' &&
  kind !== 'paragraphs' &&
  (kind === 'image' ||
    kind === 'locale' ||
    (typeof value === 'string' && looksLikePlaceholder(value.trim())));

function checkValue(
  field: Field,
  value: unknown,
  asOf: string,
  { emptyAsFallback, lenient }: Leniency,
): Checked {
  const meant = typeof value === 'string' ? repair(field, value) : value;
  if (isEmpty(meant)) {
    return field.required && !(emptyAsFallback && field.fallback !== undefined)
      ? { ok: false, reason: `is empty; write a value such as ${showValue(field.example)}` }
      : { ok: true, value: field.fallback, warnings: nothing };
  }
  const parsed = field.parse(meant);
  const { ok }: { readonly ok: unknown } = parsed;
  if (typeof ok !== 'boolean') throw new TypeError('A field does not say whether it accepts a value.');
  if (!parsed.ok) {
    const reason = holds(value, parsed.reason);
    if (!lenient || !mayBeLeftOut(field, meant)) return { ok: false, reason };
    const warning = { code: 'unusable-value', reason: `${reason}; it is left out` } as const;
    return { ok: true, value: field.fallback, warnings: [warning] };
  }
  const isRepaired = typeof value === 'string' && meant !== value.trim();
  const suspect = field.suspect?.(parsed.value, asOf, meant);
  if (!isRepaired && suspect === undefined) return { ok: true, value: parsed.value, warnings: nothing };
  const warnings: Found[] = isRepaired
    ? [{ code: 'value-repaired', reason: holds(value, `is read as "${showValue(meant)}"`) }]
    : [];
  if (suspect !== undefined) warnings.push({ code: suspect.kind, reason: holds(value, suspect.reason) });
  return { ok: true, value: parsed.value, warnings };
}

/** Fields may be a template's own code: one that throws, or does not answer, refuses the value. */
function tryValue(...of: Parameters<typeof checkValue>): Checked {
  try {
    return checkValue(...of);
  } catch (error) {
    const kind = error instanceof Error ? error.name : typeof error;
    return { ok: false, reason: `cannot be checked, since its field throws ${kind}; correct the template` };
  }
}

/** Today in UTC, as ISO `YYYY-MM-DD`: the day that a campaign takes where nobody names one. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** What values are held against. */
interface CheckOptions {
  /** ISO date that is today in the videos. Default: today in UTC. */
  readonly asOf?: string | undefined;
  /** The CSV column of each field, for messages; a field's own name where missing. */
  readonly columnByField?: Readonly<Record<string, string>>;
  /** Required fields whose empty values take their fallback. */
  readonly emptyAsFallback?: ReadonlySet<string>;
  /** Whether an optional value that its field refuses is left out, with a warning. */
  readonly lenient?: boolean;
}

const none: ReadonlySet<string> = new Set();

/**
 * Checks one row or JSON body against a template's fields. Returns the record, or every issue of the row. Values
 * are given by field name; empty or missing ones take the field's fallback.
 */
export function checkRecord<F extends Fields>(
  fields: F,
  cellsByField: Readonly<Record<string, unknown>>,
  { asOf = today(), columnByField = {}, emptyAsFallback = none, lenient = false }: CheckOptions = {},
): RecordCheck<RecordOf<F>> {
  const record: Record<string, unknown> = {};
  const issues: FieldIssue[] = [];
  const warnings: ValueWarning[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(cellsByField, name) ? cellsByField[name] : undefined;
    const checked = tryValue(field, value, asOf, { emptyAsFallback: emptyAsFallback.has(name), lenient });
    const column = (Object.hasOwn(columnByField, name) ? columnByField[name] : undefined) ?? name;
    if (!checked.ok) {
      const shown = isEmpty(value) ? '' : showValue(value);
      issues.push({ field: name, column, value: shown, message: messageOf(column, checked.reason) });
      continue;
    }
    record[name] = checked.value;
    for (const { code, reason } of checked.warnings) {
      warnings.push({ code, field: column, message: messageOf(column, reason) });
    }
  }
  return issues.length === 0 ? { ok: true, record: record as RecordOf<F>, warnings } : { ok: false, issues };
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
export function checkBody(fields: Fields, body: AnyRecord, asOf?: string): RecordCheck {
  const check = checkRecord(fields, body, { asOf });
  const unknown = unknownFields(fields, body);
  const reworded = <I extends { readonly message: string }>(issues: readonly I[]): readonly I[] =>
    issues.map((issue) => ({ ...issue, message: issue.message.replace(/^Column /, 'Field ') }));
  if (check.ok && unknown.length === 0) return { ...check, warnings: reworded(check.warnings) };
  return { ok: false, issues: [...reworded(check.ok ? [] : check.issues), ...unknown] };
}
