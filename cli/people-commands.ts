import type { Command } from 'commander';
import type { EraseOptions, ExportOptions } from './commands/people.ts';
import { examples, option } from './options/declared.ts';
import type { Setting } from './setting.ts';

/** Declares `bespoke people`. @param finish receives the exit status of the command. */
export function declarePeopleCommands(
  program: Command,
  setting: Setting,
  finish: (exitCode: number) => void,
): void {
  const people = program.command('people').description("export or erase a person's data");
  const person = (name: string, description: string): Command =>
    people
      .command(name)
      .description(description)
      .option('--id <customer id>', 'your id for the customer, as in the id column')
      .option('--render <id>', 'the render or row, if no customer id was given')
      .addOption(option.json());
  person('export', 'export everything held about a person as JSON')
    .option('-o, --out <file>', 'the file to write, readable only by you')
    .addHelpText('after', examples('people export --id c-1093 --out c-1093.json'))
    .action(async (options: ExportOptions) => {
      const { runPeopleExportCommand } = await import('./commands/people.ts');
      finish(await runPeopleExportCommand(setting, options));
    });
  person('erase', "erase a person's records, videos, clips and queued work, and skip their rows from now on")
    .option('-y, --yes', 'confirm: it cannot be undone')
    .addHelpText('after', examples('people erase --id c-1093 --yes'))
    .action(async (options: EraseOptions) => {
      const { runPeopleEraseCommand } = await import('./commands/people.ts');
      finish(await runPeopleEraseCommand(setting, options));
    });
  people
    .command('welcome')
    .description('remove an erased person from the suppression list, at their own request')
    .requiredOption('--id <customer id>', 'your id for the customer')
    .addOption(option.json())
    .action(async (options: { readonly id: string }) => {
      const { runPeopleWelcomeCommand } = await import('./commands/people.ts');
      finish(await runPeopleWelcomeCommand(setting, options));
    });
}
