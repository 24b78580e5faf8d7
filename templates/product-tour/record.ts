import { choice, imageUrl, locale, number, text } from 'bespoke/template';
import { brand } from './brand.ts';

export const homes = ['House', 'Flat'] as const;
export const currencies = ['EUR', 'GBP', 'USD', 'CHF', 'SEK', 'JPY', 'INR', 'BRL'] as const;

/** The most people that a home is drawn for. */
export const mostPeople = 12;

/** What one row must hold. */
export const record = {
  firstName: text({
    label: 'First name',
    means: 'first name',
    personal: true,
    maxLength: 80,
    fallback: 'you',
    example: 'Anna',
  }),
  home: choice(homes, {
    label: 'Home',
    personal: false,
    optional: true,
    fallback: 'House',
    aliases: ['home type', 'dwelling', 'property', 'building'],
  }),
  household: number({
    label: 'Household',
    personal: true,
    optional: true,
    fallback: 2,
    min: 1,
    max: mostPeople,
    integer: true,
    means: 'household',
    example: '4',
  }),
  monthlyBill: number({
    label: 'Monthly bill',
    personal: true,
    optional: true,
    min: 1,
    max: 10_000_000,
    aliases: ['bill', 'energy bill', 'power bill', 'monthly payment'],
    example: '148',
  }),
  currency: choice(currencies, {
    label: 'Currency',
    personal: false,
    optional: true,
    fallback: 'EUR',
    means: 'currency',
  }),
  photoUrl: imageUrl({
    ground: brand.colors.warm,
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
};

export type Home = (typeof homes)[number];
export type Currency = (typeof currencies)[number];
