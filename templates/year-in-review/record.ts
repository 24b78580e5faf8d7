import { choice, imageUrl, isoDate, locale, number, text } from '../../data/fields.ts';
import { brand } from './brand.ts';

/** The largest monthly number that the chart and the total are drawn for. */
const largestMonth = 1_000_000_000;

const month = (label: string, aliases: readonly string[]) =>
  number({ label, aliases, personal: true, min: 0, max: largestMonth, example: '42' });

export const plans = ['Basic', 'Plus', 'Premium'] as const;

/** What one row must hold. */
export const record = {
  firstName: text({
    label: 'First name',
    means: 'first name',
    personal: true,
    maxLength: 80,
    aliases: ['given name', 'forename', 'name', 'vorname', 'prénom'],
    fallback: 'there',
    example: 'Anna',
  }),
  city: text({
    label: 'City',
    personal: true,
    maxLength: 80,
    aliases: ['town', 'place', 'ort', 'stadt', 'ville'],
    fallback: 'your city',
    example: 'Lisbon',
  }),
  memberSince: isoDate({
    label: 'Member since',
    sensible: 'past',
    personal: true,
    aliases: ['joined', 'joined on', 'signup date', 'customer since', 'created at'],
    example: '2019-03-14',
  }),
  plan: choice(plans, { label: 'Plan', personal: false, aliases: ['tier', 'subscription'] }),
  jan: month('January', ['january', '01']),
  feb: month('February', ['february', '02']),
  mar: month('March', ['march', '03']),
  apr: month('April', ['april', '04']),
  may: month('May', ['05']),
  jun: month('June', ['june', '06']),
  jul: month('July', ['july', '07']),
  aug: month('August', ['august', '08']),
  sep: month('September', ['september', 'sept', '09']),
  oct: month('October', ['october', '10']),
  nov: month('November', ['november', '11']),
  dec: month('December', ['december', '12']),
  favouriteCategory: text({
    label: 'Favourite category',
    personal: false,
    maxLength: 48,
    aliases: ['favorite category', 'top category', 'category'],
    fallback: 'a bit of everything',
    example: 'Coffee & tea',
  }),
  photoUrl: imageUrl({
    ground: brand.colors.companion,
    label: 'Photo',
    personal: true,
    aliases: ['photo', 'picture', 'avatar', 'image url'],
    example: 'https://example.com/anna.jpg',
  }),
  locale: locale({
    label: 'Locale',
    personal: false,
    optional: true,
    fallback: 'en-GB',
    aliases: ['language', 'lang', 'culture'],
    example: 'de-DE',
  }),
};
