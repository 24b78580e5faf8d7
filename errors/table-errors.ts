import { defineError, grouped, list, quoted } from './define-error.ts';

/** A file. */
export interface Named {
  /** What the user calls the file. */
  readonly name: string;
}

/** One way to read a place of a file. */
export interface Reading {
  readonly encoding: string;
  /** The same row in this encoding. */
  readonly text: string;
}

/** Tables of every format, before their rows are read. */
export const tableErrors = {
  tableDamaged: defineError(
    'table-unreadable',
    ({ name, format }: Named & { readonly format: string }) =>
      `${name} looks like ${format}, but it is damaged or not complete.`,
  ),
  tableEncrypted: defineError('table-unreadable', ({ name }: Named) => `${name} is protected by a password.`),
  tableWithoutCells: defineError('csv-empty', ({ name }: Named) => `${name} has no sheet with any cells.`),
  sheetBlank: defineError(
    'csv-empty',
    ({ name, sheet }: Named & { readonly sheet: string }) => `The sheet "${sheet}" of ${name} is empty.`,
  ),
  jsonBroken: defineError(
    'table-unreadable',
    ({ name, line }: Named & { readonly line?: number | undefined }) =>
      `${name} is not valid JSON${line === undefined ? '' : ` on line ${line}`}.`,
  ),
  jsonRowNotObject: defineError(
    'table-unreadable',
    ({ name, row }: Named & { readonly row: number }) =>
      `Entry ${row} of ${name} is not an object. Each customer must be an object of column names and values.`,
  ),
  jsonWithoutList: defineError(
    'table-unreadable',
    ({ name, lists }: Named & { readonly lists: readonly string[] }) =>
      lists.length > 1
        ? `${name} contains several lists of objects (${list(quoted(lists))}). Keep the one with the customers.`
        : `${name} contains no list of objects. Write a list such as [{"id": "c-1", "first_name": "Anna"}].`,
  ),
  tableFileTooLarge: defineError(
    'table-too-large',
    ({ name, megabytes, format }: Named & { readonly megabytes: number; readonly format: string }) =>
      `${name} is larger than ${grouped.format(megabytes)} MB, the limit for ${format}.`,
  ),
  tableUnpackedTooLarge: defineError(
    'table-too-large',
    ({ name, megabytes }: Named & { readonly megabytes: number }) =>
      `${name} is larger than ${grouped.format(megabytes)} MB when it is unpacked, which is the limit.`,
  ),
  tableBomb: defineError(
    'table-too-large',
    ({ name }: Named) =>
      `${name} unpacks to far more than a table of its size contains, so it was not unpacked.`,
  ),
  tableCellsTooMany: defineError(
    'table-too-large',
    ({ name, most }: Named & { readonly most: number }) =>
      `${name} has more than ${grouped.format(most)} cells, which is the limit for workbooks and JSON.`,
  ),
  tableColumnsTooMany: defineError(
    'table-too-large',
    ({ name, most }: Named & { readonly most: number }) =>
      `${name} has more than ${grouped.format(most)} columns, which is the limit.`,
  ),
  tableTooSlow: defineError(
    'table-too-large',
    ({ name, seconds }: Named & { readonly seconds: number }) =>
      `${name} was not read within ${seconds} seconds, which is the limit.`,
  ),
  tableTooHeavy: defineError(
    'table-too-large',
    ({ name }: Named) => `${name} needs more memory than a table may take.`,
  ),
  sheetUnknown: defineError(
    'table-sheet',
    (facts: Named & { readonly sheet: string; readonly sheets: readonly string[] }) =>
      `${facts.name} has no sheet "${facts.sheet}". Its sheets are ${list(quoted(facts.sheets))}.`,
  ),
  sheetOfText: defineError(
    'table-sheet',
    ({ name, format }: Named & { readonly format: string }) => `${name} is ${format}, which has no sheets.`,
  ),
  headerRowMissing: defineError(
    'table-layout',
    ({ name, row }: Named & { readonly row: number }) =>
      `Row ${row} of ${name} is empty or does not exist, so it cannot be the header.`,
  ),
  footerTooLong: defineError(
    'table-layout',
    ({ name, rows, skip }: Named & { readonly rows: number; readonly skip: number }) =>
      `${name} has ${grouped.format(rows)} rows below its header, but ${grouped.format(skip)} should be skipped at its end.`,
  ),
  headerOfJson: defineError(
    'table-layout',
    ({ name }: Named) => `${name} is JSON, which has neither header row nor footer.`,
  ),
  inputUnreachable: defineError(
    'input-unreachable',
    ({ host, why }: { readonly host: string; readonly why: string }) =>
      `The table could not be fetched from ${host}: ${why}.`,
  ),
  inputIsPage: defineError(
    'input-unreachable',
    ({ host }: { readonly host: string }) =>
      `${host} answered with a web page instead of a table. The file is probably not shared with everyone who has the link.`,
  ),
  encodingUnclear: defineError(
    'csv-encoding-unclear',
    ({ name, row, readings }: Named & { readonly row: number; readonly readings: readonly Reading[] }) => {
      const shown = readings.map(({ encoding, text }) => `"${text}" (${encoding})`);
      const flags = readings.map(({ encoding }) => `--encoding ${encoding}`);
      return `${name} does not say which encoding its letters are in, and more than one fits. Row ${row} is ${shown.join(' or ')}. Add ${flags.join(' or ')}.`;
    },
  ),
  encodingUnknownLetters: defineError(
    'csv-encoding-unclear',
    ({ name, row, text }: Named & { readonly row: number; readonly text: string }) =>
      `${name} is in no encoding that makes sense of its letters. In Windows-1252, row ${row} is "${text}". Name the encoding, such as --encoding windows-1250.`,
  ),
  encodingWrong: defineError(
    'csv-encoding',
    ({ name, encoding }: Named & { readonly encoding: string }) =>
      `${name} contains bytes that are no letters in ${encoding}.`,
  ),
};
