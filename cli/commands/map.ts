import { requireFile } from '../../data/csv/detect-encoding.ts';
import { proposeMapping } from '../../data/csv/propose-mapping.ts';
import { sayLocal } from '../client/remote.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import { chooseTemplate, type CsvOptions } from '../input.ts';

/** Prints a mapping of a file's columns to a template's fields, for a person to complete. */
export async function runMapCommand(
  context: CommandContext,
  csv: string,
  { template }: Pick<CsvOptions, 'template'>,
): Promise<number> {
  sayLocal(context, 'A mapping is proposed for the templates of this machine.');
  const entry = chooseTemplate(await context.deployment.loadRegistry(), template);
  await requireFile(csv);
  const { id, record } = entry.template;
  const usage = [
    `How ${csv} fills the fields of ${id}. Check it, save it as map.yaml, and use it:`,
    `  bespoke plan ${csv} --template ${id} --mapping map.yaml`,
    'A field takes a column (Vorname), one value for all rows (=Plus) or a text ("{First} {Last}").',
  ];
  context.terminal.result((await proposeMapping(csv, record, usage)).trimEnd());
  return exitCodes.ok;
}
