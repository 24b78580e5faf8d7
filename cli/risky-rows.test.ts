import { describe, expect, it } from 'vitest';
import { imageUrl, text } from '../data/fields.ts';
import { list } from '../data/nested-fields.ts';
import { pickRiskyRows } from './risky-rows.ts';

const fields = {
  firstName: text({ label: 'First name', personal: true }),
  city: text({ label: 'City', personal: false }),
  photo: imageUrl({ label: 'Photo', personal: true }),
};
const photo = 'https://example.com/a.jpg';

async function* rows(...names: readonly string[]) {
  for (const [index, firstName] of names.entries()) {
    yield { row: index + 1, record: { firstName, city: 'Oslo', photo } };
  }
}

describe('pickRiskyRows', () => {
  it('takes one of each kind of trouble before a second of any', async () => {
    const names = [
      'Anna',
      'Maximiliane-Theodora',
      'عبد الرحمن',
      'Zoë 🎉',
      '小明',
      'Al',
      'Maximilian-Theodor',
    ];
    const picked = await pickRiskyRows(fields, rows(...names), 5);
    expect(picked.map(({ row }) => row)).toEqual([2, 3, 4, 5, 6]);
  });

  it('says every reason for which a row was taken', async () => {
    const [first] = await pickRiskyRows(fields, rows('日本語日本語日本語日本語 🎌', 'Bo Li'), 2);
    expect(first?.risks).toEqual(expect.arrayContaining(['longest', 'emoji', 'East Asian']));
  });

  it('looks into lists', async () => {
    const products = list({ label: 'Products', fields: { ...fields } });
    async function* some() {
      for (const [index, names] of [['Anna'], ['Bob', '小明'], ['Carla']].entries()) {
        const items = names.map((firstName) => ({ firstName, city: 'Oslo', photo }));
        yield { row: index + 1, record: { products: items } };
      }
    }
    const picked = await pickRiskyRows({ products }, some(), 2);
    expect(picked.find(({ row }) => row === 2)?.risks).toContain('East Asian');
  });

  it('takes a row without picture', async () => {
    async function* some() {
      yield* rows('Anna', 'Berta');
      yield { row: 3, record: { firstName: 'Cleo', city: 'Oslo', photo: undefined } };
    }
    const picked = await pickRiskyRows(fields, some(), 2);
    expect(picked.find(({ row }) => row === 3)?.risks).toEqual(['no picture']);
  });

  it('counts what a reader sees as one letter once', async () => {
    const [family] = await pickRiskyRows(fields, rows('👨‍👩‍👧‍👦'), 1);
    expect(family?.letters).toBe(1 + 'Oslo'.length);
  });
});
