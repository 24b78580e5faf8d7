import { type Join, type JoinReport, joinTables } from '../data/table/join-tables.ts';
import {
  type PreparedTable,
  prepareTable,
  tableOptions,
  type TableOptions,
} from '../data/table/prepare-table.ts';
import type { SavedMapping } from '../data/csv/saved-mapping.ts';
import type { Fields } from '../data/record.ts';
import { errors } from '../errors/messages.ts';
import { requestedTemplate } from '../worker/campaigns/request.ts';
import { parseRemote } from './client/remote.ts';
import type { CommandContext } from './context.ts';
import { countOf, labelled } from './layout.ts';
import type { JoinOption } from './parse-join.ts';
import { scratch, type TakenInput, takeInput } from './take-input.ts';
import { plain, type Terminal } from './terminal.ts';

/** An input with what was joined to it. */
export interface JoinedInput extends TakenInput {
  /** How the file is read, in place of what the user said of the one without the joined tables. */
  readonly layout: TableOptions;
  /** The table as the user has it, where others were joined to it. */
  readonly original?: PreparedTable;
  readonly reports: readonly JoinReport[];
}

/** Names of lists among fields. */
const listNames = (fields: Fields): readonly string[] =>
  Object.entries(fields).flatMap(([name, { kind }]) => (kind === 'list' ? [name] : []));

/** Names of a template's lists, also of one on another server. */
async function listsOf(context: CommandContext, template: string): Promise<readonly string[]> {
  if (parseRemote(context.environment) === undefined) {
    return listNames(requestedTemplate(await context.deployment.loadRegistry(), template).template.record);
  }
  const { askClient } = await import('./client/with-client.ts');
  const { fields } = await askClient(context, ({ client }, signal) =>
    client.getTemplate(template, { signal }),
  );
  return fields.flatMap(({ name, kind }) => (kind === 'list' ? [name] : []));
}

async function openJoin(context: CommandContext, { field, file, key }: JoinOption): Promise<Join> {
  const taken = await takeInput(context, file, undefined);
  const { file: table, dialect } = await prepareTable(taken.file, {}, scratch, taken.name);
  return { field, key, table: { file: table, dialect, name: taken.name } };
}

/** What the user says of an input and the tables that are joined to it. */
interface JoinFlags extends TableOptions {
  readonly id?: string | undefined;
  readonly mapping?: SavedMapping | undefined;
  readonly join?: readonly JoinOption[] | undefined;
}

/**
 * Brings an input onto this machine, as `takeInput` does, and joins the tables of `--join` to it.
 *
 * @throws BespokeError as `takeInput`, `prepareTable` and `joinTables` do; `csv-columns` for a list that the template
 * does not have.
 * @param fields of the template where it is one of this machine. Default: those of the deployment that the command uses.
 */
export async function takeJoined(
  context: CommandContext,
  argument: string,
  template: string,
  options: JoinFlags,
  fields?: Fields,
): Promise<JoinedInput> {
  const taken = await takeInput(context, argument, options.sheet);
  const { join: joins = [] } = options;
  if (joins.length === 0) return { ...taken, layout: tableOptions(options), reports: [] };
  const lists = fields === undefined ? await listsOf(context, template) : listNames(fields);
  for (const { field } of joins) {
    if (!lists.includes(field)) throw errors.joinFieldUnknown({ template, field, lists });
  }
  const original = await prepareTable(taken.file, tableOptions(options), scratch, taken.name);
  const customers = { file: original.file, dialect: original.dialect, name: taken.name };
  const opened: Join[] = [];
  for (const each of joins) opened.push(await openJoin(context, each));
  const idColumn = options.id ?? options.mapping?.id;
  const { table, reports } = await joinTables(customers, opened, idColumn, scratch);
  // It begins with its header, and has only customers.
  return { file: table.file, name: taken.name, layout: { headerRow: 1, skipFooter: 0 }, original, reports };
}

function describe({ name, field, joined, customers, strangers, zeros, firstStranger }: JoinReport): string {
  const said = `${plain(name)} → ${field}: ${countOf(joined, 'row')} for ${countOf(customers, 'customer')}`;
  if (strangers === 0) return said;
  const lost = `${countOf(strangers, 'row')} of no customer, the first on line ${firstStranger}`;
  const why = zeros === 0 ? '' : ` (${zeros} but for zeros before the id)`;
  return `${said} · ${lost}${why}`;
}

/** Shows what became of the rows of joined tables. */
export function sayJoined(
  { say, paint }: Pick<Terminal, 'say' | 'paint'>,
  reports: readonly JoinReport[],
): void {
  if (reports.length > 0) say(labelled('Joined', reports.map(describe), paint));
}
