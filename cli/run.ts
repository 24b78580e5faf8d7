import path from 'node:path';
import { CommanderError, type Command } from 'commander';
import { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import { exitCodes } from './exit-codes.ts';
import { FailedRow } from './failed-row.ts';
import { findInterrupted } from './interrupt.ts';
import { openPrivateLog } from './private-log.ts';
import { createProgram } from './program.ts';
import { isUnexpected, printError, toErrorReport } from './report-error.ts';
import type { Deployment } from './setting.ts';
import { openTerminal } from './terminal/terminal.ts';

/** Commander's message in the form of ours: `error: unknown option '--fromat'\n(Did you mean --format?)`. */
function usageError(error: CommanderError, [command = '']: readonly string[]): BespokeError {
  if (error.code === 'commander.help') return errors.subcommandMissing({ command });
  const words = error.message.replace(/^error: /, '').replace(/\n\(?([^)]*)\)?$/, '. $1');
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return new BespokeError('usage-invalid', /[.?!]$/.test(sentence) ? sentence : `${sentence}.`);
}

/** All commands throw instead of ending the process, and leave reporting to `runBespoke`. */
function tame(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const each of command.commands) tame(each);
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
  let exitCode: number = exitCodes.ok;
  try {
    const program = createProgram({ deployment, terminal, environment: env }, (code) => (exitCode = code));
    tame(program);
    if (args.length === 0) {
      terminal.say(program.helpInformation());
      exitCode = exitCodes.failed;
    } else {
      await program.parseAsync(args, { from: 'user' });
    }
  } catch (error) {
    exitCode = conclude(error);
  }
  await terminal.flush();
  return exitCode;

  function conclude(error: unknown): number {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const interrupted = findInterrupted(error);
    if (interrupted !== undefined) return interrupted.exitCode;
    const failure =
      error instanceof CommanderError
        ? usageError(error, args)
        : error instanceof FailedRow
          ? error.failure
          : error;
    const workspace = path.resolve((env['BESPOKE_WORKSPACE'] ?? '') || '.bespoke');
    const log = isUnexpected(failure)
      ? openPrivateLog(workspace, () => new Date()).failure(failure)
      : undefined;
    const debug = (env['BESPOKE_DEBUG'] ?? '') !== '';
    printError(terminal, failure, toErrorReport(failure, log), debug);
    return error instanceof FailedRow ? error.exitCode : exitCodes.failed;
  }
}
