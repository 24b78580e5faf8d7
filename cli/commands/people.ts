import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ErasureReceipt, PersonExport, PersonName } from '../../client/api-client.ts';
import { errors } from '../../errors/messages.ts';
import { parseConfig } from '../../worker/config.ts';
import { parseRemote } from '../client/remote.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { PersonErasedResult, PersonExportedResult, PersonWelcomedResult } from '../json-results.ts';
import { countOf, typedPath } from '../layout.ts';

/** Whose data `bespoke people` is about. */
export interface PersonOptions {
  readonly id?: string;
  readonly render?: string;
}

/** The flags of `bespoke people erase`, parsed. */
export interface EraseOptions extends PersonOptions {
  readonly yes?: boolean;
}

/** The flags of `bespoke people export`, parsed. */
export interface ExportOptions extends PersonOptions {
  readonly out?: string;
}

/** @throws BespokeError `usage-invalid` unless exactly one of both is given. */
export function namedBy({ id, render }: PersonOptions): PersonName {
  if (id !== undefined && render === undefined && id.trim() !== '') return { customerId: id };
  if (render !== undefined && id === undefined && render.trim() !== '') return { renderId: render.trim() };
  throw errors.personUnnamed();
}

function describeReceipt({ removed, barred, unreadInputs }: ErasureReceipt): string {
  const { videos, records, inputRows, clips, conversions, files, jobs } = removed;
  const parts = [
    countOf(videos, 'video'),
    countOf(records, 'record'),
    countOf(inputRows, 'row of uploads', 'rows of uploads'),
    countOf(clips, 'clip'),
    countOf(conversions, 'conversion'),
    countOf(files, 'file'),
    countOf(jobs, 'job'),
  ];
  const later = barred ? ' Their rows are skipped from now on.' : '';
  const unread =
    unreadInputs === 0
      ? ''
      : ` ${countOf(unreadInputs, 'upload')} could not be read, so they were not searched.`;
  return `Erased: ${parts.join(', ')}.${later}${unread}`;
}

/**
 * Erases everything about a person, with `--yes`.
 *
 * @returns 0.
 * @throws BespokeError `usage-invalid` without a confirmation.
 */
export async function runPeopleEraseCommand(context: CommandContext, options: EraseOptions): Promise<number> {
  const { terminal } = context;
  const named = namedBy(options);
  if (options.yes !== true) throw errors.erasureUnconfirmed();
  const receipt = await askClient(context, ({ client }, signal) => client.erasePerson(named, { signal }));
  for (const line of receipt.notReached) terminal.say(`Not reached: ${line}`);
  terminal.result(`${describeReceipt(receipt)}\nReceipt ${receipt.id}, ${receipt.erasedAt}`);
  terminal.json(receipt satisfies PersonErasedResult);
  return exitCodes.ok;
}

/** Links do not work while no server is known that answers them. */
const withoutLinks = (found: PersonExport): PersonExport => ({
  ...found,
  videos: found.videos.map(({ links: _links, ...video }) => video),
});

/**
 * Writes everything held about a person as JSON, to a file of mode 0600 or as the result.
 *
 * @returns 0.
 */
export async function runPeopleExportCommand(
  context: CommandContext,
  options: ExportOptions,
): Promise<number> {
  const { terminal, environment } = context;
  const named = namedBy(options);
  const found = await askClient(context, ({ client }, signal) => client.exportPerson(named, { signal }));
  const isReached =
    parseRemote(environment) !== undefined || parseConfig(environment).publicUrl !== undefined;
  const exported = z.json().parse(JSON.parse(JSON.stringify(isReached ? found : withoutLinks(found))));
  const text = JSON.stringify(exported, null, 2);
  if (found.videos.length === 0 && found.conversions.length === 0) {
    terminal.say('Nothing is held about this person.');
  }
  if (options.out === undefined) {
    terminal.result(text);
    terminal.json({ exported, file: null } satisfies PersonExportedResult);
    return exitCodes.ok;
  }
  const file = path.resolve(options.out);
  try {
    await writeFile(file, `${text}\n`, { mode: 0o600 });
  } catch (cause) {
    throw errors.fileNotWritable({ file: typedPath(file) }, { cause });
  }
  terminal.result(typedPath(file));
  terminal.json({ exported, file } satisfies PersonExportedResult);
  return exitCodes.ok;
}

/**
 * Removes an erased person from the suppression list, at their own request.
 *
 * @returns 0.
 */
export async function runPeopleWelcomeCommand(
  context: CommandContext,
  { id }: { readonly id: string },
): Promise<number> {
  const { terminal } = context;
  const { welcome } = await askClient(context, ({ client }, signal) =>
    client.welcomePerson({ customerId: id }, { signal }),
  );
  terminal.result(
    welcome
      ? 'Their rows are rendered again from now on.'
      : 'They were not on the suppression list; nothing has changed.',
  );
  terminal.json({ welcome } satisfies PersonWelcomedResult);
  return exitCodes.ok;
}
