import leven from 'leven';
import { normalizeText, accept, reject, type Parsed } from './parse-text.ts';

/** The letters and digits of a name in lower case, equal for all of its spellings. */
export function foldName(name: string): string {
  return normalizeText(name, 'NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

/** A swap of two letters counts as two edits. */
const allowedEdits = (name: string) => (name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3)));

/** Comparing two names takes time that grows with the product of their lengths; names of fields and columns are short. */
const longestCompared = 100;
const mostCompared = 1_000;

/** The candidate that was probably meant, or `undefined` if none is similar. */
export function findNearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > longestCompared) return undefined;
  const folded = foldName(name);
  const [nearest] = candidates
    .slice(0, mostCompared)
    .filter((candidate) => candidate.length <= longestCompared)
    .map((candidate) => ({ candidate, distance: leven(folded, foldName(candidate)) }))
    .filter(({ candidate, distance }) => distance <= allowedEdits(candidate))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

/** `a, b or c`. */
export function listChoices(choices: readonly string[]): string {
  const last = choices.at(-1) ?? '';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`;
}

/** Finds a choice without regard to case, spaces and hyphens, and returns its declared spelling. */
export function parseChoice<V extends string>(text: string, choices: readonly V[]): Parsed<V> {
  const folded = foldName(text);
  const found = choices.find((choice) => foldName(choice) === folded);
  if (found !== undefined) return accept(found);
  const nearest = findNearest(text, choices);
  const hint = nearest === undefined ? '' : `, perhaps ${nearest}`;
  return reject(`is not one of the choices; write ${listChoices(choices)}${hint}`);
}
