import { expect, it } from 'vitest';
import { readRows } from '../../data/csv/read-rows.ts';
import { writeTestFile } from '../../data/csv/test-file.ts';
import { isoDate } from '../../data/fields.ts';
import { anna, mug, shop } from '../../video/story/test-shop.ts';
import { imageKeysOf, readOptions } from './erasure.ts';
import { hmacWith } from './hmac.ts';
import { imageKeyOf } from './image-resolver.ts';

it('asks nothing about the days of a file that was accepted before conventions were kept', async () => {
  const fields = { renewalDate: isoDate({ label: 'Renewal date', personal: true }) };
  const file = await writeTestFile('id,renewalDate\n1,03/04/2027\n');
  await expect(readRows(file, { fields })).rejects.toMatchObject({ code: 'csv-ambiguous' });
  const source = { kind: 'csv', file: 'x.csv', fileName: 'people.csv', map: [], idColumn: 'id' } as const;
  const input = await readRows(file, readOptions(fields, source));
  expect(input.idColumn).toBe('id');
});

it('finds what pictures in lists are remembered by', () => {
  const hmac = hmacWith(Buffer.alloc(32));
  expect(imageKeysOf(hmac, shop.record, anna)).toEqual([imageKeyOf(hmac, { kind: 'image' }, mug.picture)]);
});
