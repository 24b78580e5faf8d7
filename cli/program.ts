import { Command, Option } from 'commander';
import type { BatchOptions } from './commands/batch.ts';
import type { KeyOptions } from './commands/keys.ts';
import type { EraseOptions, ExportOptions } from './commands/people.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { RenderOptions } from './commands/render.ts';
import type { ServeOptions } from './commands/serve.ts';
import type { StillsOptions } from './commands/stills.ts';
import type { StoryCheckFlags, StoryGraphFlags } from './commands/story.ts';
import type { StudioOptions } from './commands/studio.ts';
import type { WorkerOptions } from './commands/worker.ts';
import { version, type CommandContext } from './context.ts';
import type { MapOptions } from './commands/map.ts';
import {
  addOptions,
  csvOptions,
  examples,
  fileOptions,
  option,
  parsePath,
  parseQuality,
  parseScopes,
  wholeNumber,
} from './options.ts';

/** What a command takes as its table. */
const inputs =
  '\nThe file is a CSV, an Excel or OpenDocument workbook, JSON or NDJSON, or one of\n' +
  'these compressed with gzip. - reads standard input; an https address is fetched,\n' +
  "a Google sheet's too.\n";

/**
 * Declares the commands. Each one's code is loaded when it runs, so that help and usage errors are shown
 * at once.
 *
 * @param finish receives the exit status of the command.
 */
export function createProgram(context: CommandContext, finish: (exitCode: number) => void): Command {
  const program = new Command('bespoke')
    .description('One video per customer, from a table or an HTTP call.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError(true)
    .configureHelp({ styleTitle: (title) => context.terminal.paintResult.bold(title) })
    .addHelpText(
      'after',
      examples(
        'templates',
        'plan customers.csv --template year-in-review',
        'batch customers.csv --template year-in-review --out out',
        'doctor',
      ) +
        '\nExit status: 0 success, 1 some rows failed or were cancelled, 2 usage or\nconfiguration error.' +
        '\nThe workspace is .bespoke/ in this folder, or BESPOKE_WORKSPACE.' +
        '\nWith BESPOKE_URL and BESPOKE_API_KEY set, commands use the server at that URL.\n',
    );

  const command = (signature: string, summary: string): Command =>
    program.command(signature).description(summary);

  addOptions(
    command('batch <file>', 'make a video for every row of a table: CSV, Excel, ODS or JSON'),
    ...csvOptions,
    'linkKey',
    'link',
    'linkLabel',
    'concurrency',
  )
    .addOption(option.delimiter())
    .addOption(option.noBom())
    .option('-o, --out <folder>', 'folder for videos and results', 'out')
    .addOption(option.json())
    .addHelpText(
      'after',
      inputs +
        '\nWrites videos, posters, teasers and captions, results.csv (every row) and\n' +
        'failed.csv (the rows to correct and run again). If it is stopped, run the same\n' +
        'command again: it continues.\n' +
        examples(
          'batch customers.csv --template year-in-review',
          'batch export.csv -t renewal-offer --map "Given name=firstName" --limit 10 --quality draft',
        ),
    )
    .action(async (csv: string, options: BatchOptions) => {
      const { runBatchCommand } = await import('./commands/batch.ts');
      finish(await runBatchCommand(context, csv, options));
    });

  addOptions(
    command('plan <file>', 'show what a batch would render and how long it would take'),
    ...csvOptions,
    'link',
    'linkLabel',
  )
    .addOption(option.json())
    .addHelpText(
      'after',
      inputs +
        examples(
          'plan customers.csv --template year-in-review --quality draft',
          'plan export.xlsx -t year-in-review --sheet Customers --header-row 4',
        ),
    )
    .action(async (csv: string, options: PlanOptions) => {
      const { runPlanCommand } = await import('./commands/plan.ts');
      finish(await runPlanCommand(context, csv, options));
    });

  addOptions(command('render', 'make one video'), 'template', 'format', 'quality', 'asOf', 'concurrency')
    .option('--record <json>', 'the record as JSON')
    .option('--record-file <file>', 'the record as a JSON file; - reads standard input')
    .option('--customer-id <id>', 'your id for the customer, to export or erase their data later')
    .option('-o, --out <file>', 'the video to write (default: <template>.mp4)')
    .option(
      '--path <steps>',
      'what the viewer chooses, in order, separated by commas: choice, node=choice or form=answer',
      parsePath,
    )
    .option('--session <id>', 'render what a viewer watched in this session, instead of a record')
    .addOption(option.json())
    .addHelpText(
      'after',
      examples(
        'render -t renewal-offer --record-file anna.json --out anna.mp4',
        'render -t year-in-review --record-file - < event.json',
        'render -t product-tour --record-file anna.json --path sun,evening,household=6',
      ),
    )
    .action(async (options: RenderOptions) => {
      const { runRenderCommand } = await import('./commands/render.ts');
      finish(await runRenderCommand(context, options));
    });

  addOptions(
    command('stills <file>', 'draw still pictures of rows, to check them before rendering'),
    'template',
    'format',
    'map',
    'mapping',
    'id',
    ...fileOptions,
    'asOf',
  )
    .addOption(
      new Option(
        '-q, --quality <name>',
        'draft, standard or high (default: standard with --row, otherwise draft)',
      ).argParser(parseQuality),
    )
    .option('--row <n>', 'draw every scene of this row', wholeNumber('--row', 1))
    .option(
      '--worst <n>',
      'one sheet of the rows most likely to look wrong: longest, right-to-left, emoji (default: 8)',
      wholeNumber('--worst', 1, 50),
    )
    .option('-o, --out <folder>', 'folder for the pictures', 'stills')
    .addOption(option.json())
    .addHelpText(
      'after',
      examples('stills customers.csv -t year-in-review', 'stills customers.csv -t year-in-review --row 7'),
    )
    .action(async (csv: string, options: StillsOptions) => {
      const { runStillsCommand } = await import('./commands/stills.ts');
      finish(await runStillsCommand(context, csv, options));
    });

  addOptions(
    command('map <file>', 'propose which column fills which field, as a file to complete'),
    'template',
    ...fileOptions,
  )
    .addHelpText(
      'after',
      '\nPrints the mapping. Save it, complete it, and pass it on with --mapping.\n' +
        examples(
          'map customers.csv -t year-in-review > map.yaml',
          'plan customers.csv -t year-in-review --mapping map.yaml',
        ),
    )
    .action(async (csv: string, options: MapOptions) => {
      const { runMapCommand } = await import('./commands/map.ts');
      finish(await runMapCommand(context, csv, options));
    });

  command('templates', 'list the templates and their fields')
    .argument('[id]', 'show only this template')
    .addOption(option.json())
    .action(async (id: string | undefined) => {
      const { runTemplatesCommand } = await import('./commands/templates.ts');
      finish(await runTemplatesCommand(context, id));
    });

  addOptions(
    command('studio', 'open the templates in Remotion Studio'),
    ...(['template', 'map', 'mapping', 'id', ...fileOptions, 'asOf'] as const),
  )
    .option('--csv <file>', 'show a row of this table')
    .option('--row <n>', 'the row to show (default: 1)', wholeNumber('--row', 1))
    .option('--port <n>', 'port to listen on', wholeNumber('--port', 1, 65_535))
    .option('--no-open', 'do not open a browser window')
    .addOption(option.json())
    .addHelpText('after', examples('studio', 'studio --csv customers.csv --row 7 -t year-in-review'))
    .action(async (options: StudioOptions) => {
      const { runStudioCommand } = await import('./commands/studio.ts');
      finish(await runStudioCommand(context, options));
    });

  addOptions(command('serve', 'run the HTTP API with a worker'), 'concurrency', 'grace')
    .option('-p, --port <n>', 'port to listen on', wholeNumber('--port', 1, 65_535), 8787)
    .option('--host <address>', 'address to listen on; 0.0.0.0 means all', '127.0.0.1')
    .option('--no-worker', 'leave rendering to `bespoke worker`; requires REDIS_URL and DATABASE_URL')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nThe first time, it creates an API key and shows it once. While it runs, other\n' +
        'commands in the same workspace use it. Its /docs describes every request.\n' +
        examples('serve', 'serve --host 0.0.0.0 --port 80 --no-worker'),
    )
    .action(async (options: ServeOptions) => {
      const { runServeCommand } = await import('./commands/serve.ts');
      finish(await runServeCommand(context, options));
    });

  declareKeyCommands(program, context, finish);
  declareStoryCommands(program, context, finish);
  declarePeopleCommands(program, context, finish);

  addOptions(command('worker', 'render for servers that share Redis and PostgreSQL'), 'concurrency', 'grace')
    .option(
      '--metrics-port <n>',
      'answer /metrics, /healthz and /readyz on this port',
      wholeNumber('--metrics-port', 1, 65_535),
    )
    .option('--metrics-host <address>', 'the address for --metrics-port; 0.0.0.0 means all', '127.0.0.1')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nRequires REDIS_URL, DATABASE_URL, BESPOKE_STORE and BESPOKE_SECRET, the same on\n' +
        'all machines.\n',
    )
    .action(async (options: WorkerOptions) => {
      const { runWorkerCommand } = await import('./commands/worker.ts');
      finish(await runWorkerCommand(context, options));
    });

  command('doctor', 'check that this machine can render, or that the server at BESPOKE_URL works')
    .addOption(option.json())
    .action(async () => {
      const { runDoctorCommand } = await import('./commands/doctor.ts');
      finish(await runDoctorCommand(context));
    });

  return program;
}

/** Declares `bespoke keys` and its subcommands. */
function declareKeyCommands(
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
        'render, read, admin, separated by commas (default: render,read)',
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

/** Declares `bespoke people` and its subcommands. */
function declarePeopleCommands(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const people = program.command('people').description("export or erase a person's data");
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
function declareStoryCommands(
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
): void {
  const story = program.command('story').description("check or draw a template's story");
  const check = story
    .command('check <template>')
    .description('check the story without rendering')
    .option('--csv <file>', 'also check with the rows of this table');
  addOptions(check, 'map', 'mapping', 'id', 'limit', ...fileOptions, 'asOf')
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
