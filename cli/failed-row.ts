import { exitCodes } from './exit-codes.ts';
import type { BespokeError } from '../errors/bespoke-error.ts';

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
