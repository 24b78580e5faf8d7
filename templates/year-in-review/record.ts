import { choice, imageUrl, isoDate, linkUrl, locale, type Meaning, number, text } from 'bespoke/template';
import { brand } from './brand.ts';

/** The largest monthly number that the chart and the total are drawn for. */
const largestMonth = 1_000_000_000;

const month = (label: string, means: Meaning, digits: string) =>
  number({ label, means, aliases: [digits], personal: true, min: 0, max: largestMonth, example: '42' });

export const plans = ['Basic', 'Plus', 'Premium'] as const;

/** What one row must hold. */
export const record = {
  firstName: text({
    label: 'First name',
    means: 'first name',
    personal: true,
    maxLength: 80,
    fallback: 'there',
    example: 'Anna',
  }),
  city: text({
    label: 'City',
    personal: true,
    maxLength: 80,
    means: 'city',
    fallback: 'your city',
    example: 'Lisbon',
  }),
  memberSince: isoDate({
    label: 'Member since',
    sensible: 'past',
    personal: true,
    means: 'member since',
    example: '2019-03-14',
  }),
  plan: choice(plans, { label: 'Plan', personal: false, means: 'plan' }),
  jan: month('January', 'month 1', '01'),
  feb: month('February', 'month 2', '02'),
  mar: month('March', 'month 3', '03'),
  apr: month('April', 'month 4', '04'),
  may: month('May', 'month 5', '05'),
  jun: month('June', 'month 6', '06'),
  jul: month('July', 'month 7', '07'),
  aug: month('August', 'month 8', '08'),
  sep: month('September', 'month 9', '09'),
  oct: month('October', 'month 10', '10'),
  nov: month('November', 'month 11', '11'),
  dec: month('December', 'month 12', '12'),
  favouriteCategory: text({
    label: 'Favourite category',
    personal: false,
    maxLength: 48,
    means: 'category',
    fallback: 'a bit of everything',
    example: 'Coffee & tea',
  }),
  photoUrl: imageUrl({
    ground: brand.colors.companion,
    label: 'Photo',
    personal: true,
    means: 'photo',
    example: 'https://example.com/anna.jpg',
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
    label: 'Link',
    personal: true,
    optional: true,
    means: 'link',
    example: 'https://tolv.example/offer?member=1093',
  }),
};
