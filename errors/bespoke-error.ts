import { errorCatalogue, type ErrorCode } from './catalogue.ts';

/**
 * A failure that users see. `message` says what happened and why, in one or two sentences and without personal
 * data; the catalogue's hint says what to do.
 */
export class BespokeError extends Error {
  override readonly name = 'BespokeError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get retryable(): boolean {
    return errorCatalogue[this.code].retryable;
  }

  get hint(): string {
    return errorCatalogue[this.code].hint;
  }
}

/** Whether a failure is a BespokeError with this code. */
export function hasCode(error: unknown, code: ErrorCode): error is BespokeError {
  return error instanceof BespokeError && error.code === code;
}
