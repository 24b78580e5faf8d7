import type { Direction } from '../story/locale-direction.ts';

const strong = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|\p{L}/u;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Direction of a text's first letter; text without letters follows `otherwise`. */
export function directionOf(text: string, otherwise: Direction = 'ltr'): Direction {
  const first = strong.exec(text)?.[0];
  if (first === undefined) return otherwise;
  return rightToLeft.test(first) ? 'rtl' : 'ltr';
}

const base = (locale: string): string => locale.toLowerCase().split('-')[0] ?? '';

interface ScriptRule {
  readonly script: RegExp;
  /** Languages written in the script: the record's locale is used if it is one of them. */
  readonly languages: readonly string[];
  readonly otherwise: string;
}

/** In order: kana decides before Han, because Japanese mixes both. */
const rules: readonly ScriptRule[] = [
  { script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u, languages: ['ja'], otherwise: 'ja' },
  { script: /\p{Script=Hangul}/u, languages: ['ko'], otherwise: 'ko' },
  { script: /\p{Script=Bopomofo}/u, languages: [], otherwise: 'zh-Hant' },
  { script: /\p{Script=Han}/u, languages: ['zh', 'yue', 'ja', 'ko'], otherwise: 'zh-Hans' },
  { script: /\p{Script=Arabic}/u, languages: ['ar', 'fa', 'ur', 'ps', 'sd', 'ug', 'ckb'], otherwise: 'ar' },
  { script: /\p{Script=Hebrew}/u, languages: ['he', 'iw', 'yi'], otherwise: 'he' },
  { script: /\p{Script=Greek}/u, languages: ['el'], otherwise: 'el' },
  {
    script: /\p{Script=Cyrillic}/u,
    languages: ['ru', 'uk', 'bg', 'sr', 'mk', 'be', 'kk', 'ky', 'mn', 'tg'],
    otherwise: 'ru',
  },
  {
    script: /\p{Script=Devanagari}/u,
    languages: ['hi', 'mr', 'ne', 'sa', 'kok', 'mai', 'bho', 'brx', 'doi', 'sd', 'ks', 'new'],
    otherwise: 'hi',
  },
  { script: /\p{Script=Bengali}/u, languages: ['bn', 'as', 'mni'], otherwise: 'bn' },
  { script: /\p{Script=Gurmukhi}/u, languages: ['pa'], otherwise: 'pa' },
  { script: /\p{Script=Gujarati}/u, languages: ['gu'], otherwise: 'gu' },
  { script: /\p{Script=Oriya}/u, languages: ['or'], otherwise: 'or' },
  { script: /\p{Script=Tamil}/u, languages: ['ta'], otherwise: 'ta' },
  { script: /\p{Script=Telugu}/u, languages: ['te'], otherwise: 'te' },
  { script: /\p{Script=Kannada}/u, languages: ['kn'], otherwise: 'kn' },
  { script: /\p{Script=Malayalam}/u, languages: ['ml'], otherwise: 'ml' },
  { script: /\p{Script=Sinhala}/u, languages: ['si'], otherwise: 'si' },
  { script: /\p{Script=Thai}/u, languages: ['th'], otherwise: 'th' },
  { script: /\p{Script=Lao}/u, languages: ['lo'], otherwise: 'lo' },
  { script: /\p{Script=Khmer}/u, languages: ['km'], otherwise: 'km' },
  { script: /\p{Script=Myanmar}/u, languages: ['my', 'shn', 'mnw'], otherwise: 'my' },
  { script: /\p{Script=Georgian}/u, languages: ['ka', 'xmf'], otherwise: 'ka' },
  { script: /\p{Script=Armenian}/u, languages: ['hy', 'hyw'], otherwise: 'hy' },
  { script: /\p{Script=Ethiopic}/u, languages: ['am', 'ti', 'gez', 'wal', 'byn'], otherwise: 'am' },
];

/**
 * Language tag for a text: the record's locale where its language uses the text's script, else the
 * script's usual language. Decides which Han drawings are used and which `lang` is set: Marathi has other forms of
 * Devanagari letters than Hindi.
 */
export function textLanguage(text: string, locale: string): string {
  const rule = rules.find(({ script }) => script.test(text));
  if (rule === undefined || rule.languages.includes(base(locale))) return locale;
  return rule.otherwise;
}

/** Line heights at which marks above and below do not touch the next line, as multiples of the font size. */
const tallScripts: readonly (readonly [script: RegExp, lineHeight: number])[] = [
  [/[\p{Script=Lao}\p{Script=Khmer}]/u, 1.6],
  [/[\p{Script=Thai}\p{Script=Myanmar}\p{Script=Bengali}\p{Script=Oriya}]/u, 1.5],
  [/[\p{Script=Devanagari}\p{Script=Gurmukhi}\p{Script=Telugu}\p{Script=Kannada}]/u, 1.35],
  [/[\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Gujarati}\p{Script=Sinhala}]/u, 1.2],
];

/** The least line height for a text, as a multiple of the font size: 0 unless its script has tall letters. */
export function leastLineHeight(text: string): number {
  return tallScripts.find(([script]) => script.test(text))?.[1] ?? 0;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const split = (text: string): readonly string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

const cased = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
const letter = /[\p{L}\p{N}]/u;
/** Vowels of Thai and Lao that are written before their consonant and never stand alone. */
const leadingVowel = /^[\u0e40-\u0e44\u0ec0-\u0ec4]$/u;

/**
 * The initials of a name: first letters of its first two parts in scripts with capitals, otherwise the first
 * character or emoji. Empty only for a name without characters.
 */
export function initialsOf(name: string): string {
  const parts = name
    .trim()
    .split(/[\s\-‐–·]+/u)
    .map((part) => {
      const signs = split(part);
      return signs.find((sign) => letter.test(sign) && !leadingVowel.test(sign)) ?? signs[0];
    })
    .filter((sign) => sign !== undefined);
  const first = parts[0];
  if (first === undefined) return '';
  const second = parts[1];
  if (!cased.test(first) || second === undefined || !cased.test(second)) return first.toUpperCase();
  return (first + second).toUpperCase();
}
