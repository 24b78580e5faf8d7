const localeOr = (locale: string): string => {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
};

/** Creating a formatter costs a hundred times as much as using it, and a campaign needs only a few. */
function remember<O extends object, F>(
  make: (locale: string, options: O) => F,
): (locale: string, options: O) => F {
  const made = new Map<string, F>();
  return (locale, options) => {
    const name = Object.keys(options).length === 0 ? locale : `${locale} ${JSON.stringify(options)}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const format = make(localeOr(locale), options);
    made.set(name, format);
    return format;
  };
}

const numberFormat = remember(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);
const dateFormat = remember(
  (locale, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC', calendar: 'gregory' }),
);

/** A calendar date, free of time zones. `iso` is `YYYY-MM-DD`. */
const utcDate = (iso: string): Date => new Date(`${iso}T00:00:00Z`);

/** A number in the locale's digits, groups and decimal sign. */
export function formatNumber(value: number, locale: string, options: Intl.NumberFormatOptions = {}): string {
  return numberFormat(locale, options).format(value);
}

/** 12,300 as `12.3K`, in the locale's own way. */
export function formatCompact(value: number, locale: string): string {
  return formatNumber(value, locale, { notation: 'compact', maximumFractionDigits: 1 });
}

/** @param iso `YYYY-MM-DD` */
export function formatDate(
  iso: string,
  locale: string,
  options: Intl.DateTimeFormatOptions = { dateStyle: 'long' },
): string {
  return dateFormat(locale, options).format(utcDate(iso));
}

type Width = 'long' | 'short' | 'narrow';

function writeMonth(month: number, locale: string, width: Width): string {
  // Greek months come in the genitive unless a year is formatted too.
  const beside: Intl.DateTimeFormatOptions =
    width === 'long' && localeOr(locale).startsWith('el') ? { year: 'numeric' } : {};
  const format = dateFormat(locale, { ...beside, month: width });
  const date = new Date(Date.UTC(2001, month, 1));
  if (beside.year === undefined) return format.format(date);
  return format.formatToParts(date).find(({ type }) => type === 'month')?.value ?? format.format(date);
}

const monthNames = new Map<string, string>();

/** @param month 0 is January. `narrow` may give the same letter twice. */
export function monthName(month: number, locale: string, width: Width = 'long'): string {
  const name = `${month} ${width} ${locale}`;
  const known = monthNames.get(name);
  if (known !== undefined) return known;
  const written = writeMonth(month, locale, width);
  monthNames.set(name, written);
  return written;
}

const asUtc = { timeZone: 'UTC', calendar: 'gregory' } as const;
const ofEveryMonth = Array.from({ length: 12 }, (_, month) => Date.UTC(2001, month, 1 + ((month * 11) % 28)));
const ofEveryWeekday = Array.from({ length: 7 }, (_, day) => Date.UTC(2001, 0, 1 + day));
const everyMagnitude = Array.from({ length: 16 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
);

/**
 * The languages whose dates and numbers Chromium can write. It leaves out the data of all others, as Icelandic and
 * Georgian, and writes them as American English or with months such as `M03`.
 */
export const formattedLanguages: readonly string[] = [
  ...['af', 'am', 'ar', 'bg', 'bn', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fa', 'fi', 'fil', 'fr'],
  ...['gu', 'he', 'hi', 'hr', 'hu', 'id', 'it', 'ja', 'kn', 'ko', 'lt', 'lv', 'ml', 'mr', 'ms', 'nb', 'nl'],
  ...['no', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sr', 'sv', 'sw', 'ta', 'te', 'th', 'tr', 'uk', 'ur', 'vi'],
  ...['zh'],
];

/** Creating 200 formatters for a locale takes 6 ms, and a campaign has few locales. */
const charactersOf = new Map<string, string>();

/**
 * Every character that dates, numbers, percentages and amounts of money may contain in a locale, each once. Units and
 * narrow currency symbols are not part of it. `undefined` for a locale whose dates and numbers the browser cannot write.
 */
export function formattedCharacters(locale: string): string | undefined {
  if (!formattedLanguages.includes(new Intl.Locale(localeOr(locale)).language)) return undefined;
  const known = charactersOf.get(locale);
  if (known !== undefined) return known;
  const tag = localeOr(locale);
  const found = new Set<string>();
  const add = (text: string): void => {
    for (const character of text) found.add(character);
  };
  const addNumbers = (options: Intl.NumberFormatOptions, values: readonly number[]): void => {
    const format = new Intl.NumberFormat(tag, options);
    for (const value of values) add(format.format(value));
  };
  const addDates = (options: Intl.DateTimeFormatOptions, days: readonly number[]): void => {
    const format = new Intl.DateTimeFormat(tag, { ...options, ...asUtc });
    for (const day of days) add(format.format(day));
  };
  addNumbers({}, [-1_234_567_890.5]);
  addNumbers({ style: 'percent' }, [-0.12]);
  for (const compactDisplay of ['short', 'long'] as const) {
    addNumbers({ notation: 'compact', compactDisplay, maximumFractionDigits: 1 }, everyMagnitude.flat());
  }
  for (const currency of Intl.supportedValuesOf('currency')) {
    addNumbers({ style: 'currency', currency }, [-1.5]);
  }
  for (const dateStyle of ['full', 'long', 'medium', 'short'] as const) addDates({ dateStyle }, ofEveryMonth);
  for (const width of ['long', 'short', 'narrow'] as const) {
    addDates({ month: width }, ofEveryMonth);
    addDates({ month: width, year: 'numeric' }, ofEveryMonth);
    addDates({ weekday: width }, ofEveryWeekday);
  }
  const characters = [...found].join('');
  charactersOf.set(locale, characters);
  return characters;
}
