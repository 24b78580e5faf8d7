import { BespokeError } from '../../../errors/bespoke-error.ts';

/** Where a page ends, for the next to go on from: a line's number. */
export function toCursor(page: readonly { readonly number: number }[], limit: number): string | undefined {
  const last = page.at(-1);
  return page.length < limit || last === undefined ? undefined : String(last.number);
}

/**
 * Reads a cursor that `toCursor` gave.
 *
 * @throws BespokeError `request-invalid` when it is none.
 */
export function fromCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) {
    throw new BespokeError(
      'request-invalid',
      'The cursor is none that a list gave: begin without one, and go on with the one in the answer.',
    );
  }
  return Number(cursor);
}
