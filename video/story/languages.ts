const baseOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';

/** The tag that serves a locale: the same one, or one of the same language. */
export function findLanguage<T extends string>(locale: string, tags: readonly T[]): T | undefined {
  const wanted = locale.toLowerCase();
  return (
    tags.find((tag) => tag.toLowerCase() === wanted) ??
    tags.find((tag) => tag.toLowerCase() === baseOf(wanted)) ??
    tags.find((tag) => baseOf(tag) === baseOf(wanted))
  );
}

/** Languages of the page's own words. */
export const pageLanguages = ['en', 'de', 'fr', 'es', 'ar'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

/** The language that the page speaks to someone who reads these, the likeliest first. */
export function choosePageLanguage(wanted: readonly (string | undefined)[]): PageLanguage {
  for (const locale of wanted) {
    const found = locale === undefined ? undefined : findLanguage(locale, pageLanguages);
    if (found !== undefined) return found;
  }
  return 'en';
}

/** Languages of an `Accept-Language` header, the most wanted first. */
export function acceptedLanguages(header = ''): readonly string[] {
  return header
    .slice(0, 500)
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.split(';').map((part) => part.trim());
      const weight = parameters.find((each) => each.startsWith('q='))?.slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(tag) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}
