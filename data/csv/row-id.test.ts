import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentId, createIdTable, findIdColumn } from './row-id.ts';

describe('findIdColumn', () => {
  it('finds the named one, else the likeliest, else none', () => {
    expect(findIdColumn(['ID', 'Customer ID', 'ref'], 'Ref')).toEqual({ index: 2, certain: true });
    expect(findIdColumn(['ID', 'Customer ID', 'ref'])).toEqual({ index: 1, certain: true });
    expect(findIdColumn(['name', 'ContactId'])).toEqual({ index: 1, certain: true });
    expect(findIdColumn(['Email Address', 'name'])).toEqual({ index: 0, certain: false });
    expect(findIdColumn(['name'])).toBeUndefined();
  });

  it('refuses unknown and equal ones', () => {
    expect(() => findIdColumn(['reference'], 'referense')).toThrow('Did you mean "reference"?');
    expect(() => findIdColumn(['id', 'ID'])).toThrow('could both be the id');
  });
});

describe('createIdTable', () => {
  it('answers as a map of first rows would', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000).map(String), { maxLength: 5000, size: 'max' }), (ids) => {
        const table = createIdTable();
        const first = new Map<string, number>();
        for (const [at, id] of ids.entries()) {
          expect(table.claim(id, at + 1)).toBe(first.get(id));
          if (!first.has(id)) first.set(id, at + 1);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('contentId', () => {
  it('follows from what the row says', () => {
    expect(contentId(['Anna', 'Rome'])).toBe(contentId([' Anna', 'Rome ', '']));
    expect(contentId(['Anna', 'Rome'])).not.toBe(contentId(['AnnaRome']));
    expect(contentId(['Anna'])).toMatch(/^row-[0-9a-f]{16}$/);
  });
});
