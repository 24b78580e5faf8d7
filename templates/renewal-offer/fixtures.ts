import type { Fixture, FixtureName, RecordOf } from 'bespoke/template';
import type { record } from './record.ts';

type Row = RecordOf<typeof record>;

const typical: Row = {
  firstName: 'Anna',
  segment: 'loyal',
  renewalDate: '2026-03-14',
  plan: 'Plus',
  locale: 'en-GB',
  link: undefined,
};

const fixture = (row: Partial<Row>): Fixture<Row> => ({ record: { ...typical, ...row }, images: {} });

/** Sample people. The template has no photo of a person, so `missing-image` is a typical one. */
export const fixtures: Readonly<Record<FixtureName, Fixture<Row>>> & Readonly<Record<string, Fixture<Row>>> =
  {
    typical: fixture({}),
    'empty-optionals': fixture({ firstName: 'Jens', plan: 'Basic', locale: 'en-GB' }),
    longest: fixture({
      firstName: 'Maximiliane-Friederike Konstantinopolitanissima von Hohenburg',
      segment: 'business',
      renewalDate: '2026-08-31',
      plan: 'Premium',
      locale: 'es-ES',
    }),
    'right-to-left': fixture({
      firstName: 'عبد الرحمن',
      segment: 'at-risk',
      renewalDate: '2026-05-20',
      locale: 'ar-EG',
    }),
    'emoji-and-cjk': fixture({
      firstName: '美咲 👩🏽‍🚀',
      segment: 'new',
      renewalDate: '2026-11-30',
      plan: 'Premium',
      locale: 'ja-JP',
    }),
    'missing-image': fixture({ firstName: 'Zoë', segment: 'new', plan: 'Basic' }),
    'business-team': fixture({
      firstName: 'Дмитрий',
      segment: 'business',
      renewalDate: '2026-02-01',
      locale: 'ru-RU',
    }),
    'about-to-leave': fixture({
      firstName: 'Ó',
      segment: 'at-risk',
      renewalDate: '2027-01-31',
      plan: 'Basic',
      locale: 'en-IE',
    }),
    'six-weeks-month': fixture({
      firstName: 'נועה',
      segment: 'loyal',
      renewalDate: '2026-08-31',
      plan: 'Premium',
      locale: 'he-IL',
    }),
  };
