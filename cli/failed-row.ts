import { exitCodes } from './exit-codes.ts';
import type { BespokeError } from '../errors/bespoke-error.ts';

/** Ends a command that did its work, but whose one row failed; told like an error, other exit status. */
export class FailedRow extends Error {
  override readonly name = 'FailedRow';
  readonly exitCode = exitCodes.someRowsFailed;
  readonly failure: BespokeError;

  constructor(failure: BespokeError) {
    super(failure.message, { cause: failure });
    this.failure = failure;
  }
}
