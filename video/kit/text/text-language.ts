const base = (locale: string): string => locale.toLowerCase().split('-')[0] ?? '';

interface ScriptRule {
  readonly script: RegExp;
  /** Languages written in the script: a locale among them is believed. */
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
