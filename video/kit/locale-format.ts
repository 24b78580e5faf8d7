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
