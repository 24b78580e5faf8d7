import { expect, it } from 'vitest';
import type { Field } from '../../data/record.ts';
import { anna, images, shop } from '../../video/story/test-shop.ts';
import { storyContextOf } from '../../video/story/bind.ts';
import { boolean, color, money, paragraphs } from '../../video/template.ts';
import { checkChanges } from './check-changes.ts';
import { correctionOf, toText, viewKnown } from './known-view.ts';

const base = { label: 'Value', personal: true } as const;

it.each<[Field, unknown, string, unknown]>([
  [boolean(base), true, 'yes', { type: 'choice', options: ['yes', 'no'] }],
  [money(base), { amount: 12.5, currency: 'EUR' }, '12.50 EUR', { type: 'text' }],
  [color(base), '#ff8800', '#ff8800', { type: 'text' }],
  [paragraphs(base), 'a\nb', 'a\nb', { type: 'text', maxLength: 1000, multiline: true }],
])(
  '$kind is shown in words that its field reads back, and corrected in a fitting entry',
  (field, value, shown, entry) => {
    expect(toText(value)).toBe(shown);
    expect(field.parse(shown)).toEqual({ ok: true, value });
    expect(correctionOf(field)).toEqual(entry);
  },
);

it('shows a list with its items, corrects their fields one by one, and withholds all of them', () => {
  const context = storyContextOf(shop, anna, images, { asOf: '2026-06-01' });
  const known = (changes: Parameters<typeof viewKnown>[0]['changes']) =>
    viewKnown({
      story: {
        ...{ render: 'r', name: 'n', context },
        entry: { template: shop, directory: '' },
        source: { terms: {}, record: anna, images, link: undefined } as never,
      },
      ...{ changes, answers: {}, consents: [], shared: false },
    }).values;
  const values = known([]);
  expect(values.find(({ name }) => name === 'products')).toMatchObject({
    value: 'Mug, 12.50 EUR; Cap, 20.00 EUR; Pen, 2.00 EUR',
    canWithhold: true,
    personal: true,
  });
  expect(values.find(({ name }) => name === 'products[1].name')).toMatchObject({
    label: 'Products 2, Name',
    value: 'Cap',
    correction: { type: 'text' },
    canWithhold: false,
  });
  expect(values.map(({ name }) => name)).toContain('address.city');

  const corrected = checkChanges(
    shop,
    anna,
    [],
    [
      { name: 'products[1].name', do: 'correct', value: 'Hat' },
      { name: 'address.city', do: 'correct', value: 'Graz' },
    ],
  );
  if (!corrected.ok) throw new Error(JSON.stringify(corrected.faults));
  expect(corrected.record).toMatchObject({
    products: [{ name: 'Mug' }, { name: 'Hat', price: { amount: 20 } }, { name: 'Pen' }],
    address: { city: 'Graz' },
  });
  expect(anna.products[1]?.name).toBe('Cap');
  const restored = checkChanges(shop, corrected.record, corrected.changes, [
    { name: 'products[1].name', do: 'restore' },
  ]);
  expect(restored.ok && restored.record['products']).toEqual(anna.products);
  const withheld = checkChanges(shop, anna, [], [{ name: 'products', do: 'withhold' }]);
  expect(withheld.ok && withheld.record['products']).toEqual([]);
  expect(known(withheld.ok ? withheld.changes : []).map(({ name }) => name)).not.toContain(
    'products[0].name',
  );

  for (const name of ['products[9].name', 'products[0].__proto__', 'products.length', '__proto__.x']) {
    expect(checkChanges(shop, anna, [], [{ name, do: 'correct', value: 'X' }])).toMatchObject({
      ok: false,
      faults: [{ name, problem: 'derived' }],
    });
  }
  expect(checkChanges(shop, anna, [], [{ name: 'products[0].name', do: 'withhold' }])).toMatchObject({
    ok: false,
    faults: [{ problem: 'required' }],
  });
});
