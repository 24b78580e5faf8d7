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
];

/**
 * Language tag for a text: the record's locale where its language uses the text's script, else the
 * script's usual language. Decides which Han drawings are used and which `lang` is set.
 */
export function textLanguage(text: string, locale: string): string {
  const rule = rules.find(({ script }) => script.test(text));
  if (rule === undefined || rule.languages.includes(base(locale))) return locale;
  return rule.otherwise;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const split = (text: string): readonly string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

const cased = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
const letter = /[\p{L}\p{N}]/u;

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
      return signs.find((sign) => letter.test(sign)) ?? signs[0];
    })
    .filter((sign) => sign !== undefined);
  const first = parts[0];
  if (first === undefined) return '';
  const second = parts[1];
  if (!cased.test(first) || second === undefined || !cased.test(second)) return first.toUpperCase();
  return (first + second).toUpperCase();
}
