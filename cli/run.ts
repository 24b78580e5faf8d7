import path from 'node:path';
import { CommanderError, type Command } from 'commander';
import { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import { FailedRow, exitCodes, type Deployment } from './context.ts';
import { findInterrupted } from './interrupt.ts';
import { loadTemplatesOnce } from './load-templates.ts';
import { createProgram } from './program.ts';
import { isUnexpected, printError, toErrorReport } from './report-error.ts';
import { openTerminal } from './terminal.ts';

/** Commander's message in the form of ours: `error: unknown option '--fromat'\n(Did you mean --format?)`. */
function usageError(error: CommanderError, program: Command, args: readonly string[]): BespokeError {
  const [command = ''] = args;
  if (error.code === 'commander.help') {
    const { commands = [] } = program.commands.find((each) => each.name() === command) ?? {};
    return errors.subcommandMissing({ command, subcommands: commands.map((each) => each.name()) });
  }
  const unknown = /^error: unknown option '([^'=]+)/.exec(error.message)?.[1];
  const taking = unknown === undefined ? [] : commandsTaking(program, unknown);
  if (unknown !== undefined && taking.length > 0) {
    return errors.optionElsewhere({ option: unknown, command: nameOf(program, args), commands: taking });
  }
  const words = error.message.replace(/^error: /, '').replace(/\n\(?([^)]*)\)?$/, '. $1');
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return new BespokeError('usage-invalid', /[.?!]$/.test(sentence) ? sentence : `${sentence}.`);
}

/** Commands that take an option, by their names after `bespoke`. */
const commandsTaking = (of: Command, option: string): readonly string[] =>
  of.commands.flatMap((each) => {
    const takes = each.options.some(({ long, short }) => long === option || short === option);
    const nested = commandsTaking(each, option).map((name) => `${each.name()} ${name}`);
    return takes ? [each.name(), ...nested] : nested;
  });

/** The command that was meant, with its subcommand. */
function nameOf(program: Command, [word, ...rest]: readonly string[]): string {
  const found = program.commands.find((each) => each.name() === word);
  return found === undefined ? program.name() : `${program.name()} ${nameOf(found, rest)}`;
}

/** All commands throw instead of ending the process, and leave reporting to `runBespoke`. */
function tame(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const each of command.commands) tame(each);
}

/** The log's path, or `undefined` where it cannot be written. */
async function logFailure(failure: unknown, { BESPOKE_WORKSPACE: workspace = '' }: NodeJS.ProcessEnv) {
  // Few commands fail in this way, and loading the log takes longer than loading the commands.
  const { openPrivateLog } = await import('./engines.ts');
  return openPrivateLog(path.resolve(workspace || '.bespoke'), () => new Date()).failure(failure);
}

/**
 * Runs one command line to its end.
 *
 * @param args without interpreter and script.
 * @returns the exit status.
 */
export async function runBespoke(
  args: readonly string[],
  deployment: Deployment,
  { stdout, stderr, env }: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>,
): Promise<number> {
  const terminal = openTerminal({ stdout, stderr, env }, args.includes('--json'));
  const loadRegistry = loadTemplatesOnce(deployment.loadRegistry, terminal);
  let exitCode: number = exitCodes.ok;
  const program = createProgram(
    { deployment: { ...deployment, loadRegistry }, terminal, environment: env, args },
    (code) => (exitCode = code),
  );
  tame(program);
  try {
    if (args.length === 0) {
      terminal.say(program.helpInformation());
      exitCode = exitCodes.failed;
    } else {
      await program.parseAsync(args, { from: 'user' });
    }
  } catch (error) {
    exitCode = await conclude(error);
  }
  await terminal.flush();
  return exitCode;

  async function conclude(error: unknown): Promise<number> {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const interrupted = findInterrupted(error);
    if (interrupted !== undefined) return interrupted.exitCode;
    const failure =
      error instanceof CommanderError
        ? usageError(error, program, args)
        : error instanceof FailedRow
          ? error.failure
          : error;
    const log = isUnexpected(failure) ? await logFailure(failure, env) : undefined;
    const debug = (env['BESPOKE_DEBUG'] ?? '') !== '';
    printError(terminal, failure, toErrorReport(failure, log), debug);
    return error instanceof FailedRow ? error.exitCode : exitCodes.failed;
  }
}
