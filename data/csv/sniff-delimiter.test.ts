import { describe, expect, it } from 'vitest';
import { sniffDelimiter } from './sniff-delimiter.ts';

const sniff = (sample: string) => sniffDelimiter(sample, true).delimiter;

describe('sniffDelimiter', () => {
  it.each([
    ['a,b\n1,2', ','],
    ['a;b\n1;2', ';'],
    ['a\tb\n1\t2', '\t'],
    ['a|b\n1|2', '|'],
    ['name', ','],
  ])('finds that of %j', (sample, delimiter) => expect(sniff(sample)).toBe(delimiter));

  it('is not led astray by decimal commas', () => {
    expect(sniff('id;jan;feb\n1;2,5;3,5\n2;1,0;4,25\n')).toBe(';');
  });

  it('does not count what is quoted', () => {
    expect(sniff('id;"a,b,c,d"\n1;"x,y,z\n,,,"\n2;"say ""a,b"", c"\n')).toBe(';');
  });

  it('does not take an inch sign for a quote', () => {
    expect(sniff('id;size\n1;5" wide\n2;6"\n')).toBe(';');
  });

  it('prefers more columns when both agree', () => {
    expect(sniff('a,b,"c|d"\n1,2,3\n')).toBe(',');
    expect(sniff('a|b,c|d|e\n1|2,3|4|5\n')).toBe('|');
  });

  it('obeys the hint of Excel', () => {
    expect(sniffDelimiter('sep=|\r\na,b|c\r\n', true)).toEqual({ delimiter: '|', hinted: true });
  });

  it('leaves a cut-off last record out', () => {
    expect(sniffDelimiter('a;b;c\n1;2;3\n1,2,3,4', false).delimiter).toBe(';');
  });
});
