import { accept, reject, type Parsed } from './parsed.ts';

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

const notALocale = reject('is not a language tag; write language and country, such as en-GB or de-DE');

/** Whether language and region are known to this runtime, not only well formed. */
function isKnown({ language, region }: Intl.Locale): boolean {
  return languages.of(language) !== undefined && (region === undefined || regions.of(region) !== undefined);
}

function parse(text: string): Parsed<string> {
  try {
    const locale = new Intl.Locale(text.replaceAll('_', '-'));
    return isKnown(locale) ? accept(locale.toString()) : notALocale;
  } catch {
    return notALocale;
  }
}

/** Files repeat a few locales on every row, and `Intl` is slow to make one. */
const parsedBefore = new Map<string, Parsed<string>>();
const mostRemembered = 500;
const longestRemembered = 40;

/** Reads a BCP 47 tag in its canonical form; `de_de` and `DE-de` are `de-DE`. Unknown languages fail. */
export function parseLocale(text: string): Parsed<string> {
  const known = parsedBefore.get(text);
  if (known !== undefined) return known;
  const parsed = parse(text);
  if (parsedBefore.size < mostRemembered && text.length <= longestRemembered) parsedBefore.set(text, parsed);
  return parsed;
}
