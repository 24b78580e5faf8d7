import { expect, it } from 'vitest';
import type { z } from 'zod';
import { fixturesFrom } from '../story/fixtures.ts';
import { boolean, choice, color, isoDate, list, number, object, text } from '../template.ts';
import { formRecord, recordFrom, recordSchema } from './whole-video.tsx';

const base = { label: 'Value', personal: false } as const;
const fields = {
  name: text(base),
  since: isoDate(base),
  until: isoDate({ ...base, optional: true }),
  plan: choice(['Basic', 'Plus'], base),
  vip: boolean(base),
  brand: color(base),
  visits: number(base),
};
const nested = {
  ...fields,
  orders: list({ label: 'Orders', fields: { what: text(base), on: isoDate(base) } }),
  address: object({ label: 'Address', fields: { city: text(base) } }),
};

it('edits a record in the form of its values, and gives it back as it was', () => {
  for (const { record } of Object.values(fixturesFrom(nested))) {
    const form = formRecord(nested, record);
    expect(form['since']).toBeInstanceOf(Date);
    expect(recordSchema(nested).safeParse(form).error).toBeUndefined();
    expect(recordFrom(form)).toEqual(record);
  }
});

it('shows days as dates, choices as menus and booleans as checkboxes', () => {
  const form = recordSchema(fields);
  const { shape } = form as unknown as { readonly shape: Readonly<Record<string, z.ZodType>> };
  const typeOf = (name: string): unknown => shape[name]?.type;
  expect(Object.keys(fields).map(typeOf)).toEqual([
    ...['string', 'date', 'optional', 'enum', 'boolean', 'string', 'number'],
  ]);
  expect(shape['brand']?.description).toBe('__remotion-color');
});
