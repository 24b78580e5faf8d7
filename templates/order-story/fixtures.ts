import type { Fixture, FixtureName, RecordOf } from 'bespoke/template';
import type { record } from './record.ts';

type Row = Omit<RecordOf<typeof record>, 'store' | 'accent' | 'closing'>;
type Product = Row['products'][number];

const picture = 'https://example.com/picture.png';
const eur = (amount: number) => ({ amount, currency: 'EUR' });

const mug: Product = { name: 'Enamel mug', detail: 'cream, 350 ml', quantity: 2, price: eur(18), picture };
const candle: Product = {
  name: 'Fig leaf candle',
  detail: 'burns for 40 hours',
  quantity: 1,
  price: eur(29.5),
  picture,
};
const towels: Product = {
  name: 'Linen tea towels',
  detail: 'set of three',
  quantity: 1,
  price: eur(34),
  picture,
};
const vase: Product = { name: 'Clay vase', detail: 'thrown by hand', quantity: 1, price: eur(46), picture };
const bowl: Product = { name: 'Ash wood bowl', detail: 'oiled, 26 cm', quantity: 1, price: eur(39), picture };

const typical: Row = {
  firstName: 'Maja',
  firstNameSaid: 'Maya',
  products: [mug, candle, towels],
  arrives: '2026-03-12',
  locale: 'en-GB',
  link: undefined,
};

const pictures = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name, index) => [`products[${index}].picture`, `${name}.png`]));

/** Sample people, drawn in Studio as of 15 January 2026. */
export const fixtures: Readonly<Record<FixtureName, Fixture<Row>>> & Readonly<Record<string, Fixture<Row>>> =
  {
    typical: { record: typical, images: pictures('mug', 'candle', 'towels') },
    'empty-optionals': {
      record: {
        ...typical,
        firstName: 'Jens',
        firstNameSaid: undefined,
        products: [{ ...bowl, detail: undefined }],
      },
      images: pictures('bowl'),
    },
    longest: {
      record: {
        ...typical,
        firstName: 'Maximiliane-Friederike Konstantinopolitanissima von Hohenburg',
        products: [vase, bowl, towels, candle, mug, vase, bowl, towels, mug].map((each, index) => ({
          ...each,
          name: index === 0 ? 'Handgetöpferte Weltraumbahnhofsgedächtnisvase mit Eukalyptus' : each.name,
          detail: 'gebrannt in der Werkstatt am Landwehrkanal, jede ein Unikat',
          quantity: 120 + index,
          price: eur(each.price.amount + 9_800.95),
        })),
        locale: 'de-DE',
      },
      images: pictures('vase', 'bowl', 'towels', 'candle', 'mug', 'vase', 'bowl', 'towels', 'mug'),
    },
    'right-to-left': {
      record: {
        ...typical,
        firstName: 'عبد الرحمن',
        products: [{ ...mug, name: 'كوب مطلي بالمينا', detail: 'أخضر، ٣٥٠ مل' }, candle],
        locale: 'ar-EG',
      },
      images: pictures('mug-moss', 'candle'),
    },
    'emoji-and-cjk': {
      record: {
        ...typical,
        firstName: '美咲 🌿',
        products: [{ ...vase, name: '陶器の花瓶', detail: '手びねり' }, mug],
        locale: 'ja-JP',
      },
      images: pictures('vase', 'mug'),
    },
    'missing-image': { record: { ...typical, firstName: 'Bruno' }, images: {} },
  };
