import type { Key } from '../../client/api-client.ts';
import { hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { Scope } from '../../worker/core/keys.ts';
import { askClient } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { KeyCreatedResult, KeyRevokedResult, KeysResult } from '../json-results.ts';
import { formatTable } from '../layout.ts';
import { plain } from '../terminal.ts';

/** The flags of `bespoke keys create`, parsed. */
export interface KeyOptions {
  readonly name: string;
  readonly scope?: readonly Scope[];
}

/** What most clients need: order videos and read their state. */
const usualScopes: readonly Scope[] = ['render', 'read'];

/**
 * Creates an API key and prints it. It is shown only once.
 *
 * @returns 0.
 */
export async function runKeysCreateCommand(
  context: CommandContext,
  { name, scope = usualScopes }: KeyOptions,
): Promise<number> {
  const { terminal } = context;
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > 100) {
    throw errors.keyNameInvalid();
  }
  const { key: text, ...listed } = await askClient(context, ({ client }, signal) =>
    client.createKey({ name: trimmed, scopes: [...scope] }, { signal }),
  );
  terminal.say(
    `Key ${listed.id} for ${plain(listed.name)}, scopes ${listed.scopes.join(', ')}. It is shown only once:`,
  );
  terminal.result(text);
  terminal.json({ ...listed, scopes: [...listed.scopes], key: text } satisfies KeyCreatedResult);
  return exitCodes.ok;
}

const dayOf = (moment: string): string => moment.slice(0, 10);

function stateOf({ revokedAt }: Key): string {
  return revokedAt === null ? 'in use' : `revoked ${dayOf(revokedAt)}`;
}

/**
 * Lists API keys, including revoked ones, without their secrets.
 *
 * @returns 0.
 */
export async function runKeysListCommand(context: CommandContext): Promise<number> {
  const { terminal } = context;
  const keys = await askClient(context, ({ client }, signal) => client.listKeys({ signal }));
  if (keys.length === 0) {
    terminal.say('There is no key yet. Run `bespoke keys create --name NAME`.');
  } else {
    const table = formatTable(
      [{ title: 'id' }, { title: 'name' }, { title: 'scopes' }, { title: 'created' }, { title: '' }],
      keys.map((key) => [
        key.id,
        plain(key.name),
        key.scopes.join(', '),
        dayOf(key.createdAt),
        key.revokedAt === null ? stateOf(key) : terminal.paintResult.dim(stateOf(key)),
      ]),
      terminal.paintResult,
    );
    terminal.result(table);
  }
  terminal.json({ keys: keys.map((key) => ({ ...key, scopes: [...key.scopes] })) } satisfies KeysResult);
  return exitCodes.ok;
}

/** The id. A whole key is accepted too, because it contains the id. */
const idOf = (given: string): string => /^bsp_([0-9a-f]+)_/.exec(given.trim())?.[1] ?? given.trim();

/**
 * Revokes a key. A revoked key stays revoked.
 *
 * @throws BespokeError `key-unknown`.
 */
export async function runKeysRevokeCommand(context: CommandContext, given: string): Promise<number> {
  const { terminal } = context;
  const id = idOf(given);
  try {
    await askClient(context, ({ client }, signal) => client.revokeKey(id, { signal }));
  } catch (error) {
    if (!hasCode(error, 'key-unknown')) throw error;
    throw errors.keyUnknown({ id: plain(id) }, { cause: error });
  }
  terminal.result(`Revoked ${id}. All servers refuse it within two seconds.`);
  terminal.json({ id, revoked: true } satisfies KeyRevokedResult);
  return exitCodes.ok;
}
