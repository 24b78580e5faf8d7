import {
  color,
  imageUrl,
  isoDate,
  linkUrl,
  list,
  locale,
  money,
  number,
  setting,
  text,
} from 'bespoke/template';

/** What one row must hold: an order. */
export const record = {
  firstName: text({
    label: 'First name',
    means: 'first name',
    personal: true,
    maxLength: 80,
    fallback: 'there',
    example: 'Maja',
  }),
  /** How a voice says the name, where its spelling misleads. */
  firstNameSaid: text({
    label: 'First name, as it is said',
    personal: true,
    optional: true,
    maxLength: 80,
    aliases: ['pronunciation'],
    example: 'Maya',
  }),
  products: list({
    label: 'Products',
    min: 1,
    max: 40,
    fields: {
      name: text({ label: 'Name', personal: false, maxLength: 60 }),
      /** What it is made of, its colour, its size. */
      detail: text({ label: 'Detail', personal: false, optional: true, maxLength: 60 }),
      quantity: number({
        label: 'Quantity',
        personal: false,
        optional: true,
        integer: true,
        min: 1,
        max: 999,
        fallback: 1,
      }),
      price: money({ label: 'Price', personal: false, currency: 'EUR', min: 0 }),
      picture: imageUrl({ label: 'Picture', personal: false }),
    },
  }),
  arrives: isoDate({
    label: 'Arrival date',
    personal: true,
    sensible: 'next 2 years',
    aliases: ['arrives', 'delivery date', 'estimated delivery'],
    example: '2026-03-12',
  }),
  locale: locale({
    label: 'Locale',
    personal: false,
    optional: true,
    fallback: 'en-GB',
    means: 'language',
    example: 'de-DE',
  }),
  link: linkUrl({
    label: 'Tracking link',
    personal: true,
    optional: true,
    means: 'link',
    aliases: ['tracking url', 'tracking'],
    example: 'https://fernhaven.example/track/84-2210',
  }),
  store: setting(text({ label: 'Store', personal: false, maxLength: 24, fallback: 'Fernhaven' })),
  accent: setting(color({ label: 'Accent', personal: false, fallback: '#3f6b4f' })),
  closing: setting(
    text({ label: 'Closing words', personal: false, maxLength: 40, fallback: 'Made to be used every day.' }),
  ),
};
