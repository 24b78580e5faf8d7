const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const split = (text: string): readonly string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

const cased = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
const letter = /[\p{L}\p{N}]/u;

/**
 * The one or two signs that stand for a name: first letters of its first two parts in scripts that
 * have capitals, one whole sign in all others, an emoji whole. Empty only for a name without signs.
 */
export function initialsOf(name: string): string {
  const parts = name
    .trim()
    .split(/[\s\-‐–·]+/u)
    .map((part) => {
      const signs = split(part);
      return signs.find((sign) => letter.test(sign)) ?? signs[0];
    })
    .filter((sign) => sign !== undefined);
  const first = parts[0];
  if (first === undefined) return '';
  const second = parts[1];
  if (!cased.test(first) || second === undefined || !cased.test(second)) return first.toUpperCase();
  return (first + second).toUpperCase();
}
