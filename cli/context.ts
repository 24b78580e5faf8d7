import type { BespokeError } from '../errors/bespoke-error.ts';
import manifest from '../package.json' with { type: 'json' };
import type { Registry } from '../video/story/registry.ts';
import type { Terminal } from './terminal.ts';

/** What a command works with. */
export interface Deployment {
  /** @throws BespokeError `templates-missing`, `config-invalid`. */
  readonly loadRegistry: () => Promise<Registry>;
}

/** What every command uses. */
export interface CommandContext {
  readonly deployment: Deployment;
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The words of the command line, without the program. */
  readonly args?: readonly string[];
}

/** Exit statuses. A signal ends a command with 128 plus its number, as shells expect. */
export const exitCodes = {
  ok: 0,
  /** Or were cancelled. */
  someRowsFailed: 1,
  /** A check did its work and found errors. */
  errorsFound: 1,
  /** Bad usage or configuration, or a failure that kept the command from doing its work. */
  failed: 2,
} as const;

/** Ends a command whose one row failed: reported like an error, with exit status 1. */
export class FailedRow extends Error {
  override readonly name = 'FailedRow';
  readonly exitCode = exitCodes.someRowsFailed;
  readonly failure: BespokeError;

  constructor(failure: BespokeError) {
    super(failure.message, { cause: failure });
    this.failure = failure;
  }
}

/** The version of this program. A command and the process whose API it uses must have the same one. */
export const { version } = manifest;
