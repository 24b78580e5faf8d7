import { inspect } from 'node:util';
import { BespokeError } from '../errors/bespoke-error.ts';
import { errorCatalogue, type ErrorCode } from '../errors/catalogue.ts';
import { nameSystemError } from '../errors/system-error.ts';
import type { ErrorReport } from './json-results.ts';
import { wrapWords, type Terminal } from './terminal.ts';

const unexpected = 'Unexpected error. The log has details.';

/** An error as a user sees it. Errors without a code are `internal`, and their details are not shown. */
export function toErrorReport(error: unknown, logFile?: string): ErrorReport {
  const known = error instanceof BespokeError ? error : nameSystemError(error);
  const code: ErrorCode = known?.code ?? 'internal';
  const { title, hint, retryable } = errorCatalogue[code];
  const message = known?.message ?? unexpected;
  return { code, title, message, hint, retryable, ...(logFile === undefined ? {} : { log: logFile }) };
}

/** Whether an error is one that only a log can explain. */
export function isUnexpected(error: unknown): boolean {
  return toErrorReport(error).code === 'internal';
}

const indent = 7;

/** Prints what happened and why, then what to do. */
export function printError(terminal: Terminal, error: unknown, report: ErrorReport, debug: boolean): void {
  const { paint, say, json } = terminal;
  const width = Math.max(40, Math.min(terminal.columns(), 110) - indent);
  const sayIndented = (text: string): void => {
    for (const line of wrapWords(text, width)) say(' '.repeat(indent) + line);
  };
  say(`${paint.red('Error')}  ${paint.bold(report.title)}`);
  sayIndented(report.message);
  sayIndented(`${report.hint} (${report.code})`);
  if (report.log !== undefined) say(`${' '.repeat(indent)}Log: ${report.log}`);
  if (debug && error instanceof Error) say(`\n${inspect(error)}`);
  json({ error: report });
}
