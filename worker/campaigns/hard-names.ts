/** Letters beyond a to z that a language's own words have. Other languages are not judged by their letters. */
const ownLetters: Readonly<Record<string, string>> = {
  en: '',
  de: 'äöüß',
  fr: 'àâæçéèêëîïôœùûüÿ',
  es: 'áéíñóúü',
  it: 'àèéìíîòóùú',
  pt: 'àáâãçéêíóôõú',
  nl: 'éëïóöü',
  sv: 'åäöé',
  da: 'æøåé',
  nb: 'æøåéòô',
  fi: 'åäö',
  pl: 'ąćęłńóśźż',
};

/** Languages that are not written in Latin letters. */
const otherScripts = /^(?:ar|be|bg|bn|el|fa|he|hi|hy|ja|ka|km|ko|lo|mk|ml|my|ru|sr|ta|te|th|uk|ur|yi|zh)\b/;

/** Beginnings that few words of languages with Latin letters have. */
const rareBeginning = /^(?:ng|mb|nk|nd|tl|hl|hm|zh|cz|sz|rz|dz|gb|kp|x|qi|qa)/;

/**
 * Why a voice may say a name wrongly, the strongest reason first; `undefined` if nothing speaks for it. A guess by
 * spelling: no voice is asked.
 */
export function whyHard(
  name: string,
  language: string,
): { readonly weight: number; readonly why: string } | undefined {
  const tag = language.toLowerCase().split('-')[0] ?? '';
  const letters = name.toLowerCase().normalize('NFC');
  const plain = letters.normalize('NFD').replace(/\p{M}/gu, '');
  const isLatin = !otherScripts.test(tag);
  const scripts = [...letters].filter((each) => /\p{L}/u.test(each));
  if (scripts.some((each) => /\p{Script=Latin}/u.test(each) !== isLatin)) {
    return { weight: 6, why: 'is written in another script than the language' };
  }
  if (/\p{N}|[@/_&+]/u.test(name)) return { weight: 5, why: 'has digits or signs, which are read out' };
  if (!isLatin) return undefined;
  const words = plain.split(/[^\p{L}]+/u).filter(Boolean);
  if (words.some((word) => word.length > 1 && !/[aeiouyæøœ]/.test(word))) {
    return { weight: 4, why: 'has a part without a vowel' };
  }
  if (/(?<!\p{L})\p{L}\.?(?!\p{L}|’|')/u.test(name) || /(?<!\p{L})\p{Lu}{2,3}(?!\p{L})/u.test(name)) {
    return { weight: 4, why: 'has an initial or an abbreviation' };
  }
  const own = ownLetters[tag];
  const foreign = [...letters].find((each) => /(?![a-z])\p{L}/u.test(each) && own?.includes(each) === false);
  if (foreign !== undefined) return { weight: 3, why: `has "${foreign}", which the language does not use` };
  if (words.some((word) => rareBeginning.test(word) || /q(?!u)/.test(word))) {
    return { weight: 2, why: 'has letters together that the language rarely has' };
  }
  if (/[bcdfghjklmnpqrstvwxz]{5}/.test(plain)) return { weight: 1, why: 'has many consonants in a row' };
  return undefined;
}
