import type { Fixture, FixtureName, RecordOf } from 'bespoke/template';
import { monthFields } from './months.ts';
import type { record } from './record.ts';

type Row = RecordOf<typeof record>;

const growing = [31, 28, 46, 52, 61, 74, 58, 39, 82, 96, 71, 64];

function months(values: readonly number[]): Pick<Row, (typeof monthFields)[number]> {
  return Object.fromEntries(monthFields.map((month, index) => [month, values[index] ?? 0])) as Pick<
    Row,
    (typeof monthFields)[number]
  >;
}

const typical: Row = {
  firstName: 'Anna',
  city: 'Lisbon',
  memberSince: '2019-03-14',
  plan: 'Plus',
  ...months(growing),
  favouriteCategory: 'Coffee & tea',
  photoUrl: 'https://example.com/anna.jpg',
  locale: 'en-GB',
  link: undefined,
};

const withoutPhoto: Row = { ...typical, photoUrl: undefined };

/** Sample people, drawn in Studio as of 15 January 2026. */
export const fixtures: Readonly<Record<FixtureName, Fixture<Row>>> & Readonly<Record<string, Fixture<Row>>> =
  {
    typical: { record: typical, images: { photoUrl: 'anna.jpg' } },
    'empty-optionals': { record: { ...withoutPhoto, firstName: 'Jens', locale: 'en-GB' }, images: {} },
    longest: {
      record: {
        ...typical,
        firstName: 'Maximiliane-Friederike Konstantinopolitanissima von Hohenburg',
        city: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, Wales',
        memberSince: '2014-09-01',
        plan: 'Premium',
        ...months(growing.map((value) => value * 987_654)),
        favouriteCategory: 'Weltraumbahnhofsgastronomie und Mondspaziergänge',
        locale: 'de-DE',
      },
      images: { photoUrl: 'marco.jpg' },
    },
    'right-to-left': {
      record: {
        ...typical,
        firstName: 'عبد الرحمن',
        city: 'الدار البيضاء',
        memberSince: '2023-05-20',
        favouriteCategory: 'قهوة وشاي',
        locale: 'ar-EG',
      },
      images: { photoUrl: 'marco.jpg' },
    },
    'emoji-and-cjk': {
      record: {
        ...withoutPhoto,
        firstName: '美咲 👩🏽‍🚀',
        city: '東京',
        favouriteCategory: '旅行 🧳',
        locale: 'ja-JP',
      },
      images: {},
    },
    'missing-image': {
      record: { ...typical, firstName: 'Zoë', photoUrl: 'https://example.com/gone.jpg' },
      images: {},
    },
    'quiet-year': { record: { ...withoutPhoto, plan: 'Basic', ...months([]) }, images: {} },
    'one-great-month': {
      record: { ...typical, firstName: 'Ó', ...months([1, 0, 2, 0, 1, 0, 900_000_000, 0, 3, 0, 1, 2]) },
      images: { photoUrl: 'marco.jpg' },
    },
    'level-year': {
      record: { ...withoutPhoto, firstName: 'Дмитрий', ...months(Array(12).fill(7)), locale: 'ru-RU' },
      images: {},
    },
    'joined-yesterday': {
      record: {
        ...withoutPhoto,
        firstName: 'Ελένη',
        memberSince: '2026-01-14',
        plan: 'Basic',
        locale: 'el-GR',
      },
      images: {},
    },
    'forty-years': {
      record: {
        ...typical,
        firstName: 'Nguyễn',
        memberSince: '1985-06-30',
        plan: 'Premium',
        locale: 'vi-VN',
      },
      images: { photoUrl: 'anna.jpg' },
    },
    'joins-later': {
      record: { ...withoutPhoto, firstName: 'נועה', memberSince: '2026-04-01', locale: 'he-IL' },
      images: {},
    },
  };
