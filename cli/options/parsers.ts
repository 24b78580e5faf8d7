import { errors } from '../../errors/messages.ts';
import { formats, isFormat, type Format } from '../../video/story/format.ts';
import type { Scope } from '../../worker/core/keys.ts';
import { qualities, type Quality } from '../../worker/core/campaigns.ts';

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

function refuse(option: string, takes: string, value: string): never {
  throw errors.optionInvalid({ option, takes, value });
}

/** Parses a whole number within bounds; `takes` in the message describes it. */
export function wholeNumber(
  option: string,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): (value: string) => number {
  const takes =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${min} up`
      : `a whole number from ${min} to ${max}`;
  return (value) => {
    const number = Number(value);
    if (!/^\d{1,15}$/.test(value) || number < min || number > max) refuse(option, takes, value);
    return number;
  };
}

/** A format as people write it: `16:9`, `16x9`, `16/9`. @throws BespokeError `usage-invalid` */
export function parseFormat(value: string): Format {
  const folded = value.trim().replace(/[x/×]/i, ':');
  return isFormat(folded) ? folded : refuse('--format', list(formats), value);
}

/** A quality by name, in any case. @throws BespokeError `usage-invalid` */
export function parseQuality(value: string): Quality {
  const folded = value.trim().toLowerCase();
  return Object.hasOwn(qualities, folded)
    ? (folded as Quality)
    : refuse('--quality', list(Object.keys(qualities)), value);
}

/** An ISO day that exists. */
export function parseDay(value: string): string {
  const time = Date.parse(`${value}T00:00:00Z`);
  const exists =
    /^\d{4}-\d{2}-\d{2}$/.test(value) &&
    Number.isFinite(time) &&
    new Date(time).toISOString().startsWith(value);
  return exists ? value : refuse('--as-of', 'a day such as 2026-01-31', value);
}

/** Collects an option that may be repeated. */
export function collect<T>(
  parse: (value: string) => T,
): (value: string, before?: readonly T[]) => readonly T[] {
  return (value, before = []) => [...before, parse(value)];
}

/**
 * Steps of a path, separated by commas; `\\,` is a comma of an answer.
 *
 * @throws BespokeError `usage-invalid`
 */
export function parsePath(value: string): readonly string[] {
  const steps = value.split(/(?<!\\),/).map((step) => step.replaceAll('\\,', ',').trim());
  if (steps.includes('')) refuse('--path', 'choices separated by commas', value);
  return steps;
}

const scopes: readonly Scope[] = ['render', 'read', 'admin'];

/** Scopes separated by commas, together with earlier ones. @throws BespokeError `usage-invalid` */
export function parseScopes(value: string, before: readonly Scope[] = []): readonly Scope[] {
  const named = value.split(',').map((each) => {
    const name = each.trim().toLowerCase();
    return scopes.find((scope) => scope === name) ?? refuse('--scope', list(scopes), each.trim());
  });
  return [...new Set([...before, ...named])];
}
