import { BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import type { Scope } from '../../worker/core/keys.ts';
import type { Key } from '../../client/api-client.ts';
import { exitCodes } from '../exit-codes.ts';
import type { KeyCreatedResult, KeyRevokedResult, KeysResult } from '../json-results.ts';
import type { Setting } from '../setting.ts';
import { plain } from '../terminal/plain.ts';
import { formatTable } from '../terminal/table.ts';
import { askClient } from '../with-client.ts';

/** The flags of `bespoke keys create`, parsed. */
export interface KeyOptions {
  readonly name: string;
  readonly scope?: readonly Scope[];
}

/** What most clients need: to order videos and to see what became of them. */
const usualScopes: readonly Scope[] = ['render', 'read'];

/**
 * Makes an API key and prints it, the only time that it is shown.
 *
 * @returns 0.
 */
export async function runKeysCreateCommand(
  setting: Setting,
  { name, scope = usualScopes }: KeyOptions,
): Promise<number> {
  const { terminal } = setting;
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > 100) {
    throw new BespokeError('usage-invalid', '--name takes 1 to 100 characters that say whose key it is.');
  }
  const { key: text, ...listed } = await askClient(setting, ({ client }, signal) =>
    client.createKey({ name: trimmed, scopes: [...scope] }, { signal }),
  );
  terminal.say(
    `Key ${listed.id} for ${plain(listed.name)}, scopes ${listed.scopes.join(', ')}. It is shown only now:`,
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
 * Lists API keys, revoked ones too. Their texts are known to nobody but those who were given them.
 *
 * @returns 0.
 */
export async function runKeysListCommand(setting: Setting): Promise<number> {
  const { terminal } = setting;
  const keys = await askClient(setting, ({ client }, signal) => client.listKeys({ signal }));
  if (keys.length === 0) {
    terminal.say('There is no key yet. `bespoke keys create --name NAME` makes one.');
  } else {
    const table = formatTable(
      [{ title: 'id' }, { title: 'name' }, { title: 'scopes' }, { title: 'made' }, { title: '' }],
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

/** The id, also where somebody gives the whole key, which it is a part of. */
const idOf = (given: string): string => /^bsp_([0-9a-f]+)_/.exec(given.trim())?.[1] ?? given.trim();

/**
 * Takes the right of a key away. One that was revoked before stays revoked.
 *
 * @throws BespokeError `key-unknown`.
 */
export async function runKeysRevokeCommand(setting: Setting, given: string): Promise<number> {
  const { terminal } = setting;
  const id = idOf(given);
  try {
    await askClient(setting, ({ client }, signal) => client.revokeKey(id, { signal }));
  } catch (error) {
    if (!hasCode(error, 'key-unknown')) throw error;
    throw new BespokeError('key-unknown', `No key has the id "${plain(id)}".`, { cause: error });
  }
  terminal.result(`Revoked ${id}. Servers refuse it two seconds from now at the latest.`);
  terminal.json({ id, revoked: true } satisfies KeyRevokedResult);
  return exitCodes.ok;
}
