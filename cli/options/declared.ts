import { Option, type Command } from 'commander';
import { parseColumnOverride } from '../../data/csv/map-columns.ts';
import { collect, parseDay, parseFormat, parseQuality, wholeNumber } from './parsers.ts';

/** Options that several commands take. */
export const option = {
  template: () => new Option('-t, --template <id>', 'the template to use; see `bespoke templates`'),
  format: () =>
    new Option('-f, --format <ratio>', "16:9, 9:16 or 1:1 (default: the template's first)").argParser(
      parseFormat,
    ),
  quality: () =>
    new Option('-q, --quality <name>', 'draft (a third of the size), standard or high')
      .argParser(parseQuality)
      .default('standard'),
  map: () =>
    new Option('-m, --map <column=field>', 'fill a field from this column; may be repeated').argParser(
      collect(parseColumnOverride),
    ),
  id: () => new Option('--id <column>', 'the id column (default: customer_id, id or a similar name)'),
  limit: () =>
    new Option('-n, --limit <rows>', 'read only the first rows').argParser(wholeNumber('--limit', 1)),
  asOf: () =>
    new Option(
      '--as-of <day>',
      'the date that the videos are made for, YYYY-MM-DD (default: today)',
    ).argParser(parseDay),
  concurrency: () =>
    new Option('-c, --concurrency <n>', 'clips to render at a time (default: number of cores)').argParser(
      wholeNumber('--concurrency', 1, 64),
    ),
  grace: () =>
    new Option('--grace <seconds>', 'time for running work to end when stopped (default: 30)').argParser(
      wholeNumber('--grace', 0, 3600),
    ),
  json: () => new Option('--json', 'print the result as JSON'),
} as const;

/** Options of everything that reads a CSV. */
export const csvOptions = ['template', 'format', 'quality', 'map', 'id', 'limit', 'asOf'] as const;

/** The examples at the end of a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ bespoke ${line}`).join('\n')}\n`;

/** Adds options of the table to a command. */
export function addOptions(to: Command, ...names: readonly (keyof typeof option)[]): Command {
  for (const name of names) to.addOption(option[name]());
  return to;
}
