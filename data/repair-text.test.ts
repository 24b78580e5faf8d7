import { describe, expect, it } from 'vitest';
import { decodeEntities, unwrapCell } from './repair-text.ts';

describe('unwrapCell', () => {
  it.each([
    ['="Anna"', 'Anna'],
    ['="00123"', '00123'],
    ['="Say ""hi"""', 'Say "hi"'],
    ["'Anna", 'Anna'],
    ["'00123", '00123'],
    ["'+49 30 1234", '+49 30 1234'],
  ])('takes %s for %s', (cell, meant) => expect(unwrapCell(cell)).toBe(meant));

  it.each(["'t Hooft", "'s-Hertogenbosch", "'Anna'", '=1+2', '="a"&"b"', 'Anna', "O'Connor", "'"])(
    'leaves %s as it is',
    (cell) => expect(unwrapCell(cell)).toBe(cell),
  );
});

describe('decodeEntities', () => {
  it.each([
    ['O&#39;Brien', 'O’Brien'.replace('’', "'")],
    ['Marks &amp; Spencer', 'Marks & Spencer'],
    ['Jos&eacute;', 'José'],
    ['&#x4C;i', 'Li'],
  ])('reads %s as %s', (text, meant) => expect(decodeEntities(text)).toBe(meant));

  it.each(['R&D', 'Q&A; more', 'AT&T', '&copy without semicolon', 'a & b'])('leaves %s as it is', (text) =>
    expect(decodeEntities(text)).toBe(text),
  );
});
