/** Signs that begin a formula in some spreadsheet, their full-width forms included. */
const formulaStart = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** A number or a telephone number: a sign, then digits and what groups them. A sign alone is a dash. */
const signedNumber = /^[+-](?: ?\(?\d[\d .,()]*)?$/;

/** Whether a spreadsheet may run this cell as a formula when the file is opened. */
export function startsFormula(cell: string): boolean {
  return formulaStart.test(cell) && !signedNumber.test(cell);
}

/** A text of ours as a cell that no spreadsheet runs: an apostrophe before it says that it is text. */
export function guardFormula(cell: string): string {
  return formulaStart.test(cell) ? `'${cell}` : cell;
}
