import { count, defineError, didYouMean, grouped, list, listOr } from './define-error.ts';

/** A file, as its user calls it. */
export interface File {
  readonly file: string;
}

/** A row of a CSV. */
export interface CsvRow {
  /** What the user calls the file. */
  readonly name: string;
  readonly line: number;
}

/** CSV files and rows of JSON. */
export const inputErrors = {
  csvNotFile: defineError(
    'csv-unreadable',
    ({ file }: File) => `${file} is a folder or a device, not a file.`,
  ),
  csvUnreadable: defineError(
    'csv-unreadable',
    ({ file, why }: File & { readonly why: string }) => `${file} ${why}.`,
  ),
  csvEmpty: defineError('csv-empty', ({ name }: { readonly name: string }) => `${name} is empty.`),
  csvBlank: defineError(
    'csv-empty',
    ({ name }: { readonly name: string }) => `${name} contains only empty lines.`,
  ),
  csvOtherFormat: defineError(
    'csv-not-text',
    ({ name, format }: { readonly name: string; readonly format: string }) =>
      `${name} is ${format}, not a table.`,
  ),
  csvWithNul: defineError(
    'csv-not-text',
    ({ name }: { readonly name: string }) => `${name} contains NUL bytes, so it is not text.`,
  ),
  csvBinary: defineError(
    'csv-not-text',
    ({ name }: { readonly name: string }) => `${name} contains too many control characters to be text.`,
  ),
  csvDamaged: defineError(
    'csv-encoding',
    ({ name }: { readonly name: string }) => `${name} starts as UTF-16 but is damaged further on.`,
  ),
  csvMixedEncoding: defineError(
    'csv-encoding',
    ({ name, line, places }: CsvRow & { readonly places: number }) =>
      `${name} is UTF-8, but line ${line} contains bytes of another encoding (${count(places, 'place')} in total).`,
  ),
  csvChanged: defineError(
    'csv-encoding',
    ({ name }: { readonly name: string }) => `${name} changed while it was read.`,
  ),
  csvQuoteOpen: defineError(
    'csv-quotes',
    ({ name, line }: CsvRow) =>
      `In ${name} a quote opens in the row that starts on line ${line} and is not closed where the value ends.`,
  ),
  csvRowEndless: defineError(
    'csv-quotes',
    ({ name, line }: CsvRow) =>
      `In ${name} the row that starts on line ${line} is longer than a megabyte. A quote in it is probably not closed.`,
  ),
  csvTooWide: defineError(
    'csv-too-wide',
    ({ name, line, cells, most }: CsvRow & { readonly cells: number; readonly most: number }) =>
      `In ${name} the row that starts on line ${line} has ${grouped.format(cells)} cells. The limit is ${grouped.format(most)}.`,
  ),
  /** Names are shown as `showHeaders` writes them. */
  columnTwice: defineError(
    'csv-columns',
    ({ name, numbers }: { readonly name: string; readonly numbers: readonly number[] }) =>
      `${numbers.length} columns are called ${name} (columns ${numbers.join(' and ')}). Give each its own name.`,
  ),
  columnUnknown: defineError(
    'csv-columns',
    (facts: { readonly name: string; readonly nearest: string | undefined; readonly all: string }) =>
      `There is no column ${facts.name}.${didYouMean(facts.nearest)} The columns are ${facts.all}.`,
  ),
  fieldUnknown: defineError(
    'csv-columns',
    (facts: {
      readonly name: string;
      readonly nearest: string | undefined;
      readonly all: readonly string[];
    }) => {
      const guess = didYouMean(facts.nearest === undefined ? undefined : `"${facts.nearest}"`);
      return `The template has no field "${facts.name}".${guess} Its fields are ${list(facts.all)}.`;
    },
  ),
  fieldTwice: defineError(
    'csv-columns',
    ({ field }: { readonly field: string }) => `Two columns are mapped to the field "${field}".`,
  ),
  fieldUnclear: defineError(
    'csv-columns',
    (facts: {
      readonly field: string;
      readonly columns: string;
      /** Such as `--map "Town=city"`; none where columns have the same name. */
      readonly flags: readonly string[];
    }) => {
      const todo =
        facts.flags.length === 0
          ? 'Keep one, or give them different names.'
          : `Say which one is meant: ${listOr(facts.flags)}.`;
      return `The columns ${facts.columns} match the field "${facts.field}" equally well. ${todo}`;
    },
  ),
  partMissing: defineError(
    'csv-columns',
    (facts: { readonly what: string; readonly flag: string; readonly all: string }) =>
      `No column was found for ${facts.what}. Name it with ${facts.flag}. The columns are ${facts.all}.`,
  ),
  partUnclear: defineError(
    'csv-columns',
    (facts: { readonly what: string; readonly flag: string; readonly columns: string }) =>
      `The columns ${facts.columns} may all hold ${facts.what}. Name one with ${facts.flag}.`,
  ),
  fieldsUnfilled: defineError(
    'csv-columns',
    (facts: {
      readonly fields: readonly string[];
      /** Such as `--map "Fist name=firstName"`. */
      readonly guesses: readonly string[];
      readonly all: string;
    }) => {
      const guess = facts.guesses.length === 0 ? '' : ` If this is meant, add ${facts.guesses.join(' ')}.`;
      return `No column was found for ${list(facts.fields)}.${guess} The columns are ${facts.all}.`;
    },
  ),
  columnAmbiguous: defineError(
    'csv-ambiguous',
    ({
      column,
      kind,
      example,
    }: {
      readonly column: string;
      readonly kind: 'date' | 'number';
      readonly example: string;
    }) =>
      kind === 'date'
        ? `Column "${column}" holds ${example}, and no other day in it says whether the day or the month comes first. Add --date-order day-first or --date-order month-first.`
        : `Column "${column}" holds ${example}, and no other number in it says whether the mark groups thousands. Add --decimal point or --decimal comma.`,
  ),
  idColumnUnclear: defineError(
    'csv-columns',
    ({ columns, flags }: { readonly columns: string; readonly flags: readonly string[] }) =>
      `The columns ${columns} could both be the id. Say which one is: ${listOr(flags)}.`,
  ),
  linkKeyWithoutIds: defineError(
    'csv-columns',
    () =>
      'A link key keeps the link of each customer, but no column says which customer a row is about. Name that column with --id (idColumn).',
  ),
  joinWithoutIds: defineError(
    'csv-columns',
    ({ name }: { readonly name: string }) =>
      `--join gives each customer of ${name} the rows with their id, but no column says which customer a row is about. Name that column with --id.`,
  ),
  joinColumnTwice: defineError(
    'csv-columns',
    ({ name, column, field }: { readonly name: string; readonly column: string; readonly field: string }) =>
      `--join would add the column "${field}", and ${name} has "${column}" already. Remove one of them.`,
  ),
  joinTooLong: defineError(
    'csv-too-wide',
    ({ name, customers, row }: { readonly name: string; readonly customers: string; readonly row: number }) =>
      `${name} has more than 800 kB for the customer in row ${row} of ${customers}. Leave fewer rows or columns in it.`,
  ),
  joinFieldUnknown: defineError(
    'csv-columns',
    ({
      template,
      field,
      lists,
    }: {
      readonly template: string;
      readonly field: string;
      readonly lists: readonly string[];
    }) =>
      `${template} has no list "${field}" for --join. ${lists.length === 0 ? 'It has no list.' : `Its lists are ${list(lists)}.`}`,
  ),
  holdoutWithoutIds: defineError(
    'csv-columns',
    () =>
      'A control group is drawn by customer, but no column says which customer a row is about. Name that column with --id (idColumn).',
  ),
  variantsWithoutIds: defineError(
    'csv-columns',
    () =>
      'Variants are assigned by customer, but no column says which customer a row is about. Name that column with --id (idColumn).',
  ),
  variantsUnknown: defineError(
    'request-invalid',
    (facts: {
      readonly template: string;
      readonly unknown: readonly string[];
      readonly known: readonly string[];
    }) =>
      `A variant is an audience segment, or a fact that is true or false. Template ${facts.template} has none that is called ${list(facts.unknown)}. ${
        facts.known.length === 0 ? 'It has none at all.' : `It has ${list(facts.known)}.`
      }`,
  ),
  rowsMissing: defineError('request-invalid', () => 'There are no rows.'),
  rowNotObject: defineError(
    'request-invalid',
    ({ row }: { readonly row: number }) => `Row ${row} is not an object of column names and values.`,
  ),
  rowTooWide: defineError(
    'request-invalid',
    ({ row, most }: { readonly row: number; readonly most: number }) =>
      `Row ${row} has more than ${most} columns.`,
  ),
  rowsTooWide: defineError(
    'request-invalid',
    ({ most }: { readonly most: number }) => `The rows have more than ${most} columns in total.`,
  ),
  rowEmpty: defineError(
    'request-invalid',
    ({ row }: { readonly row: number }) => `Row ${row} has no values.`,
  ),
  cellInvalid: defineError(
    'request-invalid',
    ({ row, column }: { readonly row: number; readonly column: string }) =>
      `"${column}" in row ${row} must be text, a number, true, false, null or an amount such as {"amount": 12.5, "currency": "EUR"}; lists and objects only fill fields that are lists and objects.`,
  ),
  cellMoney: defineError(
    'request-invalid',
    ({ row, column }: { readonly row: number; readonly column: string }) =>
      `"${column}" in row ${row} is an amount, but it fills a field that is not money. Write text or a number.`,
  ),
  cellBoolean: defineError(
    'request-invalid',
    ({ row, column, value }: { readonly row: number; readonly column: string; readonly value: boolean }) =>
      `"${column}" in row ${row} is ${value}, but it fills a field that is not yes or no. Write text or a number.`,
  ),
};
