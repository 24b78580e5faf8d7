import type { Fixture, FixtureName, RecordOf } from 'bespoke/template';
import type { record } from './record.ts';

type Row = RecordOf<typeof record>;

const typical: Row = {
  firstName: 'Anna',
  home: 'House',
  household: 4,
  monthlyBill: 148,
  currency: 'EUR',
  photoUrl: 'https://example.com/anna.jpg',
  locale: 'en-GB',
};

const withoutPhoto: Row = { ...typical, photoUrl: undefined };

/** Sample people. */
export const fixtures: Readonly<Record<FixtureName, Fixture<Row>>> & Readonly<Record<string, Fixture<Row>>> =
  {
    typical: { record: typical, images: { photoUrl: 'zoe.jpg' } },
    'empty-optionals': {
      record: { ...withoutPhoto, firstName: 'Jens', household: 2, monthlyBill: undefined },
      images: {},
    },
    longest: {
      record: {
        ...typical,
        firstName: 'Maximiliane-Friederike Konstantinopolitanissima von Hohenburg',
        household: 12,
        monthlyBill: 9_876_543,
        currency: 'CHF',
        locale: 'de-CH',
      },
      images: { photoUrl: 'kwame.jpg' },
    },
    'right-to-left': {
      record: {
        ...typical,
        firstName: 'عبد الرحمن',
        household: 6,
        monthlyBill: 96,
        currency: 'USD',
        locale: 'ar-EG',
      },
      images: { photoUrl: 'kwame.jpg' },
    },
    'emoji-and-cjk': {
      record: {
        ...withoutPhoto,
        firstName: '美咲 👩🏽‍🚀',
        home: 'Flat',
        household: 1,
        monthlyBill: 11_480,
        currency: 'JPY',
        locale: 'ja-JP',
      },
      images: {},
    },
    'missing-image': { record: { ...typical, firstName: 'Zoë', household: 3 }, images: {} },
    'flat-with-unknown-bill': {
      record: {
        ...withoutPhoto,
        firstName: 'Дмитрий',
        home: 'Flat',
        monthlyBill: undefined,
        locale: 'ru-RU',
      },
      images: {},
    },
  };
