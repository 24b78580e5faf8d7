/** The story's own words for viewers: title, description and the call to action. */
export const storyWords = {
  title: 'Your order',
  description: 'What was ordered, what it costs together and when it arrives, in a short film.',
  track: 'Track your parcel',
} as const;

type Translation = Readonly<Record<(typeof storyWords)[keyof typeof storyWords], string>>;

/** The same in other languages: a missing one does not compile. */
export const translations: Readonly<Record<'de' | 'fr' | 'es' | 'ar', Translation>> = {
  de: {
    [storyWords.title]: 'Ihre Bestellung',
    [storyWords.description]: 'Was Sie bestellt haben, was es zusammen kostet und wann es ankommt.',
    [storyWords.track]: 'Paket verfolgen',
  },
  fr: {
    [storyWords.title]: 'Votre commande',
    [storyWords.description]: 'Ce que vous avez commandé, le total et le jour de la livraison.',
    [storyWords.track]: 'Suivre le colis',
  },
  es: {
    [storyWords.title]: 'Su pedido',
    [storyWords.description]: 'Lo que ha pedido, cuánto suma y cuándo llega.',
    [storyWords.track]: 'Seguir el paquete',
  },
  ar: {
    [storyWords.title]: 'طلبك',
    [storyWords.description]: 'ما طلبته ومجموعه وموعد وصوله في فيلم قصير.',
    [storyWords.track]: 'تتبّع الطرد',
  },
};
