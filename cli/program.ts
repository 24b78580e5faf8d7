import { Command, Option } from 'commander';
import type { BatchOptions } from './commands/batch.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { RenderOptions } from './commands/render.ts';
import type { ServeOptions } from './commands/serve.ts';
import type { StillsOptions } from './commands/stills.ts';
import type { StudioOptions } from './commands/studio.ts';
import type { WorkerOptions } from './commands/worker.ts';
import { declareKeyCommands } from './key-commands.ts';
import { addOptions, csvOptions, examples, option } from './options/declared.ts';
import { parsePath, parseQuality, wholeNumber } from './options/parsers.ts';
import { declarePeopleCommands } from './people-commands.ts';
import type { Setting } from './setting.ts';
import { version } from './version.ts';
import { declareStoryCommands } from './story-commands.ts';

/**
 * Declares the commands. Each one's code is loaded when it runs, so that help and usage errors are shown
 * at once.
 *
 * @param finish receives the exit status of the command.
 */
export function createProgram(setting: Setting, finish: (exitCode: number) => void): Command {
  const program = new Command('bespoke')
    .description('One video per customer, from a CSV or an HTTP call.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError(true)
    .configureHelp({ styleTitle: (title) => setting.terminal.paintResult.bold(title) })
    .addHelpText(
      'after',
      examples(
        'templates',
        'plan customers.csv --template year-in-review',
        'batch customers.csv --template year-in-review --out out',
        'doctor',
      ) +
        '\nExit status: 0 success, 1 some rows failed, 2 usage or configuration error.' +
        '\nThe workspace is .bespoke/ in this folder, or BESPOKE_WORKSPACE.\n',
    );

  const command = (signature: string, summary: string): Command =>
    program.command(signature).description(summary).addOption(option.json());

  addOptions(command('batch <csv>', 'make a video for every row of a CSV'), ...csvOptions, 'concurrency')
    .option('-o, --out <folder>', 'folder for videos and results', 'out')
    .addHelpText(
      'after',
      '\nWrites <folder>/videos, posters, teasers and captions, results.csv (every row) and failed.csv\n' +
        '(rows to correct and run again). If it was stopped, the same command continues.\n' +
        examples(
          'batch customers.csv --template year-in-review',
          'batch export.csv -t renewal-offer --map "Given name=firstName" --limit 10 --quality draft',
        ),
    )
    .action(async (csv: string, options: BatchOptions) => {
      const { runBatchCommand } = await import('./commands/batch.ts');
      finish(await runBatchCommand(setting, csv, options));
    });

  addOptions(
    command('plan <csv>', 'show what a batch would render and how long it would take'),
    ...csvOptions,
  )
    .addHelpText('after', examples('plan customers.csv --template year-in-review --quality draft'))
    .action(async (csv: string, options: PlanOptions) => {
      const { runPlanCommand } = await import('./commands/plan.ts');
      finish(await runPlanCommand(setting, csv, options));
    });

  addOptions(command('render', 'make one video'), 'template', 'format', 'quality', 'asOf', 'concurrency')
    .option('--record <json>', 'the record as JSON')
    .option('--record-file <file>', 'the record as a JSON file; - reads standard input')
    .option('--customer-id <id>', 'your id for the customer, to export or erase their data later')
    .option('-o, --out <file>', 'the video to write (default: <template>.mp4)')
    .option(
      '--path <steps>',
      'what the viewer chooses, in order: choices, node=choice, form=answer',
      parsePath,
    )
    .option('--session <id>', 'render what a viewer watched in this session, instead of a record')
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
      finish(await runRenderCommand(setting, options));
    });

  addOptions(
    command('stills <csv>', 'draw still pictures of rows before rendering'),
    'template',
    'format',
    'map',
    'id',
    'asOf',
  )
    .addOption(
      new Option('-q, --quality <name>', 'draft, standard or high (default: draft for a sheet)').argParser(
        parseQuality,
      ),
    )
    .option('--row <n>', 'every scene of this row', wholeNumber('--row', 1))
    .option(
      '--worst <n>',
      'a sheet of the riskiest rows: longest, right-to-left, emoji (default: 8)',
      wholeNumber('--worst', 1, 50),
    )
    .option('-o, --out <folder>', 'folder for the pictures', 'stills')
    .addHelpText(
      'after',
      examples('stills customers.csv -t year-in-review', 'stills customers.csv -t year-in-review --row 7'),
    )
    .action(async (csv: string, options: StillsOptions) => {
      const { runStillsCommand } = await import('./commands/stills.ts');
      finish(await runStillsCommand(setting, csv, options));
    });

  command('templates', 'list the templates and their fields')
    .argument('[id]', 'only this one')
    .action(async (id: string | undefined) => {
      const { runTemplatesCommand } = await import('./commands/templates.ts');
      finish(await runTemplatesCommand(setting, id));
    });

  addOptions(command('studio', 'open the templates in Remotion Studio'), 'template', 'map', 'id', 'asOf')
    .option('--csv <file>', 'show a row of this CSV')
    .option('--row <n>', 'which row (default: 1)', wholeNumber('--row', 1))
    .option('--port <n>', 'port to listen on', wholeNumber('--port', 1, 65_535))
    .option('--no-open', 'do not open a browser window')
    .addHelpText('after', examples('studio', 'studio --csv customers.csv --row 7 -t year-in-review'))
    .action(async (options: StudioOptions) => {
      const { runStudioCommand } = await import('./commands/studio.ts');
      finish(await runStudioCommand(setting, options));
    });

  addOptions(command('serve', 'run the HTTP API with a worker'), 'concurrency', 'grace')
    .option('-p, --port <n>', 'port to listen on', wholeNumber('--port', 1, 65_535), 8787)
    .option('--host <address>', 'address to listen on; 0.0.0.0 means all', '127.0.0.1')
    .option('--no-worker', 'leave rendering to `bespoke worker`; requires REDIS_URL and DATABASE_URL')
    .addHelpText(
      'after',
      '\nThe first time, it creates an API key and shows it once. While it runs, other commands in the same\n' +
        'workspace use it. Its /docs describes every request.\n' +
        examples('serve', 'serve --host 0.0.0.0 --port 80 --no-worker'),
    )
    .action(async (options: ServeOptions) => {
      const { runServeCommand } = await import('./commands/serve.ts');
      finish(await runServeCommand(setting, options));
    });

  declareKeyCommands(program, setting, finish);
  declareStoryCommands(program, setting, finish);

  declarePeopleCommands(program, setting, finish);

  addOptions(command('worker', 'render for servers that share Redis and PostgreSQL'), 'concurrency', 'grace')
    .option(
      '--metrics-port <n>',
      'answer /metrics, /healthz and /readyz on this port',
      wholeNumber('--metrics-port', 1, 65_535),
    )
    .option('--metrics-host <address>', 'address to answer them on', '127.0.0.1')
    .addHelpText(
      'after',
      '\nRequires REDIS_URL, DATABASE_URL, BESPOKE_STORE and BESPOKE_SECRET, the same on all machines.\n',
    )
    .action(async (options: WorkerOptions) => {
      const { runWorkerCommand } = await import('./commands/worker.ts');
      finish(await runWorkerCommand(setting, options));
    });

  command('doctor', 'check browser, ffmpeg, queue, store, fonts and disk').action(async () => {
    const { runDoctorCommand } = await import('./commands/doctor.ts');
    finish(await runDoctorCommand(setting));
  });

  return program;
}
