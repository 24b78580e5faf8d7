import { foldName } from './parse-values.ts';

/** The languages in which exports name languages and countries. */
const spoken = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'];

/** Languages that exports name. */
const languages = [
  ...[
    'ar',
    'bg',
    'bn',
    'ca',
    'cs',
    'da',
    'de',
    'el',
    'en',
    'es',
    'et',
    'fa',
    'fi',
    'fr',
    'he',
    'hi',
    'hr',
    'hu',
  ],
  ...[
    'hy',
    'id',
    'is',
    'it',
    'ja',
    'ka',
    'ko',
    'lt',
    'lv',
    'mr',
    'ms',
    'nb',
    'nl',
    'no',
    'pa',
    'pl',
    'pt',
    'ro',
  ],
  ...['ru', 'sk', 'sl', 'sr', 'sv', 'ta', 'te', 'th', 'tr', 'uk', 'ur', 'vi', 'zh'],
];

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** Names of codes in all of the spoken languages, and in the language that a code is for. */
function namesOf(type: 'language' | 'region', codes: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const code of codes) {
    for (const language of type === 'language' ? [...spoken, code] : spoken) {
      const name = new Intl.DisplayNames([language], { type, fallback: 'none' }).of(code);
      if (name !== undefined && !names.has(foldName(name))) names.set(foldName(name), code);
    }
  }
  return names;
}

let known: { readonly languages: ReadonlyMap<string, string>; readonly regions: ReadonlyMap<string, string> };

function knownNames(): typeof known {
  known ??= {
    languages: namesOf('language', languages),
    regions: namesOf(
      'region',
      letters.flatMap((first) => letters.map((second) => first + second)),
    ),
  };
  return known;
}

/** `German`, `Deutsch (Schweiz)`, `English - United Kingdom`. */
const named = /^(?<language>\p{L}{3,}[\p{L} ]*?)(?:\s*(?:\(|-|–|,)\s*(?<region>[\p{L}. ]+?)\)?)?$/u;

/**
 * The locale that a text names in words, such as `de-DE` for `German` and `de-CH` for `Deutsch (Schweiz)`. A language
 * without a country is that of the country where most speak it.
 *
 * @returns `undefined` for any other text, tags included.
 */
export function findLocale(text: string): string | undefined {
  const { language, region } = named.exec(text)?.groups ?? {};
  if (language === undefined) return undefined;
  const { languages: byName, regions } = knownNames();
  const code = byName.get(foldName(language));
  if (code === undefined) return undefined;
  const short: Readonly<Record<string, string>> = { uk: 'GB', us: 'US', usa: 'US' };
  const country =
    region === undefined ? undefined : (short[foldName(region)] ?? regions.get(foldName(region)));
  if (region !== undefined && country === undefined) return undefined;
  return `${code}-${country ?? new Intl.Locale(code).maximize().region ?? ''}`;
}
