import { Option, type Command } from 'commander';
import type { KeyOptions } from './commands/keys.ts';
import { examples, option } from './options/declared.ts';
import { parseScopes } from './options/parsers.ts';
import type { Setting } from './setting.ts';

/** Declares `bespoke keys` and its subcommands. */
export function declareKeyCommands(
  program: Command,
  setting: Setting,
  finish: (exitCode: number) => void,
): void {
  const keys = program.command('keys').description('API keys: create, list, revoke');
  keys
    .command('create')
    .description('create a key and print it; it is shown only once')
    .requiredOption('--name <name>', 'who or what uses the key')
    .addOption(
      new Option(
        '--scope <scopes>',
        'render, read, admin, separated by commas (default: render,read)',
      ).argParser(parseScopes),
    )
    .addOption(option.json())
    .addHelpText('after', examples('keys create --name shop', 'keys create --name monitoring --scope read'))
    .action(async (options: KeyOptions) => {
      const { runKeysCreateCommand } = await import('./commands/keys.ts');
      finish(await runKeysCreateCommand(setting, options));
    });
  keys
    .command('list')
    .description('list all keys, including revoked ones')
    .addOption(option.json())
    .action(async () => {
      const { runKeysListCommand } = await import('./commands/keys.ts');
      finish(await runKeysListCommand(setting));
    });
  keys
    .command('revoke <id>')
    .description('revoke a key')
    .addOption(option.json())
    .action(async (id: string) => {
      const { runKeysRevokeCommand } = await import('./commands/keys.ts');
      finish(await runKeysRevokeCommand(setting, id));
    });
}
