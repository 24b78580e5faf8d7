import {
  type Field,
  type FieldIssue,
  type Fields,
  type RecordCheck,
  type RecordOf,
  type AnyRecord,
  isFetched,
  rowFields,
  type ValueWarning,
} from './record.ts';
import { rootOf } from './leaves.ts';
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
    case 'audio':
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
  (isFetched({ kind }) ||
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
  /** Whether names in lists and objects that no field has are issues. */
  readonly strictNames?: boolean;
}

const none: ReadonlySet<string> = new Set();

/** The check of one record, with what it has found so far. */
interface Checking extends Pick<Leniency, 'lenient'> {
  readonly asOf: string;
  /** The column of a value, by its path. */
  readonly columnOf: (path: string) => string;
  readonly hasFallback: (path: string) => boolean;
  /** Whether a name that no field of an object has is an issue. */
  readonly strictNames: boolean;
  readonly issues: FieldIssue[];
  readonly warnings: ValueWarning[];
}

const isObject = (value: unknown): value is AnyRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function refuse({ columnOf, issues }: Checking, path: string, value: unknown, reason: string): void {
  const column = columnOf(path);
  const shown = isEmpty(value) ? '' : showValue(value);
  issues.push({ field: path, column, value: shown, message: messageOf(column, reason) });
}

function checkLeaf(checking: Checking, field: Field, value: unknown, path: string): unknown {
  const { asOf, lenient, hasFallback, columnOf, warnings } = checking;
  const checked = tryValue(field, value, asOf, { emptyAsFallback: hasFallback(path), lenient });
  if (!checked.ok) {
    refuse(checking, path, value, checked.reason);
    return undefined;
  }
  for (const { code, reason } of checked.warnings) {
    const column = columnOf(path);
    warnings.push({ code, field: column, message: messageOf(column, reason) });
  }
  return checked.value;
}

/** Values may be nested by anyone, to any depth; a template's fields go a few levels deep. */
const deepest = 8;

/** Whether a part of a record says nothing: neither it nor anything in it has a value. */
function isBlank(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return isEmpty(value);
  return depth < deepest && Object.values(value).every((part) => isBlank(part, depth + 1));
}

const notJson = Symbol('not JSON');

/** The value that a text has as JSON; other values as they are. */
function readJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(unwrapCell(value));
  } catch {
    return notJson;
  }
}

function checkObject(checking: Checking, field: Field, value: unknown, path: string): unknown {
  const { required, fallback, example, fields = {} } = field;
  const meant = isEmpty(value) ? undefined : readJson(value);
  if (isBlank(meant)) {
    if (required) refuse(checking, path, undefined, `is empty; write a value such as ${showValue(example)}`);
    return fallback;
  }
  if (isObject(meant)) return checkFields(checking, fields, meant, `${path}.`);
  const what = meant === notJson ? 'is not JSON' : 'is not an object';
  refuse(checking, path, value, holds(value, `${what}; write it such as ${showValue(example)}`));
  return undefined;
}

/** @returns the items that say something, each with its place among all. */
function findItems(checking: Checking, field: Field, value: unknown, path: string) {
  const meant = isEmpty(value) ? [] : (readJson(value) ?? []);
  if (Array.isArray(meant)) {
    return [...(meant as readonly unknown[]).entries()].filter(([, item]) => !isBlank(item));
  }
  const what = meant === notJson ? 'is not JSON' : 'is not a list';
  const reason = holds(value, what);
  // Brackets alone are JSON that is broken.
  const isJson = typeof value === 'string' && /^\s*[[{]/.test(value);
  if (checking.lenient && !isJson && mayBeLeftOut(field, value)) {
    const column = checking.columnOf(path);
    const message = messageOf(column, `${reason}; it is left out`);
    checking.warnings.push({ code: 'unusable-value', field: column, message });
    return [];
  }
  refuse(checking, path, value, `${reason}; write it such as ${showValue(field.example)}`);
  return undefined;
}

const countItems = (count: number): string => `${count} ${count === 1 ? 'item' : 'items'}`;

function checkList(checking: Checking, field: Field, value: unknown, path: string): unknown {
  const { fields = {}, items: bounds = { min: 0, max: Infinity, tooMany: 'refuse' }, example } = field;
  const found = findItems(checking, field, value, path);
  if (found === undefined) return undefined;
  const { min, max, tooMany } = bounds;
  if (found.length < min) {
    const has = found.length === 0 ? 'is empty' : `has ${countItems(found.length)}`;
    refuse(
      checking,
      path,
      undefined,
      `${has}; give it ${countItems(min)} at least, such as ${showValue(example)}`,
    );
  }
  if (found.length > max) {
    const has = `has ${countItems(found.length)}`;
    if (tooMany === 'refuse') {
      refuse(checking, path, undefined, `${has}; leave ${countItems(max)} at most`);
    } else {
      const column = checking.columnOf(path);
      const message = messageOf(column, `${has}; only the first ${max} are used`);
      checking.warnings.push({ code: 'list-shortened', field: column, message });
    }
  }
  return found.slice(0, max).map(([at, item]) => {
    const own = `${path}[${at}]`;
    if (isObject(item)) return checkFields(checking, fields, item, `${own}.`);
    refuse(
      checking,
      own,
      item,
      holds(item, `is not an object; write the list such as ${showValue(example)}`),
    );
    return undefined;
  });
}

function checkFields(
  checking: Checking,
  fields: Fields,
  values: AnyRecord,
  prefix: string,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (field.setting === true) {
      record[name] = field.fallback;
      continue;
    }
    const check = field.kind === 'list' ? checkList : field.kind === 'object' ? checkObject : checkLeaf;
    record[name] = check(checking, field, value, `${prefix}${name}`);
  }
  if (prefix !== '' && checking.strictNames) checking.issues.push(...unknownFields(fields, values, prefix));
  return record;
}

/** The column of a path: its own, or that of the list or object that it is part of. */
const findColumn =
  (columns: Readonly<Record<string, string>>) =>
  (path: string): string => {
    if (Object.hasOwn(columns, path)) return columns[path] ?? path;
    const root = rootOf(path);
    const column = Object.hasOwn(columns, root) ? columns[root] : undefined;
    return column === undefined ? path : `${column}${path.slice(root.length)}`;
  };

/**
 * Checks one row or JSON body against a template's fields. Returns the record, or every issue of the row. Values
 * are given by field name; empty or missing ones take the field's fallback.
 */
export function checkRecord<F extends Fields>(
  fields: F,
  cellsByField: Readonly<Record<string, unknown>>,
  options: CheckOptions = {},
): RecordCheck<RecordOf<F>> {
  const { asOf = today(), columnByField = {}, emptyAsFallback = none, lenient = false } = options;
  const checking: Checking = {
    ...{ asOf, lenient, strictNames: options.strictNames === true },
    columnOf: findColumn(columnByField),
    hasFallback: (path) => emptyAsFallback.has(path),
    issues: [],
    warnings: [],
  };
  const record = checkFields(checking, fields, cellsByField, '');
  const { issues, warnings } = checking;
  return issues.length === 0 ? { ok: true, record: record as RecordOf<F>, warnings } : { ok: false, issues };
}

/** Longer names are not typing mistakes, and comparing them takes long. */
const longestName = 100;
const mostUnknown = 20;

function unknownFields(fields: Fields, body: AnyRecord, prefix = ''): readonly FieldIssue[] {
  const own = rowFields(fields);
  return Object.keys(body)
    .filter((name) => !Object.hasOwn(own, name))
    .slice(0, mostUnknown)
    .map((name) => {
      const nearest = name.length > longestName ? undefined : findNearest(name, Object.keys(own));
      const shown = showValue(`${prefix}${name}`);
      if (Object.hasOwn(fields, name)) {
        const message = `"${shown}" is a setting: it belongs in the settings of the order, not in a record.`;
        return { field: shown, column: shown, value: '', message };
      }
      const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
      return { field: shown, column: shown, value: '', message: `There is no field "${shown}".${guess}` };
    });
}

/**
 * Checks a record from a JSON object. A field that the template does not have is an issue: otherwise a misspelt
 * optional field would show its fallback to a customer.
 */
export function checkBody(fields: Fields, body: AnyRecord, asOf?: string): RecordCheck {
  const check = checkRecord(fields, body, { asOf, strictNames: true });
  const unknown = unknownFields(fields, body);
  const reworded = <I extends { readonly message: string }>(issues: readonly I[]): readonly I[] =>
    issues.map((issue) => ({ ...issue, message: issue.message.replace(/^Column /, 'Field ') }));
  if (check.ok && unknown.length === 0) return { ...check, warnings: reworded(check.warnings) };
  return { ok: false, issues: [...reworded(check.ok ? [] : check.issues), ...unknown] };
}
