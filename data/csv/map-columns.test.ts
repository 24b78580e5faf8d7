import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choice, imageUrl, text } from '../fields.ts';
import { findColumn, parseColumnOverride, resolveMapping, suggestMapping } from './map-columns.ts';

const fields = {
  firstName: text({ label: 'Given name', personal: true, aliases: ['vorname', 'prénom', 'fname'] }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false, aliases: ['subscription', 'fname'] }),
  photoUrl: imageUrl({ label: 'Photo', personal: true, aliases: ['avatar'] }),
};

const pairs = (headers: readonly string[]) =>
  suggestMapping(headers, fields).columns.map(({ field, column, by }) => `${column}=${field} by ${by}`);

describe('suggestMapping', () => {
  it.each(['firstName', 'first_name', ' First Name ', 'FIRST-NAME', 'first.name'])('matches %j', (header) =>
    expect(pairs([header])).toEqual([`${header.trim()}=firstName by name`]),
  );

  it('matches labels and aliases', () => {
    expect(pairs(['Prénom', 'SUBSCRIPTION', 'photo'])).toEqual([
      'Prénom=firstName by alias',
      'SUBSCRIPTION=plan by alias',
      'photo=photoUrl by label',
    ]);
  });

  it('prefers names to labels to aliases, and gives a column to one field', () => {
    expect(pairs(['vorname', 'given name', 'first name'])).toEqual(['first name=firstName by name']);
    expect(pairs(['fname'])).toEqual(['fname=firstName by alias']);
    expect(suggestMapping(['a', 'plan'], fields)).toMatchObject({
      unfilled: ['firstName', 'photoUrl'],
      unused: ['a'],
    });
  });

  it('does not choose between equals', () => {
    const mapping = suggestMapping(['First Name', 'first_name'], fields);
    expect(mapping.columns).toEqual([]);
    expect(mapping.ambiguous).toEqual([{ field: 'firstName', columns: ['First Name', 'first_name'] }]);
  });

  it('is the same whatever the order of the columns', () => {
    const header = fc.constantFrom(
      'first_name',
      'vorname',
      'plan',
      'Subscription',
      'photo',
      'avatar',
      'x',
      '',
    );
    fc.assert(
      fc.property(fc.uniqueArray(header), (headers) => {
        const of = (order: readonly string[]) => pairs(order).toSorted();
        expect(of([...headers].reverse())).toEqual(of(headers));
      }),
    );
  });
});

describe('resolveMapping', () => {
  it('puts the person first', () => {
    const mapping = resolveMapping(['first_name', 'nick', 'plan'], fields, {
      map: [{ column: 'Nick', field: 'first_name' }],
    });
    expect(mapping.columns).toMatchObject([
      { field: 'firstName', column: 'nick', index: 1, by: 'option' },
      { field: 'plan', column: 'plan', index: 2, by: 'name' },
    ]);
    expect(mapping.unused).toEqual(['first_name']);
  });

  it('settles equals by an override', () => {
    const overrides = [{ column: 'First Name', field: 'firstName' }];
    expect(
      resolveMapping(['First Name', 'first_name', 'plan'], fields, { map: overrides }).columns,
    ).toHaveLength(2);
  });

  it.each([
    [
      ['first_nmae', 'plan'],
      [],
      'No column was found for "firstName" (Given name). If this is meant, add --map "first_nmae=firstName". The columns are "first_nmae", "plan".',
    ],
    [
      ['Vornahme', 'Subscriptions', '', 'x'],
      [],
      'No column was found for "firstName" (Given name), "plan" (Plan). If this is meant, add --map "Vornahme=firstName" --map "Subscriptions=plan". The columns are "Vornahme", "Subscriptions", "", "x".',
    ],
    [
      ['plan', 'firstname2', 'y'],
      [{ column: 'firstname2', field: 'photoUrl' }],
      'No column was found for "firstName" (Given name). The columns are "plan", "firstname2", "y".',
    ],
    [['x'], [], 'No column was found for "firstName" (Given name), "plan" (Plan). The columns are "x".'],
    [
      ['first_name', 'plan', 'tariff'],
      [{ column: 'tarif', field: 'plan' }],
      'There is no column "tarif". Did you mean "tariff"? The columns are "first_name", "plan", "tariff".',
    ],
    [
      ['first_name', 'plan'],
      [{ column: 'plan', field: 'plna' }],
      'The template has no field "plna". Did you mean "plan"? Its fields are firstName, plan, photoUrl.',
    ],
    [
      ['first_name', 'plan'],
      [
        { column: 'plan', field: 'plan' },
        { column: 'first_name', field: 'plan' },
      ],
      'Two columns are mapped to the field "plan".',
    ],
    [
      ['plan', 'first_name', 'plan'],
      [],
      'The columns "plan", "plan" match the field "plan" equally well. Keep one, or give them different names.',
    ],
    [
      ['first_name', 'plan', 'plan'],
      [{ column: 'plan', field: 'plan' }],
      '2 columns are called "plan" (columns 2 and 3). Give each its own name.',
    ],
  ])('refuses %j with %j', (headers, overrides, message) => {
    expect(() => resolveMapping(headers, fields, { map: overrides })).toThrow(
      expect.objectContaining({ code: 'csv-columns', message }) as Error,
    );
  });

  it('ignores unused columns, even if they are doubled or without a name', () => {
    expect(resolveMapping(['x', 'x', '', 'first_name', 'plan'], fields).unused).toEqual(['x', 'x', '']);
  });
});

describe('parseColumnOverride', () => {
  it('reads column=field', () => {
    expect(parseColumnOverride('First = Name=firstName')).toEqual({
      column: 'First = Name',
      field: 'firstName',
    });
    for (const wrong of ['', 'x', '=x', 'x='])
      expect(() => parseColumnOverride(wrong)).toThrow(
        expect.objectContaining({ code: 'usage-invalid' }) as Error,
      );
  });
});

describe('findColumn', () => {
  it('prefers the exact name', () => {
    expect(findColumn(['ID', 'id'], 'id')).toBe(1);
    expect(findColumn(['Ctr Id'], 'ctr_id')).toBe(0);
  });
});

describe('words of a mapping', () => {
  const said = (words: Readonly<Record<string, string | null>>, cell: string): string => {
    const { columns } = resolveMapping(['grade'], fields, {
      mapping: { fields: { firstName: { from: 'grade', words }, plan: '=Basic' } },
    });
    return columns.find(({ field }) => field === 'firstName')?.read([cell]) ?? 'none';
  };

  it('tell marks apart, and mean no other cell', () => {
    const words = { 'A+': 'best', A: 'good', 'A-': 'fair', '-': 'none' };
    expect(['A+', ' a ', 'A-', '-', '', '--', 'A*'].map((cell) => said(words, cell))).toEqual([
      ...['best', 'good', 'fair', 'none', '', '--', 'A*'],
    ]);
  });

  it('are found without their marks where that is clear', () => {
    expect(said({ Treu: 'loyal', 'New client': 'new' }, 'new_client')).toBe('new');
    // A word that is left as it is has its own meaning.
    expect(said({ 'new.client': null, 'New client': 'new' }, 'new-client')).toBe('new-client');
  });
});

it('takes a column whose header begins with = before a constant', () => {
  const { columns } = resolveMapping(['="Vorname"'], fields, {
    mapping: { fields: { firstName: '="Vorname"', plan: '=Basic' } },
  });
  expect(columns[0]?.read(['Anna'])).toBe('Anna');
});
