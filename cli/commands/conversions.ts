import type { Client } from '../../client/api-client.ts';
import type { Conversion } from '../../client/conversion-calls.ts';
import { mostConversions } from '../../server/schemas/conversion.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import {
  type ConversionTable,
  type ConversionTableOptions,
  openConversions,
} from '../conversions/read-conversions.ts';
import type { ConversionsImportedResult } from '../json-results.ts';
import { countOf, flow, formatCount, labelled } from '../layout.ts';
import { plain } from '../terminal.ts';

/** The flags of `bespoke conversions import`, parsed. */
export type ImportOptions = ConversionTableOptions;

/** Refused rows that are shown, and those of `--json`. */
const mostShown = 20;
const mostListed = 1_000;

/** Rows between two lines of progress. */
const progressRows = 50_000;

const words = {
  id: 'customer',
  name: 'name',
  value: 'value',
  currency: 'currency',
  at: 'time',
  key: 'key',
} as const;

function describeSources({ sources }: ConversionTable): readonly string[] {
  return (Object.keys(words) as readonly (keyof typeof words)[]).flatMap((part) => {
    const source = sources[part];
    if (source === undefined) return [];
    const from = 'column' in source ? plain(source.column) : `${plain(source.constant)} in all rows`;
    return [`${from} → ${words[part]}`];
  });
}

/** What became of the rows of a table. */
interface Sent {
  readonly rows: ConversionsImportedResult['rows'];
  readonly known: ConversionsImportedResult['known'];
  readonly listed: ConversionsImportedResult['refused'];
}

/** Below this share of known customers, the ids are likely those of something else. */
const fewKnown = 0.1;

/** Says how many conversions are of customers of a campaign, and warns where these are few. */
function printKnown(
  { terminal: { result, say, paint } }: CommandContext,
  known: number,
  usable: number,
  { sources: { id } }: ConversionTable,
): void {
  if (usable === 0) return;
  result(`${formatCount(known)} of ${formatCount(usable)} are of customers that Bespoke knows.`);
  if (known >= fewKnown * usable) return;
  const column = id !== undefined && 'column' in id ? plain(id.column) : '';
  say(
    `${paint.yellow('Warning')}  ${known === 0 ? 'None' : 'Few'} of the ids in the column "${column}" are ids of your campaigns. If you expected more, name the column with the ids that your campaigns use: --id <column>.`,
  );
}

/** Sends a table in parts as it is read, so that its length does not matter. */
async function sendRows(
  { terminal }: CommandContext,
  client: Pick<Client, 'addConversions'>,
  table: ConversionTable,
  signal: AbortSignal,
): Promise<Sent> {
  const listed: { row: number; reason: string }[] = [];
  let [total, accepted, repeated, refused] = [0, 0, 0, 0];
  let known: number | null = 0;
  let batch: Conversion[] = [];
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    const answer = await client.addConversions(batch, { signal });
    accepted += answer.accepted;
    repeated += answer.repeated;
    known = known === null || answer.known === null ? null : known + answer.known;
    batch = [];
  };
  for await (const each of table.rows()) {
    signal.throwIfAborted();
    total += 1;
    if ('conversion' in each) batch.push(each.conversion);
    else {
      refused += 1;
      if (listed.length < mostListed) listed.push(each);
      if (refused <= mostShown) terminal.say(`row ${each.row}: ${each.reason}`);
    }
    if (batch.length === mostConversions) await send();
    if (total % progressRows === 0) terminal.say(`progress  ${countOf(total, 'row')} read`);
  }
  await send();
  if (refused > mostShown) {
    terminal.say(
      `and ${countOf(refused - mostShown, 'more row')} that cannot be used; --json lists up to 1,000`,
    );
  }
  return { rows: { total, accepted, repeated, refused }, known, listed };
}

/**
 * Reports the conversions of a table. Rows that cannot be used are named and do not stop the others. The same file
 * again changes nothing.
 *
 * @param argument as `takeInput` takes it.
 * @returns 0, or 1 where rows could not be used.
 */
export async function runConversionsImportCommand(
  context: CommandContext,
  argument: string,
  options: ImportOptions,
): Promise<number> {
  const { terminal } = context;
  const table = await openConversions(context, argument, options);
  const columns = describeSources(table);
  terminal.say(labelled('Columns', flow(columns, terminal.columns()), terminal.paint));
  const { rows, known, listed } = await askClient(context, ({ client }, signal) =>
    sendRows(context, client, table, signal),
  );
  const repeated = rows.repeated === 0 ? '' : `, ${formatCount(rows.repeated)} known before`;
  const refused = rows.refused === 0 ? '' : `, ${countOf(rows.refused, 'row')} not usable`;
  terminal.result(`${countOf(rows.accepted, 'new conversion')}${repeated}${refused}.`);
  if (known !== null) printKnown(context, known, rows.accepted + rows.repeated, table);
  terminal.json({
    file: table.name,
    columns: table.sources,
    rows,
    known,
    refused: listed,
  } satisfies ConversionsImportedResult);
  return rows.refused === 0 ? exitCodes.ok : exitCodes.someRowsFailed;
}
