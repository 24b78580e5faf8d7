import type { plans } from './record.ts';
import type { TenureBand } from './tenure.ts';

type Plan = (typeof plans)[number];

/** Texts of the offer scene: `amount` is large, `what` completes it. */
interface Offer {
  readonly thanks: string;
  readonly amount: string;
  readonly what: string;
  readonly detail: string;
}

const thanks: Readonly<Record<TenureBand, string>> = {
  new: 'A first year worth celebrating.',
  steady: 'Thank you for staying.',
  long: 'We go back a long way.',
};

const trials: Readonly<Record<TenureBand, string>> = { new: '1 month', steady: '2 months', long: '3 months' };
const reductions: Readonly<Record<TenureBand, string>> = {
  new: '10% off',
  steady: '15% off',
  long: '20% off',
};

/** The offer of a plan and a tenure band: nine in all, whatever the size of the campaign. */
export function offerFor(plan: Plan, band: TenureBand): Offer {
  switch (plan) {
    case 'Basic':
      return {
        thanks: thanks[band],
        amount: trials[band],
        what: 'of Plus, on us',
        detail: 'All that Plus adds. Nothing to cancel.',
      };
    case 'Plus':
      return {
        thanks: thanks[band],
        amount: trials[band],
        what: 'of Premium, on us',
        detail: 'All that Premium adds. Nothing to cancel.',
      };
    case 'Premium':
      return {
        thanks: thanks[band],
        amount: reductions[band],
        what: 'your next year',
        detail: 'Taken off when you renew. Nothing to do.',
      };
    default:
      return plan satisfies never;
  }
}

/** What the last scene's button says. */
export const closingCall = 'See your offer';

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
