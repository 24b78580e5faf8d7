import path from 'node:path';
import type { DescribedInput } from '../worker/campaigns/request.ts';
import type { InputResult } from './json-results.ts';
import { flow, labelled } from './terminal/labelled.ts';
import { plain } from './terminal/plain.ts';
import type { Terminal } from './terminal/terminal.ts';

const encodingNames = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
} as const satisfies Record<DescribedInput['encoding'], string>;

const delimiterNames = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'pipes',
} as const satisfies Record<DescribedInput['delimiter'], string>;

/** How a CSV was understood, for `--json`. */
export function inputResult(file: string, input: DescribedInput): InputResult {
  return {
    file: path.resolve(file),
    encoding: input.encoding,
    delimiter: input.delimiter,
    idColumn: input.idColumn ?? null,
    mapping: [...input.mapping],
    unusedColumns: [...input.unusedColumns],
  };
}

/** Shows how a CSV was understood: its form, which column fills which field, what is unused. */
export function sayInput(terminal: Terminal, file: string, input: DescribedInput): void {
  const { say, paint, columns } = terminal;
  const { mapping, idColumn, unfilledFields, unusedColumns } = input;
  const id = idColumn === undefined ? 'no id column; ids come from the content' : `id in ${plain(idColumn)}`;
  const form = [encodingNames[input.encoding], `separated by ${delimiterNames[input.delimiter]}`, id];
  say(labelled('Input', [`${plain(path.basename(file))} · ${form.join(' · ')}`], paint));

  const pairs = mapping.map(({ column, field }) =>
    column === field ? field : `${plain(column)} → ${field}`,
  );
  say(labelled('Columns', flow(pairs, columns()), paint));
  if (unfilledFields.length > 0) {
    say(labelled('No column', flow(unfilledFields, columns()), paint));
  }
  const unused = unusedColumns.filter((column) => column !== '');
  if (unused.length > 0) say(labelled('Not used', flow(unused.map(plain), columns()), paint));
}
