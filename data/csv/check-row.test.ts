import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { guardFormula, startsFormula } from './check-row.ts';
import { fileNameOf } from './row-id.ts';

describe('startsFormula', () => {
  it.each(['=1+1', '=HYPERLINK("x")', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '＝1', '--x'])(
    'sees %j',
    (cell) => expect(startsFormula(cell)).toBe(true),
  );
  it.each(['', 'Anna', '-', '-5', '-1,234.50', '+49 (30) 123456', "'=1", ' =1', 'a=b'])('passes %j', (cell) =>
    expect(startsFormula(cell)).toBe(false),
  );
});

describe('guardFormula', () => {
  it('puts an apostrophe before a formula of ours and leaves the rest', () => {
    expect(guardFormula('=1')).toBe("'=1");
    expect(guardFormula('-5')).toBe("'-5");
    expect(guardFormula('videos/a.mp4')).toBe('videos/a.mp4');
  });
});

describe('fileNameOf', () => {
  it.each(['1001', 'c-1001', 'row-0f3a', 'a_b'])('keeps %j', (id) => expect(fileNameOf(id)).toBe(id));

  it.each([
    ['C-1001', 'C-1001~u'],
    ['Cust-1', /^Cust-1~[0-9a-f]{16}$/],
    ['../../../etc/passwd', /^etc-passwd~[0-9a-f]{16}$/],
    ['.', /^id~[0-9a-f]{16}$/],
    ['..', /^id~[0-9a-f]{16}$/],
    ['', /^id~[0-9a-f]{16}$/],
    ['con', /^con~[0-9a-f]{16}$/],
    ['COM1', /^COM1~[0-9a-f]{16}$/],
    ['a/b', /^a-b~[0-9a-f]{16}$/],
    ['a\\b', /^a-b~[0-9a-f]{16}$/],
    ['Zoë 👩🏽‍🚀', /^Zoe~[0-9a-f]{16}$/],
    ['李小龙', /^id~[0-9a-f]{16}$/],
    ['anna@example.com', /^anna-example-com~[0-9a-f]{16}$/],
    ['-rf', /^rf~[0-9a-f]{16}$/],
    ['x'.repeat(500), /^x{40}~[0-9a-f]{16}$/],
    ['X'.repeat(64), /^X{40}~[0-9a-f]{16}$/],
  ])('names %j safely', (id, name) => expect(fileNameOf(id)).toMatch(name));

  it('is always a safe name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (id) => {
        expect(fileNameOf(id)).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:~(?:u|[0-9a-f]{16}))?$/);
        expect(fileNameOf(id).length).toBeLessThanOrEqual(64);
      }),
      { numRuns: 500 },
    );
  });

  it('gives different ids different file names on disks that ignore case', () => {
    const id = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', '1', '-', '_', '~', 'u', '.', '/', 'é'),
      maxLength: 4,
    });
    fc.assert(
      fc.property(id, id, (a, b) => {
        fc.pre(a !== b);
        expect(fileNameOf(a).toLowerCase()).not.toBe(fileNameOf(b).toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });
});
