import { proposeMapping } from '../../data/csv/propose-mapping.ts';
import { prepareTable, tableOptions, type TableOptions } from '../../data/table/prepare-table.ts';
import { sayLocal } from '../client/remote.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { chooseTemplate, type CsvOptions } from '../input.ts';
import { scratch, takeInput } from '../take-input.ts';

/** The flags of `bespoke map`, parsed. */
export interface MapOptions extends TableOptions, Pick<CsvOptions, 'template'> {}

/** Prints a mapping of a file's columns to a template's fields, for a person to complete. */
export async function runMapCommand(
  context: CommandContext,
  argument: string,
  options: MapOptions,
): Promise<number> {
  sayLocal(context, 'A mapping is proposed for the templates of this machine.');
  const entry = chooseTemplate(await context.deployment.loadRegistry(), options.template);
  const { id, record } = entry.template;
  const { file, name } = await takeInput(context, argument, options.sheet);
  const table = await prepareTable(file, tableOptions(options), scratch, name);
  const usage = [
    `How ${name} fills the fields of ${id}. Check it, save it as map.yaml, and use it:`,
    `  bespoke plan ${argument} --template ${id} --mapping map.yaml`,
    'A field takes a column (Vorname), one value for all rows (=Plus) or a text ("{First} {Last}").',
  ];
  context.terminal.result((await proposeMapping(table, record, usage, name)).trimEnd());
  return exitCodes.ok;
}
