import { BespokeError } from './bespoke-error.ts';
import type { ErrorCode } from './catalogue.ts';

/**
 * Declares an error: its code, and its message as a function of the facts. The message says what happened and
 * why; the catalogue's hint says what to do.
 */
export const defineError =
  <Facts = void>(code: ErrorCode, message: (facts: Facts) => string) =>
  (facts: Facts, options?: ErrorOptions): BespokeError =>
    new BespokeError(code, message(facts), options);

export const grouped = new Intl.NumberFormat('en');

/** `1 row`, `1,204 rows`. */
export const count = (number: number, one: string): string =>
  `${grouped.format(number)} ${one}${number === 1 ? '' : 's'}`;

export const list = (names: readonly string[]): string => names.join(', ');

/** `a, b or c`. */
export const listOr = (names: readonly string[]): string =>
  names.length < 2 ? list(names) : `${list(names.slice(0, -1))} or ${names.at(-1) ?? ''}`;

export const quoted = (names: readonly string[]): readonly string[] => names.map((name) => `"${name}"`);

export const didYouMean = (shown: string | undefined): string =>
  shown === undefined ? '' : ` Did you mean ${shown}?`;
