import { describe, expect, it } from 'vitest';
import { readRows } from '../../data/csv/read-rows.ts';
import { writeTestFile } from '../../data/csv/test-file.ts';
import { renewalOffer } from '../../templates/renewal-offer/template.ts';
import { yearInReview } from '../../templates/year-in-review/template.ts';
import type { Suspicion } from '../../data/suspects.ts';
import { shop } from '../../video/story/test-shop.ts';
import { absentImage } from '../../video/story/scene.ts';
import type { Template } from '../../video/story/template.ts';
import type { IntakeRow } from '../core/intake.ts';
import { namesUsed } from '../people/known-view.ts';
import { createDataCounter } from './capture-data.ts';

const asOf = '2026-06-01';

/** Counts a file as advice does, where every good row shows all scenes. */
async function count(
  template: Template,
  lines: readonly string[],
  { accept = [], emptyAs }: { readonly accept?: readonly Suspicion[]; readonly emptyAs?: 'fallback' } = {},
) {
  const input = await readRows(await writeTestFile(lines.join('\n')), {
    ...{ fields: template.record, asOf },
    ...(emptyAs && { mapping: { fields: {}, emptyAs } }),
  });
  const counter = createDataCounter(template, namesUsed(template), input.mapping, accept);
  const scenes = new Set(Object.keys(template.scenes));
  for await (const row of input.rows()) {
    counter.read(row);
    if (row.check.ok) counter.see(row satisfies IntakeRow, { photoUrl: absentImage }, scenes);
    counter.forget();
  }
  const { fields, ...rest } = counter.result();
  return { ...rest, of: (name: string) => fields.find(({ field }) => field === name) };
}

it('counts a list by the columns of its parts', async () => {
  const data = await count(shop, [
    'id,first_name,product_1_name,product_1_price,product_2_name,product_2_price',
    '1,Anna,Mug,12.50 EUR,,',
    '2,Bo,Mug,12.50 EUR,Cap,9 EUR',
    '3,Cleo,Mug,dear,,',
    '4,Dan,,,,',
  ]);
  expect(data.of('products')).toMatchObject({
    ...{ kind: 'list', filled: 0.75, usable: 0.5, required: false, distinct: { values: 3 } },
    column: 'product_1_name, product_1_price, product_2_name, product_2_price',
    scenes: ['all', 'product'],
    ...{ optional: true, fallback: { shown: null, rows: 0, noticed: 0 } },
  });
  expect(data.fallbacks.rows).toBe(0);
});

const header = 'customer_id,first_name,segment,renewal_date,plan,locale';
const renewals = (...rows: readonly string[]) => count(renewalOffer, [header, ...rows]);

describe('a counted file', () => {
  it('knows how full, valid and varied each column is', async () => {
    const data = await renewals(
      '1,Anna,loyal,2026-07-01,Plus,',
      '2,Ben,loyal,2026-07-02,Gold,',
      '3,,loyal,2026-07-03,Plus,',
      '4,Anna,loyal,2026-07-04,,',
    );
    expect(data.rows).toBe(4);
    expect(data.of('firstName')).toMatchObject({
      ...{ column: 'first_name', filled: 0.75, usable: 0.75, only: null, scenes: ['personal'] },
      ...{ distinct: { values: 2, exact: true }, required: true },
    });
    expect(data.of('locale')?.required).toBe(false);
    // An invalid value is filled and cannot be used.
    expect(data.of('plan')).toMatchObject({
      filled: 0.75,
      usable: 0.5,
      distinct: { values: 2, exact: true },
    });
    // A constant column.
    expect(data.of('segment')).toMatchObject({ filled: 1, distinct: { values: 1 }, only: 'loyal' });
    // An empty column, and a field without one.
    expect(data.of('locale')).toMatchObject({ column: 'locale', filled: 0, distinct: { values: 0 } });
    expect(data.of('link')).toMatchObject({ column: null, filled: 0, scenes: [] });
  });

  it('knows which dates are stale, unless they are meant', async () => {
    const rows = [header, '1,Anna,loyal,2024-07-01,Plus,', '2,Ben,loyal,2026-07-02,Plus,'];
    const data = await count(renewalOffer, rows);
    expect(data.of('renewalDate')?.dates).toEqual({
      oldest: '2024-07-01',
      newest: '2026-07-02',
      unlikely: 1,
    });
    const meant = await count(renewalOffer, rows, { accept: ['unlikely-date'] });
    expect(meant.of('renewalDate')).toMatchObject({ doubtful: 0, dates: { unlikely: 0 } });
  });

  it('leaves rows with another number of cells out of the shares', async () => {
    const data = await renewals('1,Anna,loyal,2026-07-01,Plus,de', '2,Ben');
    expect(data.rows).toBe(2);
    expect(data.of('firstName')).toMatchObject({ filled: 1, usable: 1 });
  });

  it('counts the viewers who see a fallback, and names their rows', async () => {
    const months = 'jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec';
    const ones = Array.from({ length: 12 }, () => 1).join(',');
    const rows = [
      `customer_id,first_name,city,member_since,plan,${months},favourite_category,locale`,
      `1,Anna,Lisbon,2020-01-01,Plus,${ones},Books,de-DE`,
      `2,Ben,Porto,2020-01-01,Plus,${ones},,`,
    ];
    const data = await count(yearInReview, rows, { emptyAs: 'fallback' });
    expect([data.of('city')?.required, data.of('plan')?.required]).toEqual([false, true]);
    expect(data.of('favouriteCategory')?.fallback).toEqual({
      shown: 'a bit of everything',
      rows: 1,
      noticed: 1,
    });
    // Nobody sees that a locale is missing, and the greeting works without a photo.
    expect(data.of('locale')?.fallback).toMatchObject({ rows: 0, noticed: 0 });
    expect(data.of('photoUrl')?.fallback).toMatchObject({ rows: 2, noticed: 0 });
    expect(data.fallbacks).toEqual({ rows: 2, viewers: 1, firstRows: [2] });
  });
});
