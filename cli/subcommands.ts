import { type Command, Option } from 'commander';
import type { AdviseOptions } from './commands/advise.ts';
import type { ImportOptions } from './commands/conversions.ts';
import type { KeyOptions } from './commands/keys.ts';
import type { RenewLinksOptions, WithdrawLinksOptions } from './commands/links.ts';
import type { EraseOptions, ExportOptions, PersonOptions } from './commands/people.ts';
import type { StoryCheckFlags, StoryGraphFlags } from './commands/story.ts';
import type { AnswersOptions } from './commands/answers.ts';
import type { ReportOptions } from './commands/report.ts';
import type { CommandContext } from './context.ts';
import {
  addOptions,
  csvOptions,
  examples,
  fileOptions,
  inputs,
  option,
  orderFlags,
  parseLinkEnd,
  parseScopes,
  wholeNumber,
  tableFlags,
} from './options.ts';

/** Declares `bespoke advise`. */
export function declareAdviseCommand(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const advise = program
    .command('advise <file>')
    .description('say whether file, template and machine are ready, and what to do with each field');
  addOptions(
    advise,
    ...csvOptions,
    ...orderFlags,
    ...(['noPictures', 'by', 'budget', 'hourPrice', 'html', 'apply'] as const),
  )
    .addOption(option.json())
    .addHelpText(
      'after',
      inputs +
        '\nJudges data, content, privacy, resources, and time and budget: ready, with care,\n' +
        'or not yet. docs/readiness.md has the criteria. Each saving is counted by planning\n' +
        'every row again. Exit status: 0 ready or with care, 1 not yet, 2 usage error.\n' +
        examples(
          'advise customers.csv -t renewal-offer',
          'advise customers.csv -t renewal-offer --by "2026-12-04 09:00" --html advice.html',
          'advise customers.csv -t renewal-offer --hour-price "0.40 EUR" --budget "50 EUR"',
        ),
    )
    .action(async (csv: string, options: AdviseOptions) => {
      const { runAdviseCommand } = await import('./commands/advise.ts');
      finish(await runAdviseCommand(context, csv, options));
    });
}

/** Declares `bespoke keys` and its subcommands. */
export function declareKeyCommands(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const keys = program.command('keys').description('create, list and revoke API keys');
  keys
    .command('create')
    .description('create a key and print it; it is shown only once')
    .requiredOption('--name <name>', 'who or what uses the key')
    .addOption(
      new Option(
        '--scope <scopes>',
        'render, read, conversions, admin, separated by commas (default: render,read)',
      ).argParser(parseScopes),
    )
    .addOption(option.json())
    .addHelpText('after', examples('keys create --name shop', 'keys create --name monitoring --scope read'))
    .action(async (options: KeyOptions) => {
      const { runKeysCreateCommand } = await import('./commands/keys.ts');
      finish(await runKeysCreateCommand(context, options));
    });
  keys
    .command('list')
    .description('list all keys, including revoked ones')
    .addOption(option.json())
    .action(async () => {
      const { runKeysListCommand } = await import('./commands/keys.ts');
      finish(await runKeysListCommand(context));
    });
  keys
    .command('revoke <id>')
    .description('revoke a key')
    .addOption(option.json())
    .action(async (id: string) => {
      const { runKeysRevokeCommand } = await import('./commands/keys.ts');
      finish(await runKeysRevokeCommand(context, id));
    });
}

/** Declares `bespoke links` and its subcommands. */
export function declareLinkCommands(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const links = program.command('links').description('list, renew, end or withdraw what was mailed');
  const id = 'the id of a campaign or a render';
  links
    .command('list')
    .description('list the links of a campaign or a render, or without an id the campaigns')
    .argument('[id]', id)
    .addOption(option.json())
    .addHelpText('after', examples('links list', 'links list 9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37 --json'))
    .action(async (of: string | undefined) => {
      const { runLinksListCommand } = await import('./commands/links.ts');
      finish(await runLinksListCommand(context, of));
    });
  links
    .command('expire')
    .description('say until when links work; default: as the server says')
    .argument('<id>', id)
    .argument('<day>', 'the last day, in UTC, such as 2026-12-31; or default', parseLinkEnd)
    .addOption(option.json())
    .addHelpText('after', examples('links expire 9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37 2026-12-31'))
    .action(async (of: string, until: string | null) => {
      const { runLinksExpireCommand } = await import('./commands/links.ts');
      finish(await runLinksExpireCommand(context, of, until));
    });
  links
    .command('renew')
    .description('make new links; the earlier ones stop working')
    .argument('<id>', id)
    .option('--until <day>', 'the last day on which they work, in UTC', parseLinkEnd)
    .option('-y, --yes', 'confirm: what was mailed stops working')
    .addOption(option.json())
    .action(async (of: string, options: RenewLinksOptions) => {
      const { runLinksRenewCommand } = await import('./commands/links.ts');
      finish(await runLinksRenewCommand(context, of, options));
    });
  links
    .command('withdraw')
    .description('end links at once, also those that viewers shared')
    .argument('<id>', id)
    .option('-y, --yes', 'confirm: what was mailed stops working')
    .addOption(option.json())
    .action(async (of: string, options: WithdrawLinksOptions) => {
      const { runLinksWithdrawCommand } = await import('./commands/links.ts');
      finish(await runLinksWithdrawCommand(context, of, options));
    });
}

/** Declares `bespoke conversions` and its subcommands. */
export function declareConversionCommands(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const conversions = program.command('conversions').description('report what your customers did');
  const load = conversions
    .command('import <file>')
    .description('report the conversions of a table, one a row; the same file again changes nothing')
    .option('--id <column>', 'whose it is (default: customer_id, id or a similar name)')
    .option('--name <column or name>', 'what they did: a column, or a name for all rows, such as renewed')
    .option('--value <column>', 'what it was worth (default: value, amount or a similar name)')
    .option('--currency <column or code>', 'a column, or a currency for all rows, such as EUR')
    .option('--at <column>', 'when they did it (default: time, date or a similar name)')
    .option('--key <column>', 'what makes each unique, such as the number of an order');
  addOptions(load, ...fileOptions, 'dateOrder', 'decimal', 'timeZone')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nThe file is read as by `bespoke batch`. Exit status: 0 success, 1 some rows\n' +
        'cannot be used, 2 usage or configuration error. docs/measurement.md explains it.\n' +
        examples(
          'conversions import renewals.csv --name renewed',
          'conversions import orders.xlsx --key "Order no"',
        ),
    )
    .action(async (file: string, options: ImportOptions) => {
      const { runConversionsImportCommand } = await import('./commands/conversions.ts');
      finish(await runConversionsImportCommand(context, file, options));
    });
}

/** Declares `bespoke report`. */
export function declareReportCommand(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  program
    .command('report <campaign>')
    .description('show how the videos of a campaign are watched, and whether they changed what customers do')
    .option(
      '--days <n>',
      'how long conversions count, from the order on (default: as the order fixed it, or 30)',
      wholeNumber('--days', 1, 365),
    )
    .option('--csv', 'print all figures as a table, one row for each')
    .option('-o, --out <file>', 'the file for --csv (default: standard output)')
    .option('--html <file>', 'also write it as one page that can be mailed, readable only by you')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nThe campaign is its id, which `bespoke links list` shows. docs/measurement.md\nexplains the figures.\n' +
        examples(
          'report 9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37',
          'report 9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37 --csv --out figures.csv',
        ),
    )
    .action(async (campaign: string, options: ReportOptions) => {
      const { runReportCommand } = await import('./commands/report.ts');
      finish(await runReportCommand(context, campaign, options));
    });
}

/** Declares `bespoke answers`. */
export function declareAnswersCommand(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  program
    .command('answers <campaign>')
    .description('write what viewers chose and answered, ready to be the next input')
    .option('-o, --out <file>', 'the file to write', 'answers.csv')
    .addOption(option.delimiter())
    .addOption(option.noBom())
    .addOption(option.bom())
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nThe campaign is its id, which `bespoke links list` shows. docs/measurement.md\nlists the columns.\n' +
        examples('answers 9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37 --out answers.csv'),
    )
    .action(async (campaign: string, options: AnswersOptions) => {
      const { runAnswersCommand } = await import('./commands/answers.ts');
      finish(await runAnswersCommand(context, campaign, options));
    });
}

/** Declares `bespoke people` and its subcommands. */
export function declarePeopleCommands(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const people = program.command('people').description("show, export or erase a person's data");
  const person = (name: string, description: string): Command =>
    people
      .command(name)
      .description(description)
      .option('--id <customer id>', 'your id for the customer, as in the id column')
      .option('--render <id>', 'the id of one of their renders, if no customer id was given');
  person('export', 'export everything held about a person as JSON')
    .option('-o, --out <file>', 'the file to write, readable only by you')
    .addOption(option.json())
    .addHelpText('after', examples('people export --id c-1093 --out c-1093.json'))
    .action(async (options: ExportOptions) => {
      const { runPeopleExportCommand } = await import('./commands/people.ts');
      finish(await runPeopleExportCommand(context, options));
    });
  person('timeline', "show what happened with a person's videos: ordered, made, watched, converted")
    .addOption(option.json())
    .addHelpText('after', examples('people timeline --id c-1093'))
    .action(async (options: PersonOptions) => {
      const { runPeopleTimelineCommand } = await import('./commands/people-timeline.ts');
      finish(await runPeopleTimelineCommand(context, options));
    });
  person('erase', "erase a person's records, videos, clips and queued work, and skip their rows from now on")
    .option('-y, --yes', 'confirm: it cannot be undone')
    .addOption(option.json())
    .addHelpText('after', examples('people erase --id c-1093 --yes'))
    .action(async (options: EraseOptions) => {
      const { runPeopleEraseCommand } = await import('./commands/people.ts');
      finish(await runPeopleEraseCommand(context, options));
    });
  people
    .command('welcome')
    .description('remove an erased person from the suppression list, at their own request')
    .requiredOption('--id <customer id>', 'your id for the customer')
    .addOption(option.json())
    .action(async (options: { readonly id: string }) => {
      const { runPeopleWelcomeCommand } = await import('./commands/people.ts');
      finish(await runPeopleWelcomeCommand(context, options));
    });
}

/** Declares `bespoke story` and its subcommands. */
export function declareStoryCommands(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const story = program.command('story').description("check or draw a template's story");
  const check = story
    .command('check <template>')
    .description('check the story without rendering')
    .option('--csv <file>', 'also check with the rows of this table');
  addOptions(check, 'limit', ...tableFlags)
    .option('--walks <n>', 'number of random walks (default: 200)', wholeNumber('--walks', 0, 1_000_000))
    .option('--seed <n>', 'seed of the random walks (default: 1)', wholeNumber('--seed', 0, 4_294_967_295))
    .option('--stored', 'also check whether the stored clips of the sample records can be joined')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nExit status: 0 no errors, 1 errors, 2 usage error. docs/stories.md explains\n' +
        'every code.\n' +
        examples('story check product-tour', 'story check product-tour --csv customers.csv --json'),
    )
    .action(async (template: string, flags: StoryCheckFlags) => {
      const { runStoryCheckCommand } = await import('./commands/story.ts');
      finish(await runStoryCheckCommand(context, template, flags));
    });
  story
    .command('graph <template>')
    .description('draw the story as SVG')
    .option('-o, --out <file>', 'the picture to write (default: <template>.svg)')
    .addOption(option.json())
    .addHelpText('after', examples('story graph product-tour', 'story graph product-tour --out tour.svg'))
    .action(async (template: string, flags: StoryGraphFlags) => {
      const { runStoryGraphCommand } = await import('./commands/story.ts');
      finish(await runStoryGraphCommand(context, template, flags));
    });
}
