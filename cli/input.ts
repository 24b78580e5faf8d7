import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { readingOptions, type ReadingOptions, readRows } from '../data/csv/read-rows.ts';
import { encodingNames } from '../data/table/encodings.ts';
import { prepareTable, type TableOptions } from '../data/table/prepare-table.ts';
import type { TableFormat } from '../data/table/formats.ts';
import type { AnyRecord } from '../data/record.ts';
import { isSuspicion, type Suspicion } from '../data/suspects.ts';
import { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import type { Format } from '../video/story/format.ts';
import type { Registry, RegistryEntry } from '../video/story/registry.ts';
import { checkRowValues, type IntakeRow, judgeSuspects } from '../worker/core/intake.ts';
import type { Quality } from '../worker/core/campaigns.ts';
import type { InputReading } from '../worker/campaigns/input-schema.ts';
import { describeInput, requestedTemplate } from '../worker/campaigns/request.ts';
import { parseRemote } from './client/remote.ts';
import { FailedRow, type CommandContext } from './context.ts';
import type { InputResult } from './json-results.ts';
import { countOf, flow, labelled } from './layout.ts';
import { type JoinedInput, sayJoined, takeJoined } from './join-input.ts';
import { decimalNames } from './options.ts';
import type { Settings } from './set-option.ts';
import type { JoinOption } from './parse-join.ts';
import { scratch } from './take-input.ts';
import { plain, type Terminal } from './terminal.ts';

/** A template and a format as the user named them. */
export interface Choice {
  readonly template: string;
  /** Unset: the template's first. */
  readonly format?: Format;
}

/**
 * Checks a choice at once where the templates are known; a remote deployment checks it itself.
 *
 * @throws BespokeError `usage-invalid`, `template-unknown`, `config-invalid`.
 */
export async function checkChoice(
  { deployment, environment }: CommandContext,
  { template, format }: { readonly template?: string; readonly format?: Format },
): Promise<Choice> {
  if (parseRemote(environment) !== undefined) {
    if (template === undefined) throw errors.templateMissing({});
    return { template, ...(format !== undefined && { format }) };
  }
  const entry = chooseTemplate(await deployment.loadRegistry(), template);
  return { template: entry.template.id, format: chooseFormat(entry, format) };
}

/**
 * The chosen template.
 *
 * @throws BespokeError `usage-invalid` when none was named, `template-unknown` with the nearest name.
 */
export function chooseTemplate(registry: Registry, id: string | undefined): RegistryEntry {
  if (id !== undefined) return requestedTemplate(registry, id);
  throw errors.templateMissing({ known: registry.map(({ template }) => template.id) });
}

/**
 * The chosen format, or the template's first.
 *
 * @throws BespokeError `usage-invalid` when the template does not support it.
 */
export function chooseFormat({ template }: RegistryEntry, format: Format | undefined): Format {
  if (format === undefined) return template.formats[0];
  if (template.formats.includes(format)) return format;
  throw errors.formatUnsupported({ template: template.id, format, formats: template.formats });
}

/** Options of every command that reads the rows of a table, as commander gives them. */
export interface TableFlags extends TableOptions, Omit<ReadingOptions, 'idColumn' | 'decimalMark'> {
  readonly id?: string;
  readonly join?: readonly JoinOption[];
  readonly decimal?: keyof typeof decimalNames;
}

/** Options of commands that make videos of a table. */
export interface CsvOptions extends TableFlags {
  readonly template?: string;
  readonly format?: Format;
  readonly quality: Quality;
  readonly strict?: boolean;
  readonly accept?: readonly Suspicion[];
  readonly coarser?: readonly string[];
  readonly set?: Settings;
}

/** How rows are read, under the names of `readRows` and the API. */
const readingOf = ({ id: idColumn, decimal, ...flags }: TableFlags): ReadingOptions =>
  readingOptions({ ...flags, idColumn, decimalMark: decimal && decimalNames[decimal] });

/** A CSV for a template. */
export interface Csv {
  readonly reading: InputReading;
  readonly joined: JoinedInput['reports'];
  /** As they will be drawn: texts that no font draws are replaced already. */
  readonly rows: () => AsyncGenerator<CsvRow>;
}

interface CsvRow extends Pick<IntakeRow, 'row' | 'check'> {
  readonly id: string;
  /** How many of its values are suspect. */
  readonly suspects: number;
}

/**
 * Opens a table for a template.
 *
 * @param argument as `takeInput` takes it.
 * @throws BespokeError as `takeInput`, `prepareTable` and `readRows` do.
 */
export async function openCsv(
  context: CommandContext,
  argument: string,
  { template }: RegistryEntry,
  options: Omit<CsvOptions, 'quality'>,
): Promise<Csv> {
  const { strict, accept } = options;
  const { linkOrigins } = (await import('../worker/config.ts')).parseConfig(context.environment);
  const { file, name, layout, reports } = await takeJoined(
    context,
    argument,
    template.id,
    options,
    template.record,
  );
  const table = await prepareTable(file, layout, scratch, name);
  const input = await readRows(table.file, {
    ...readingOf(options),
    ...{ fields: template.record, name, dialect: table.dialect },
  });
  return {
    reading: describeInput(name, table.reading, input),
    joined: reports,
    rows: async function* rows() {
      for await (const each of input.rows()) {
        const judged = judgeSuspects(each, { strict, accept });
        const { row, check, warnings } = checkRowValues({ linkOrigins }, template, judged);
        const suspects = warnings.filter(({ code }) => isSuspicion(code)).length;
        yield { row, id: each.id, check, suspects };
      }
    },
  };
}

/** The options for reading a table, under the names of the API. @param layout where the table is in its file. */
export const campaignOptions = (
  { strict, accept, coarser, set, ...flags }: Omit<CsvOptions, 'template' | 'format' | 'quality'>,
  layout: TableOptions,
) => ({
  ...layout,
  ...readingOf(flags),
  map: flags.map && Object.fromEntries(flags.map.map(({ column, field }) => [column, field])),
  strict,
  accept: accept && [...accept],
  coarser: coarser && [...coarser],
  settings: set && { ...set },
});

/**
 * The record of one row of a CSV.
 *
 * @param wanted 1-based.
 * @throws FailedRow when the row is bad, BespokeError `usage-invalid` when there are fewer rows.
 */
export async function readRow(csv: Csv, wanted: number): Promise<AnyRecord> {
  let last = 0;
  for await (const { row, check } of csv.rows()) {
    last = row;
    if (last !== wanted) continue;
    if (check.ok) return check.record;
    throw new FailedRow(new BespokeError(check.code, check.message));
  }
  throw errors.rowUnknown({ row: wanted, rows: last });
}

const delimiterNames = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'pipes',
} as const satisfies Record<InputReading['delimiter'], string>;

const formatWords = {
  csv: 'CSV',
  xlsx: 'Excel workbook',
  xls: 'old Excel workbook',
  ods: 'OpenDocument spreadsheet',
  json: 'JSON',
  ndjson: 'NDJSON',
} as const satisfies Record<TableFormat, string>;

/** How a table was understood, for `--json`. @param argument as `takeInput` takes it. */
export function inputResult(argument: string, input: InputReading): InputResult {
  return {
    file: argument === '-' || /^https?:/i.test(argument) ? input.fileName : path.resolve(argument),
    format: input.format,
    compressed: input.compressed,
    ...(input.sheet !== undefined && { sheet: input.sheet, sheets: [...(input.sheets ?? [])] }),
    encoding: input.encoding,
    encodingBy: input.encodingBy,
    headerRow: input.headerRow,
    skippedRows: input.skippedRows,
    skipped: [...input.skipped],
    delimiter: input.delimiter,
    idColumn: input.idColumn ?? null,
    mapping: [...input.mapping],
    unusedColumns: [...input.unusedColumns],
  };
}

/** What follows from a file without ids. */
function describeMissingId({ refusedId }: InputReading): readonly string[] {
  const follows =
    'A customer gets a new file and link when any cell of the row changes. Name an id column with --id.';
  if (refusedId === undefined) return [follows];
  const { column, fault, row } = refusedId;
  const faults = {
    empty: 'is empty',
    repeated: 'repeats a value',
    rounded: 'holds a number that a spreadsheet shortened',
  } as const satisfies Record<typeof fault, string>;
  return [`${plain(column)} is not used: row ${row} ${faults[fault]}.`, follows];
}

/** What kind of file an input is. */
function describeForm(input: InputReading): readonly string[] {
  const { format, compressed, sheet, sheets = [], encoding, encodingBy, delimiter } = input;
  const packed = compressed ? ['gzip'] : [];
  if (sheet !== undefined) {
    const more = sheets.length - 1;
    const others = more === 0 ? '' : ` (one of ${sheets.length}; --sheet names another)`;
    return [...packed, formatWords[format], `sheet ${plain(sheet)}${others}`];
  }
  const letters = encodingBy === 'letters' && encoding !== 'windows-1252' ? ', as its letters suggest' : '';
  const text = `${encodingNames[encoding]}${letters}`;
  const escapes = input.backslashes === true ? ['quotes behind backslashes, as MySQL writes them'] : [];
  return format === 'csv'
    ? [...packed, text, `separated by ${delimiterNames[delimiter]}`, ...escapes]
    : [...packed, formatWords[format], text];
}

const skippedWords = {
  title: 'title',
  group: 'groups of columns',
  header: 'repeated header',
  footer: 'footer',
} as const;

const mostShownSkips = 4;

/** Which rows are not customers. */
function describeLayout({ headerRow, skippedRows, skipped, format }: InputReading): readonly string[] {
  if (format === 'json' || format === 'ndjson' || (headerRow === 1 && skippedRows === 0)) return [];
  const shown = skipped
    .slice(0, mostShownSkips)
    .map(({ row, kind, text }) => `row ${row}, ${skippedWords[kind]}: ${plain(text)}`);
  const more = skippedRows - shown.length;
  return [
    `names of columns in row ${headerRow}${skippedRows === 0 ? '' : ` · ${countOf(skippedRows, 'row')} left out`}`,
    ...shown,
    ...(more > 0 && shown.length > 0 ? [`and ${countOf(more, 'more row')}`] : []),
  ];
}

/** Shows how a table was understood: its form, which column fills which field, what is unused. */
export function sayInput(terminal: Terminal, input: InputReading, joined: JoinedInput['reports'] = []): void {
  const { say, paint, columns } = terminal;
  const { mapping, idColumn, unfilledFields, unusedColumns } = input;
  const id = idColumn === undefined ? 'no id column' : `id in ${plain(idColumn)}`;
  const form = [...describeForm(input), id];
  say(labelled('Input', [`${plain(input.fileName)} · ${form.join(' · ')}`], paint));
  const layout = describeLayout(input);
  if (layout.length > 0) say(labelled('Layout', layout, paint));

  const pairs = mapping.map(({ column, field }) =>
    column === field ? field : `${plain(column)} → ${field}`,
  );
  sayJoined(terminal, joined);
  say(labelled('Columns', flow(pairs, columns()), paint));
  if (idColumn === undefined) say(labelled('No id', describeMissingId(input), paint));
  if (unfilledFields.length > 0) {
    say(labelled('No column', flow(unfilledFields, columns()), paint));
  }
  const unused = unusedColumns.filter((column) => column !== '');
  if (unused.length > 0) say(labelled('Not used', flow(unused.map(plain), columns()), paint));
}

/** One record as text, or as a file; the file `-` is standard input. */
export interface RecordOptions {
  readonly record?: string;
  readonly recordFile?: string;
}

const jsonObject = z.record(z.string(), z.unknown());

async function readText({ record, recordFile }: RecordOptions): Promise<{ text: string; source: string }> {
  if (record !== undefined && recordFile !== undefined) {
    throw errors.recordTwice();
  }
  if (record !== undefined) return { text: record, source: '--record' };
  if (recordFile === undefined) throw errors.recordMissing();
  if (recordFile === '-') return { text: await text(process.stdin), source: 'Standard input' };
  try {
    return { text: await readFile(recordFile, 'utf8'), source: recordFile };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a folder'
          : 'cannot be read by this user';
    throw errors.recordUnreadable({ file: recordFile, why }, { cause: error });
  }
}

/**
 * The JSON object of `--record` or `--record-file` (`-` is standard input). The API checks its fields.
 *
 * @throws BespokeError `usage-invalid` when there is no JSON object.
 */
export async function readRecord(options: RecordOptions): Promise<AnyRecord> {
  const { text: json, source } = await readText(options);
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw errors.recordNotJson({ source }, { cause: error });
  }
  const object = jsonObject.safeParse(value);
  if (object.success) return object.data;
  throw errors.recordNotObject({ source });
}
