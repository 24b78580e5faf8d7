import { monthName } from '../../../../video/kit/locale-format.ts';

/** Letters of these scripts are about as wide as they are high. */
const wide = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const widthInEm = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 1 : 0.6), 0);

/** Twelve month names for slots of a width in em: short where all of them fit, else narrow. */
export function monthLabels(locale: string, slotInEm: number): readonly string[] {
  const names = (width: 'short' | 'narrow'): readonly string[] =>
    Array.from({ length: 12 }, (_, month) => monthName(month, locale, width));
  const short = names('short');
  return short.every((name) => widthInEm(name) <= slotInEm * 0.96) ? short : names('narrow');
}
