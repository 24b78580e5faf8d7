import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

const read = (text: string): unknown => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('reads what JSON is, byte order mark or not', () => {
    expect(read('{"a": [1, "é", null]}')).toEqual({ a: [1, 'é', null] });
    expect(read('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  });

  it('takes an empty body for none', () => {
    expect(parseJson(Buffer.alloc(0))).toBeUndefined();
  });

  it('reads 32 levels and refuses 33', () => {
    expect(() => read('['.repeat(32) + ']'.repeat(32))).not.toThrow();
    expect(() => read('['.repeat(33) + ']'.repeat(33))).toThrow('nested deeper than 32 levels');
    expect(() => read('{"a":'.repeat(33) + '1' + '}'.repeat(33))).toThrow('nested deeper');
  });

  it('counts no brackets inside of texts', () => {
    const text = '['.repeat(100);
    expect(read(JSON.stringify({ a: `${text}"\\${text}` }))).toEqual({ a: `${text}"\\${text}` });
  });

  it('gives up on a megabyte of brackets at the 33rd', () => {
    const bytes = Buffer.alloc(1_000_000, '[');
    const before = process.memoryUsage().heapUsed;
    expect(() => parseJson(bytes)).toThrow('nested deeper');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
  });

  it('says where the text stops being JSON, and not what stands there', () => {
    expect(() => read('{\n  "name": "Anna",\n  plan: 1 }')).toThrow(
      'The body is not JSON: reading stopped at line 3, column 3.',
    );
    expect(() => read('{"name": "Anna"')).toThrow(
      /^The body is not JSON: reading stopped at line 1, column 16/,
    );
  });

  it('refuses what is not UTF-8 rather than reading replacement characters', () => {
    expect(() => parseJson(Buffer.from('{"name": "J\xf6rg"}', 'latin1'))).toThrow('not encoded as UTF-8');
  });

  it('refuses a field that would reach a prototype', () => {
    expect(() => read('{"record": {"__proto__": {"admin": true}}}')).toThrow('__proto__');
    expect(() => read(String.raw`{"\u005f_proto__": 1}`)).toThrow('__proto__');
  });
});
