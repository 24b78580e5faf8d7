export type Direction = 'ltr' | 'rtl';

const rightToLeftLanguages = new Set(['ar', 'he', 'iw', 'fa', 'ur', 'ps', 'sd', 'ug', 'yi', 'dv', 'ckb']);

/** Direction in which a language's sentences run. */
export function localeDirection(locale: string): Direction {
  return rightToLeftLanguages.has(locale.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';
}
