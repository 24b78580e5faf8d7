import type { z } from 'zod';
import type { Conversion } from '../../client/conversion-calls.ts';
import { showValue } from '../../data/check-record.ts';
import { type ColumnOverride, findColumn, showHeaders, suggestMapping } from '../../data/csv/map-columns.ts';
import { readRows } from '../../data/csv/read-rows.ts';
import { readTable } from '../../data/csv/read-table.ts';
import { findIdColumn, isRounded, normalizeId } from '../../data/csv/row-id.ts';
import { number, text } from '../../data/fields.ts';
import { parseMoment } from '../../data/parse-times.ts';
import { accept } from '../../data/parse-text.ts';
import { type DateOrder, foldName } from '../../data/parse-values.ts';
import type { Field, Fields } from '../../data/record.ts';
import { unwrapCell } from '../../data/repair-text.ts';
import { prepareTable, tableOptions, type TableOptions } from '../../data/table/prepare-table.ts';
import { errors } from '../../errors/messages.ts';
import {
  conversionName,
  conversionSchema,
  isCurrency,
  largestValue,
} from '../../server/schemas/conversion.ts';
import { findTimeFault } from '../../worker/measurement/take-conversions.ts';
import type { CommandContext } from '../context.ts';
import { decimalNames } from '../options.ts';
import { scratch, takeInput } from '../take-input.ts';

/** Which columns hold what, and how they are read. */
export interface ConversionTableOptions extends TableOptions {
  /** Columns; `name` and `currency` may also be what holds for all rows. */
  readonly id?: string;
  readonly name?: string;
  readonly value?: string;
  readonly currency?: string;
  readonly at?: string;
  readonly key?: string;
  readonly dateOrder?: DateOrder;
  readonly decimal?: keyof typeof decimalNames;
  readonly timeZone?: string;
}

/** Where each part of a conversion comes from: a column, or the same text for all rows. */
type Source = { readonly column: string } | { readonly constant: string };

/** A row of the table: its conversion, or why there is none. */
export type ConversionRow = { readonly row: number } & (
  { readonly conversion: Conversion } | { readonly reason: string }
);

/** A table of conversions. */
export interface ConversionTable {
  readonly name: string;
  readonly sources: Readonly<Partial<Record<'id' | 'name' | 'value' | 'currency' | 'at' | 'key', Source>>>;
  readonly rows: () => AsyncGenerator<ConversionRow>;
}

/** Any text: it is read from the cell as it was written. */
const moment: Field<string> = {
  kind: 'date',
  label: 'Time',
  parse: (input) => accept(String(input)),
  jsonSchema: {},
  required: true,
  personal: false,
  fallback: undefined,
  aliases: [
    ...['time', 'date', 'timestamp', 'occurred at', 'happened at', 'converted at', 'conversion time'],
    ...['conversion date', 'event time', 'event date', 'created at', 'order date', 'purchase date'],
    ...['datum', 'zeit', 'zeitpunkt', 'bestelldatum', 'fecha', 'data', 'date de commande'],
  ],
  example: '2026-05-03T14:30:00Z',
};

const allFields = {
  conversion: text({
    label: 'Name',
    personal: false,
    maxLength: 64,
    example: 'renewed',
    aliases: [
      ...['conversion name', 'event', 'event name', 'goal', 'goal name', 'action', 'conversion event'],
      ...['ereignis', 'événement', 'evento'],
    ],
  }),
  value: number({
    label: 'Value',
    personal: false,
    optional: true,
    min: 0,
    max: largestValue,
    aliases: [
      ...['amount', 'revenue', 'order value', 'order total', 'total', 'price', 'conversion value'],
      ...[
        'betrag',
        'umsatz',
        'wert',
        'bestellwert',
        'montant',
        'valeur',
        'importe',
        'importo',
        'bedrag',
        'valor',
      ],
    ],
  }),
  currency: text({ label: 'Currency', personal: false, optional: true, means: 'currency' }),
  at: moment,
  key: text({ label: 'Key', personal: false, maxLength: 200 }),
} satisfies Fields;

/** What users call the parts in messages, with the option that names their column. */
const parts = {
  conversion: { what: 'the name of the conversion', flag: '--name', option: 'name' },
  value: { what: 'the value', flag: '--value', option: 'value' },
  currency: { what: 'the currency', flag: '--currency', option: 'currency' },
  at: { what: 'the time', flag: '--at', option: 'at' },
  key: { what: 'the key', flag: '--key', option: 'key' },
} as const;

type Part = keyof typeof parts;
const partNames = Object.keys(parts) as readonly Part[];

/** What holds for all rows, where an option names no column. @throws BespokeError `usage-invalid`. */
function constantOf(
  header: readonly string[],
  part: 'conversion' | 'currency',
  said: string | undefined,
): string | undefined {
  if (said === undefined || header.some((each) => foldName(each) === foldName(said))) return undefined;
  const isName = part === 'conversion';
  const meant = isName ? said.trim() : said.trim().toUpperCase();
  if (isName ? conversionName.test(meant) : isCurrency(meant)) return meant;
  const takes = isName
    ? 'a column, or a name such as renewed: letters from A to Z, digits, and the marks _ . : -'
    : 'a column, or a currency such as EUR';
  throw errors.optionInvalid({ option: parts[part].flag, takes, value: said });
}

/** The columns of the parts. @throws BespokeError `csv-columns`. */
function findColumns(
  header: readonly string[],
  fields: Fields,
  options: ConversionTableOptions,
): readonly ColumnOverride[] {
  const suggested = suggestMapping(header, fields);
  return partNames.flatMap((part) => {
    if (!(part in fields)) return [];
    const { what, flag, option } = parts[part];
    const said = options[option];
    if (said !== undefined) return [{ field: part, column: (header[findColumn(header, said)] ?? '').trim() }];
    const unclear = suggested.ambiguous.find(({ field }) => field === part);
    if (unclear !== undefined) {
      throw errors.partUnclear({ what, columns: showHeaders(unclear.columns), flag });
    }
    const found = suggested.columns.find(({ field }) => field === part);
    if (found !== undefined) return [{ field: part, column: found.column }];
    if (fields[part]?.required === true) throw errors.partMissing({ what, flag, all: showHeaders(header) });
    return [];
  });
}

/** What a schema says of a conversion, in the words of the table. */
const reasonsOf = ({ issues }: z.ZodError, columns: Readonly<Record<string, string | undefined>>): string =>
  issues
    .map(({ path: [part], message }) => {
      const column = columns[String(part)];
      return column === undefined ? message : `Column "${column}": ${message}`;
    })
    .join(' ');

/**
 * Opens a table of conversions: one a row, any number for a customer.
 *
 * @param argument as `takeInput` takes it.
 * @throws BespokeError `csv-*`, `table-*`, `usage-invalid`, `input-unreachable`.
 */
export async function openConversions(
  context: Pick<CommandContext, 'environment'>,
  argument: string,
  options: ConversionTableOptions,
): Promise<ConversionTable> {
  const { file, name } = await takeInput(context, argument, options.sheet);
  const { file: csv, dialect } = await prepareTable(file, tableOptions(options), scratch, name);
  const { cells: header } = (await readTable(csv, name, dialect)).header;

  const constants = {
    conversion: constantOf(header, 'conversion', options.name),
    currency: constantOf(header, 'currency', options.currency),
  };
  const fields: Fields = {
    ...(constants.conversion === undefined && { conversion: allFields.conversion }),
    value: allFields.value,
    ...(constants.currency === undefined && { currency: allFields.currency }),
    at: allFields.at,
    ...(options.key !== undefined && { key: allFields.key }),
  };
  const map = findColumns(header, fields, options);
  const { dateOrder, decimal, timeZone } = options;
  const input = await readRows(csv, {
    ...{ name, dialect, fields, map, dateOrder },
    decimalMark: decimal && decimalNames[decimal],
    // A customer may have several rows.
    idColumn: null,
  });
  const id = findIdColumn(input.header, options.id);
  if (id === undefined) {
    throw errors.partMissing({ what: 'the customer id', flag: '--id', all: showHeaders(header) });
  }
  const idName = (input.header[id.index] ?? '').trim();
  const columnOf = new Map(input.mapping.columns.map(({ field, column }) => [field, column]));
  const readAt = input.mapping.columns.find(({ field }) => field === 'at')?.read;
  const order = input.conventions['at']?.dateOrder;
  const atColumn = columnOf.get('at') ?? '';
  const columns = {
    ...{ customerId: idName, name: columnOf.get('conversion'), value: columnOf.get('value') },
    ...{ currency: columnOf.get('currency'), at: atColumn, key: columnOf.get('key') },
  };

  function readConversion(cells: readonly string[], record: Readonly<Record<string, unknown>>) {
    const customerId = normalizeId(cells[id?.index ?? 0] ?? '');
    if (customerId === '') return `Column "${idName}" is empty; write the id of the customer.`;
    if (isRounded(customerId)) {
      return `Column "${idName}" holds "${customerId}", which a spreadsheet made of a longer number; format the column as text and export it again.`;
    }
    const written = unwrapCell(readAt?.(cells) ?? '').trim();
    const at = parseMoment(written, { order, timeZone });
    if (!at.ok) return `Column "${atColumn}" holds "${showValue(written)}", which ${at.reason}.`;
    const late = findTimeFault(at.value, new Date());
    if (late !== undefined) {
      const why = late.charAt(0).toLowerCase() + late.slice(1);
      return `Column "${atColumn}" holds "${showValue(written)}", which ${why}`;
    }
    const { value, key } = record;
    const currency = constants.currency ?? (record['currency'] as string | undefined)?.toUpperCase();
    if (value !== undefined && currency === undefined) {
      return 'The row has a value and no currency; name its column, or a currency for all rows, with --currency.';
    }
    const parsed = conversionSchema.safeParse({
      customerId,
      name: constants.conversion ?? record['conversion'],
      ...(value !== undefined && { value, currency }),
      at: at.value.toISOString(),
      ...(key !== undefined && { key }),
    });
    return parsed.success ? parsed.data : reasonsOf(parsed.error, columns);
  }

  const source = (column: string | undefined, constant?: string): Source | undefined =>
    constant === undefined ? (column === undefined ? undefined : { column }) : { constant };
  const sources = {
    id: source(idName),
    name: source(columns.name, constants.conversion),
    value: source(columns.value),
    currency: source(columns.currency, constants.currency),
    at: source(atColumn),
    key: source(columns.key),
  };
  return {
    name,
    sources: Object.fromEntries(Object.entries(sources).filter(([, each]) => each !== undefined)),
    rows: async function* rows() {
      for await (const { row, cells, check } of input.rows()) {
        const found = check.ok ? readConversion(cells, check.record) : check.message;
        yield typeof found === 'string' ? { row, reason: found } : { row, conversion: found };
      }
    },
  };
}
