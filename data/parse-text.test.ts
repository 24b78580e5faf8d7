import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkRecord } from './check-record.ts';
import { proposeMapping } from './csv/propose-mapping.ts';
import { readRows } from './csv/read-rows.ts';
import { savedMappingSchema } from './csv/saved-mapping.ts';
import { collect, writeTestFile } from './csv/test-file.ts';
import { paragraphs } from './fields.ts';
import { readField as read } from './test-field.ts';

const base = { label: 'Letter', personal: true } as const;

describe('paragraphs', () => {
  it.each([
    ['one line', 'one line'],
    ['a\r\nb\rc\nd\u2028e\u0085f', 'a\nb\nc\nd\ne\nf'],
    ['  Dear   Anna, \n\n\n\n\n  thank\tyou.  \n', 'Dear Anna,\n\nthank you.'],
    ['a\n \u00A0 \nb', 'a\n\nb'],
    ['A\u0308rger', 'Ärger'],
  ])('reads %j', (input, output) => expect(read(paragraphs(base), input)).toBe(output));

  it.each([
    [`${'a\n'.repeat(20)}a`, 'has 21 lines; shorten it to 20 at most'],
    ['a'.repeat(1001), 'has 1001 characters; shorten it to 1000 at most'],
    ['a\nb\u0007', 'control character U+0007'],
    ['a\n\u202Eb', 'control character U+202E'],
    ['Dear {{first_name}},\nhello', 'contains {{first_name}}'],
    ['Jos\u00C3\u00A9,\n{\uFFFD}', 'wrong encoding'],
    ['\u200B', 'is invisible'],
    ['#N/A', 'spreadsheet error'],
    [true, 'is not text'],
  ])('rejects %j', (input, reason) => expect(read(paragraphs(base), input)).toContain(reason));

  it('reads what it returned as the same, within its bounds', () => {
    const field = paragraphs({ ...base, maxLines: 5, maxLength: 30 });
    const any = fc.oneof(
      fc.stringMatching(/^[ab \n\r\t\u2029]{0,30}$/),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    );
    fc.assert(
      fc.property(any, (value) => {
        const parsed = field.parse(value);
        if (!parsed.ok) return;
        expect(field.parse(parsed.value)).toEqual(parsed);
        expect(parsed.value.split('\n').length).toBeLessThanOrEqual(5);
        expect(parsed.value).not.toMatch(/[\r\u2028\u2029]|\n{3}|^\s|\s$| \n|\n /);
      }),
    );
  });

  it('keeps the line breaks of cells, and of columns that a mapping joins', async () => {
    const file = await writeTestFile('letter,ps\n"Dear Anna,\n\nhello","PS:\nbye"\n');
    const field = paragraphs(base);
    const lettersOf = async (mapping?: { fields: Record<string, string> }) =>
      (await collect((await readRows(file, { fields: { letter: field }, mapping })).rows())).map(
        ({ check }) => check.ok && check.record['letter'],
      );
    expect(await lettersOf()).toEqual(['Dear Anna,\n\nhello']);
    expect(await lettersOf({ fields: { letter: '{letter} {ps}' } })).toEqual([
      'Dear Anna,\n\nhello PS:\nbye',
    ]);
    const proposed = await proposeMapping({ file }, { letter: field, other: field }, []);
    expect(savedMappingSchema.parse(parse(proposed)).fields).toEqual({ letter: 'letter' });
  });

  it('reports what may not be meant, and never leaves it out', () => {
    const fields = { letter: paragraphs({ ...base, optional: true }) };
    expect(checkRecord(fields, { letter: 'n/a' }, { lenient: true })).toMatchObject({
      record: { letter: 'n/a' },
      warnings: [{ code: 'placeholder' }],
    });
    expect(checkRecord(fields, { letter: 'Dear\n<b>Anna</b>' })).toMatchObject({
      warnings: [{ code: 'markup' }],
    });
  });
});
