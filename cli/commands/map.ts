import { proposeMapping } from '../../data/csv/propose-mapping.ts';
import { prepareTable } from '../../data/table/prepare-table.ts';
import { sayLocal } from '../client/remote.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { chooseTemplate, type CsvOptions, fileReading, type FileReading } from '../input.ts';
import { scratch, takeInput } from '../take-input.ts';

/** Prints a mapping of a file's columns to a template's fields, for a person to complete. */
export async function runMapCommand(
  context: CommandContext,
  csv: string,
  { template, ...reading }: Pick<CsvOptions, 'template'> & FileReading,
): Promise<number> {
  sayLocal(context, 'A mapping is proposed for the templates of this machine.');
  const entry = chooseTemplate(await context.deployment.loadRegistry(), template);
  const { file, name } = await takeInput(context, csv, reading.sheet);
  const table = await prepareTable(file, fileReading(reading), scratch, name);
  const { id, record } = entry.template;
  const usage = [
    `How ${csv} fills the fields of ${id}. Check it, save it as map.yaml, and use it:`,
    `  bespoke plan ${csv} --template ${id} --mapping map.yaml`,
    'A field takes a column (Vorname), one value for all rows (=Plus) or a text ("{First} {Last}").',
  ];
  context.terminal.result((await proposeMapping(table.file, record, usage, name)).trimEnd());
  return exitCodes.ok;
}
