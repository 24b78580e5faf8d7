/**
 * Writes `letter-pairs.json`: for each language, which letters beyond ASCII stand beside which letters, in names of
 * people and in the words that Node's own locale data has. `npx tsx data/table/make-letter-pairs.ts`
 */
import { readFileSync, writeFileSync } from 'node:fs';

const at = (name: string): URL => new URL(name, import.meta.url);

/** Names of people and places by language. */
const names = JSON.parse(readFileSync(at('names-by-language.json'), 'utf8')) as Record<string, string>;

const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
const pairsOfLetters = letters.flatMap((a) => letters.map((b) => a + b));

function* localeWords(locale: string): Generator<string> {
  const kinds = [
    ['language', pairsOfLetters],
    ['region', pairsOfLetters.map((code) => code.toUpperCase())],
    ['currency', Intl.supportedValuesOf('currency')],
  ] as const;
  for (const [type, codes] of kinds) {
    const shown = new Intl.DisplayNames(locale, { type, fallback: 'none' });
    for (const code of codes) yield shown.of(code) ?? '';
  }
  for (let month = 0; month < 12; month += 1) {
    yield new Intl.DateTimeFormat(locale, { month: 'long', day: 'numeric' }).format(new Date(2026, month, 5));
  }
  for (const unit of Intl.supportedValuesOf('unit')) {
    for (const count of [1, 2, 5]) {
      yield new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
    }
  }
}

/** Scripts whose words are judged by their characters alone. */
const byCharacter = new Set(['zh-Hans', 'zh-Hant', 'ja', 'ko']);

const result: Record<string, string> = {};
for (const [locale, own] of Object.entries(names)) {
  const found = new Set<string>();
  // Locale data has foreign names too, such as "São Tomé" in German.
  const alphabet = /^\p{scx=Latin}/u.test(own) ? new Set(own.normalize('NFC').toLowerCase()) : undefined;
  for (const text of [own, ...localeWords(locale)]) {
    // Encodings of bytes have the cedilla in place of the comma of today's Romanian.
    const written = locale === 'ro' ? text.replaceAll('ș', 'ş').replaceAll('ț', 'ţ') : text;
    for (const word of written.normalize('NFC').split(/[^\p{L}\p{M}々ー]+/u)) {
      const marked = `^${word.toLowerCase()}$`;
      for (let index = 1; index < marked.length - 1; index += 1) {
        const letter = marked.charAt(index);
        if (letter < '\u0080' || alphabet?.has(letter) === false) continue;
        if (byCharacter.has(locale)) found.add(letter);
        else found.add(marked.charAt(index - 1) + letter).add(letter + marked.charAt(index + 1));
      }
    }
  }
  result[locale] = [...found].sort().join('');
}
writeFileSync(at('letter-pairs.json'), `${JSON.stringify(result, null, 1)}\n`);
