import { closingCall } from './offers.ts';

/** The story's own words for viewers: title, description and the call to action. */
export const storyWords = {
  title: 'Year in review',
  description: 'A member’s twelve months as a chart, with a greeting, a favourite, a thank-you and an offer.',
  call: closingCall,
} as const;

type Translation = Readonly<Record<(typeof storyWords)[keyof typeof storyWords], string>>;

/** The same in other languages: a missing one does not compile. */
export const translations: Readonly<Record<'de' | 'fr' | 'es' | 'ar', Translation>> = {
  de: {
    [storyWords.title]: 'Ihr Jahr im Rückblick',
    [storyWords.description]: 'Ihre zwölf Monate in einem kurzen Film, mit einem Dank und einem Angebot.',
    [storyWords.call]: 'Zu Ihrem Angebot',
  },
  fr: {
    [storyWords.title]: 'Votre année en revue',
    [storyWords.description]: 'Vos douze mois en un court film, avec un merci et une offre.',
    [storyWords.call]: 'Voir votre offre',
  },
  es: {
    [storyWords.title]: 'Su año en resumen',
    [storyWords.description]: 'Sus doce meses en un vídeo breve, con un agradecimiento y una oferta.',
    [storyWords.call]: 'Ver su oferta',
  },
  ar: {
    [storyWords.title]: 'حصاد عامك',
    [storyWords.description]: 'اثنا عشر شهرًا لك في فيلم قصير، مع شكر وعرض.',
    [storyWords.call]: 'عرضك من هنا',
  },
};
