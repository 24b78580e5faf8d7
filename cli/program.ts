import { Command, Option } from 'commander';
import type { ImportCompositionOptions } from './commands/import.ts';
import type { BatchOptions } from './commands/batch.ts';
import type { MapOptions } from './commands/map.ts';
import type { CheckOptions } from './commands/check.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { RenderOptions } from './commands/render.ts';
import type { ServeOptions } from './commands/serve.ts';
import type { SliceOptions } from './commands/slice.ts';
import type { StillsOptions } from './commands/stills.ts';
import type { StudioOptions } from './commands/studio.ts';
import type { WorkerOptions } from './commands/worker.ts';
import { version, type CommandContext } from './context.ts';

import {
  addOptions,
  csvOptions,
  examples,
  fileOptions,
  inputs,
  option,
  orderFlags,
  parsePath,
  parseQuality,
  tableFlags,
  wholeNumber,
} from './options.ts';
import {
  declareAnswersCommand,
  declareConversionCommands,
  declareReportCommand,
  declareAdviseCommand,
  declareKeyCommands,
  declareLinkCommands,
  declarePeopleCommands,
  declareStoryCommands,
} from './subcommands.ts';

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
    ...orderFlags,
    'concurrency',
  )
    .addOption(option.delimiter())
    .addOption(option.noBom())
    .addOption(option.bom())
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
    command('plan <file>', 'show what a batch would render, what is doubtful, and how long it would take'),
    ...csvOptions,
    ...orderFlags,
    'allPictures',
    'noPictures',
  )
    .addOption(option.json())
    .addHelpText(
      'after',
      inputs +
        '\nFetches the pictures that the rows name, and reports those that cannot be had or\n' +
        'would hardly be seen. A picture is fetched once: running plan again looks at more\n' +
        'of them, and batch does not fetch them again that day.\n' +
        examples(
          'plan customers.csv --template year-in-review --quality draft',
          'plan export.xlsx -t year-in-review --sheet Customers --header-row 4',
        ),
    )
    .action(async (csv: string, options: PlanOptions) => {
      const { runPlanCommand } = await import('./commands/plan.ts');
      finish(await runPlanCommand(context, csv, options));
    });

  declareAdviseCommand(program, context, finish);

  addOptions(
    command('render', 'make one video'),
    ...(['template', 'format', 'quality', 'asOf', 'coarser', 'set', 'concurrency'] as const),
  )
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
    ...tableFlags,
    'coarser',
    'set',
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

  command('init <folder>', 'make a project for templates of your own')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nWrites package.json, a template, a table and the settings of TypeScript. Files that\n' +
        'exist stay as they are; package.json gets what it lacks.\n' +
        examples('init my-campaigns', 'init .'),
    )
    .action(async (folder: string) => {
      const { runInitCommand } = await import('./commands/init.ts');
      finish(await runInitCommand(context, folder));
    });

  command('import <file>', 'make templates of the compositions of a Remotion project')
    .option('-c, --composition <id...>', 'the compositions to import (default: only list them)')
    .option('--as <id>', 'the id of the template, for one composition')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\n<file> exports the root component with the <Composition> elements. Each prop that a\n' +
        'column of a table can fill becomes a field; the component stays as it is.\n' +
        examples('import ../film/src/Root.tsx', 'import ../film/src/Root.tsx --composition Promo'),
    )
    .action(async (file: string, options: ImportCompositionOptions) => {
      const { runImportCommand } = await import('./commands/import.ts');
      finish(await runImportCommand(context, file, options));
    });

  addOptions(command('check <template>', 'draw a template’s fixtures and report what is wrong'), 'format')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nDraws ten frames of each scene for each fixture, twice, and once with another day on\n' +
        'the clock. Reports all at once: what cannot be drawn and why (fonts, addresses, files,\n' +
        'mistakes), frames that come out differently, and what is played.\n' +
        examples('check promo') +
        '\nExit status 1: something was found.\n',
    )
    .action(async (template: string, options: CheckOptions) => {
      const { runCheckCommand } = await import('./commands/check.ts');
      finish(await runCheckCommand(context, template, options));
    });

  command('slice <template>', 'find out which seconds of a template are personal')
    .option('-s, --scene <name...>', 'the scenes to look at (default: all)')
    .option('--write', 'write the cuts into the template')
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nDraws each scene with inputs that differ in one value at a time, and compares the\n' +
        'frames. Where what they read changes, the scene is cut; parts that read nothing\n' +
        'personal are rendered once for everyone. The film stays the same, frame by frame.\n' +
        examples('slice promo', 'slice promo --write'),
    )
    .action(async (template: string, options: SliceOptions) => {
      const { runSliceCommand } = await import('./commands/slice.ts');
      finish(await runSliceCommand(context, template, options));
    });

  addOptions(command('studio', 'open the templates in Remotion Studio'), 'template', ...tableFlags)
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
    .option(
      '-p, --port <n>',
      'port to listen on; 0 means any free one',
      wholeNumber('--port', 0, 65_535),
      8787,
    )
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
  declareLinkCommands(program, context, finish);
  declarePeopleCommands(program, context, finish);
  declareConversionCommands(program, context, finish);
  declareReportCommand(program, context, finish);
  declareAnswersCommand(program, context, finish);

  addOptions(command('worker', 'render for servers that share Redis and PostgreSQL'), 'concurrency', 'grace')
    .option(
      '--metrics-port <n>',
      'answer /metrics, /healthz and /readyz on this port; 0 means any free one',
      wholeNumber('--metrics-port', 0, 65_535),
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
