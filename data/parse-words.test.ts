import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boolean, color } from './fields.ts';
import { readField as read } from './test-field.ts';

const base = { label: 'Value', personal: false } as const;

describe('boolean', () => {
  it.each([
    ...([
      true,
      1,
      'yes',
      ' YES ',
      'TRUE',
      '1',
      '1.0',
      'x',
      'X',
      '✓',
      '✔\uFE0F',
      'Ja',
      'WAHR',
      'oui',
    ] as const),
    ...(['VRAI', 'sí', 'si\u0301', 'Si', 'VERDADERO', 'VERO', 'waar', 'sim'] as const),
  ])('reads %j as yes', (input) => expect(read(boolean(base), input)).toBe(true));

  it.each([
    ...([false, 0, 'no', 'N', 'false', '0', '0.0', 'Nein', 'FALSCH', 'non', 'FAUX', 'falso'] as const),
    ...(['nee', 'ONWAAR', 'não', 'na\u0303o', '✗'] as const),
  ])('reads %j as no', (input) => expect(read(boolean(base), input)).toBe(false));

  it.each(['maybe', '2', 2, '-', 'yes and no', '#N/A', 'y'.repeat(1000)])('rejects %j', (input) =>
    expect(read(boolean(base), input)).toMatch(/^is neither yes nor no; .+; write yes or no$/),
  );

  it.each([{}, [], Number.NaN])('rejects %j', (input) =>
    expect(read(boolean(base), input)).toBe('is not text'),
  );
});

describe('color', () => {
  it.each([
    ['#FF8800', '#ff8800'],
    ['#f80', '#ff8800'],
    ['rgb(255, 136, 0)', '#ff8800'],
    ['RGB(255 136 0)', '#ff8800'],
    [' rgb( 0,0,0 ) ', '#000000'],
  ])('reads %j', (input, output) => expect(read(color(base), input)).toBe(output));

  it.each([
    ['orange', 'is not a colour; write it as #rrggbb, such as #ff8800'],
    ['ff8800', 'is not a colour; write it as #rrggbb, such as #ff8800'],
    ['#ff880', 'is not a colour'],
    ['rgb(256, 0, 0)', 'is not a colour'],
    ['rgb(1, 2 3)', 'is not a colour'],
    ['#N/A', 'is not a colour'],
    ['#ff8800cc', 'has an opacity; write the colour without it, such as #ff8800'],
    ['rgba(255, 136, 0, 0.5)', 'has an opacity'],
    ['rgb(255 136 0 / 50%)', 'has an opacity'],
  ])('rejects %j', (input, reason) => expect(read(color(base), input)).toContain(reason));

  it('is the same colour however it is written', () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(part, part, part, (red, green, blue) => {
        const hex = read(color(base), `rgb(${red}, ${green}, ${blue})`);
        expect(read(color(base), hex)).toBe(hex);
        expect(read(color(base), String(hex).toUpperCase())).toBe(hex);
        expect(
          String(hex)
            .match(/[\da-f]{2}/g)
            ?.map((pair) => Number.parseInt(pair, 16)),
        ).toEqual([red, green, blue]);
      }),
    );
  });
});
