import { BespokeError } from '../errors/bespoke-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { InvalidRequest } from './invalid-request.ts';

/**
 * Runs a request. A failure whose code is listed is reported as a fault of that part of the body.
 *
 * @throws InvalidRequest with a pointer to that part.
 */
export async function nameFaults<T>(
  pointers: Partial<Readonly<Record<ErrorCode, string>>>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof BespokeError) || error instanceof InvalidRequest) throw error;
    const pointer = pointers[error.code];
    if (pointer === undefined) throw error;
    throw new InvalidRequest(error.code, error.message, [{ pointer, message: error.message }]);
  }
}
