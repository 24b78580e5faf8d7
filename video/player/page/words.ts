import { addTranslation, setLanguage } from 'media-chrome/dist/utils/i18n.js';
import type { words as english, Words } from '../words/en.ts';
import { type PageLanguage, pageLanguages } from '../../story/languages.ts';

const catalogues: Readonly<Record<PageLanguage, () => Promise<{ readonly words: Words | typeof english }>>> =
  {
    en: () => import('../words/en.ts'),
    de: () => import('../words/de.ts'),
    fr: () => import('../words/fr.ts'),
    es: () => import('../words/es.ts'),
    ar: () => import('../words/ar.ts'),
  };

/** The language that the server chose for this viewer. */
export const pageLanguage = (): PageLanguage =>
  pageLanguages.find((each) => each === document.documentElement.lang) ?? 'en';

/** The page's own texts; labels of choices and questions come from the story. Empty until `loadWords` is done. */
export const words = {} as Omit<Words, 'library'>;

/** Loads the page's texts, before anything is drawn. */
export async function loadWords(): Promise<void> {
  const language = pageLanguage();
  const { library, ...own } = (await catalogues[language]()).words;
  Object.assign(words, own);
  addTranslation(language, library);
  setLanguage(language);
}
