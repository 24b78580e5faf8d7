/**
 * A value read from what a person typed. The reason is a predicate that follows the quoted value, such
 * as `is not a number; write 1234.5`, so that callers can put column and value in front.
 */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export const accept = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const reject = (reason: string): Parsed<never> => ({ ok: false, reason });

/** The errors that spreadsheets write into cells, in the words of their English versions. */
const spreadsheetError = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|ERROR!)$/i;

/** Rejects what a spreadsheet writes in place of a value that it could not compute. */
export function rejectSpreadsheetError(text: string): Parsed<never> | undefined {
  return spreadsheetError.test(text)
    ? reject('is a spreadsheet error, not a value; repair the formula or empty the cell')
    : undefined;
}
