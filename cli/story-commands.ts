import type { Command } from 'commander';
import type { StoryCheckFlags } from './commands/story-check.ts';
import type { StoryGraphFlags } from './commands/story-graph.ts';
import { addOptions, examples, option } from './options/declared.ts';
import { wholeNumber } from './options/parsers.ts';
import type { Setting } from './setting.ts';

/** Declares `bespoke story` and its subcommands. */
export function declareStoryCommands(
  program: Command,
  setting: Setting,
  finish: (exitCode: number) => void,
): void {
  const story = program.command('story').description("check or draw a template's story");
  const check = story
    .command('check <template>')
    .description('check the story without rendering')
    .option('--csv <file>', 'also check with the rows of this CSV');
  addOptions(check, 'map', 'id', 'limit', 'asOf')
    .option('--walks <n>', 'number of random walks (default: 200)', wholeNumber('--walks', 0, 1_000_000))
    .option('--seed <n>', 'seed of the random walks (default: 1)', wholeNumber('--seed', 0, 4_294_967_295))
    .option('--stored', "also check whether the stored clips of the fixtures' videos can be joined")
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nExit status: 0 no errors, 1 errors, 2 usage error. docs/stories.md explains every code.\n' +
        examples('story check product-tour', 'story check product-tour --csv customers.csv --json'),
    )
    .action(async (template: string, flags: StoryCheckFlags) => {
      const { runStoryCheckCommand } = await import('./commands/story-check.ts');
      finish(await runStoryCheckCommand(setting, template, flags));
    });
  story
    .command('graph <template>')
    .description('draw the story as SVG')
    .option('-o, --out <file>', 'the picture to write (default: <template>.svg)')
    .addOption(option.json())
    .addHelpText('after', examples('story graph product-tour', 'story graph product-tour --out tour.svg'))
    .action(async (template: string, flags: StoryGraphFlags) => {
      const { runStoryGraphCommand } = await import('./commands/story-graph.ts');
      finish(await runStoryGraphCommand(setting, template, flags));
    });
}
