import { BespokeError } from '../errors/bespoke-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';

/** One fault of a request. */
export interface RequestFault {
  /** JSON pointer into the body (`/record/plan`), or the name of a parameter or header. */
  readonly pointer: string;
  readonly message: string;
}

/** An invalid request, with all of its faults. */
export class InvalidRequest extends BespokeError {
  readonly faults: readonly RequestFault[];

  constructor(code: ErrorCode, message: string, faults: readonly RequestFault[]) {
    super(code, message);
    this.faults = faults;
  }
}
