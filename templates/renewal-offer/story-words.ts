/** The story's own words for viewers: title, description and the call to action. */
export const storyWords = {
  title: 'Renewal offer',
  description: 'A renewal date in a short film that the customer’s segment tells: tone, picture and offer.',
  renew: 'Renew now',
} as const;

type Translation = Readonly<Record<(typeof storyWords)[keyof typeof storyWords], string>>;

/** The same in other languages: a missing one does not compile. */
export const translations: Readonly<Record<'de' | 'fr' | 'es' | 'ar', Translation>> = {
  de: {
    [storyWords.title]: 'Ihr Angebot zur Verlängerung',
    [storyWords.description]: 'Ihre Verlängerung und ein Angebot für Sie, als kurzer Film.',
    [storyWords.renew]: 'Jetzt verlängern',
  },
  fr: {
    [storyWords.title]: 'Votre offre de renouvellement',
    [storyWords.description]: 'Votre renouvellement et une offre pour vous, en un court film.',
    [storyWords.renew]: 'Renouveler maintenant',
  },
  es: {
    [storyWords.title]: 'Su oferta de renovación',
    [storyWords.description]: 'Su renovación y una oferta para usted, en un vídeo breve.',
    [storyWords.renew]: 'Renovar ahora',
  },
  ar: {
    [storyWords.title]: 'عرض التجديد الخاص بك',
    [storyWords.description]: 'موعد تجديدك وعرض لك في فيلم قصير.',
    [storyWords.renew]: 'جدّد الآن',
  },
};
