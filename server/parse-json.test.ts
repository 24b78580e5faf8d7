import { describe, expect, it } from 'vitest';
import { watchEventLoop } from '../tests/services/watch-event-loop.ts';
import { parseJson } from './parse-json.ts';

const read = (text: string): Promise<unknown> => parseJson(Buffer.from(text));

describe('parseJson', () => {
  it('reads what JSON is, byte order mark or not', async () => {
    expect(await read('{"a": [1, "é", null]}')).toEqual({ a: [1, 'é', null] });
    expect(await read('\uFEFF{"a": 1}')).toEqual({ a: 1 });
  });

  it('takes an empty body for none', async () => {
    expect(await parseJson(Buffer.alloc(0))).toBeUndefined();
  });

  it('reads 32 levels and refuses 33', async () => {
    await read('['.repeat(32) + ']'.repeat(32));
    await expect(read('['.repeat(33) + ']'.repeat(33))).rejects.toThrow('nested deeper than 32 levels');
    await expect(read('{"a":'.repeat(33) + '1' + '}'.repeat(33))).rejects.toThrow('nested deeper');
  });

  it('counts no brackets inside of texts', async () => {
    const text = '['.repeat(100);
    expect(await read(JSON.stringify({ a: `${text}"\\${text}` }))).toEqual({ a: `${text}"\\${text}` });
  });

  it('gives up on a megabyte of brackets at the 33rd', async () => {
    const bytes = Buffer.alloc(1_000_000, '[');
    const before = process.memoryUsage().heapUsed;
    await expect(parseJson(bytes)).rejects.toThrow('nested deeper');
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000);
  });

  it('says where the text stops being JSON, and not what stands there', async () => {
    await expect(read('{\n  "name": "Anna",\n  plan: 1 }')).rejects.toThrow(
      'The body is not valid JSON: reading stopped at line 3, column 3.',
    );
    await expect(read('{"name": "Anna"')).rejects.toThrow(
      /^The body is not valid JSON: reading stopped at line 1, column 16/,
    );
  });

  it('refuses what is not UTF-8 rather than reading replacement characters', async () => {
    await expect(parseJson(Buffer.from('{"name": "J\xf6rg"}', 'latin1'))).rejects.toThrow(
      'not encoded as UTF-8',
    );
  });

  it('refuses a field that would reach a prototype', async () => {
    await expect(read('{"record": {"__proto__": {"admin": true}}}')).rejects.toThrow('__proto__');
    await expect(read(String.raw`{"\u005f_proto__": 1}`)).rejects.toThrow('__proto__');
  });

  it.each([
    ['NUL', String.raw`{"record": {"name": "A\u0000"}}`, '/record/name'],
    ['half a pair', String.raw`{"record": {"name": ["\uD83d"]}}`, '/record/name/0'],
    ['NUL in a name', String.raw`{"record": {"a\u0000": 1}}`, '/record'],
  ])('refuses text that no table holds: %s', async (_what, text, pointer) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'request-invalid', faults: [{ pointer }] });
  });

  it('reads escapes that only look like such text', async () => {
    expect(await read(String.raw`{"a": "\\u0000", "b": "\ud83d\ude00"}`)).toEqual({
      a: String.raw`\u0000`,
      b: '😀',
    });
  });

  describe('of megabytes', () => {
    const row = (at: number) => ({ id: `c-${at}`, text: 'ä"[]{},\\'.repeat(20) });
    const rows = Array.from({ length: 20_000 }, (_, at) => row(at));

    it('reads the same as of little', async () => {
      const body = { a: [], rows, map: { x: 'y' }, list: [0, [1], 'x'], last: null };
      for (const space of [0, 1]) expect(await read(JSON.stringify(body, null, space))).toEqual(body);
      const doubled = `{"rows":[1],"rows":${JSON.stringify(rows)}}`;
      expect(await read(doubled)).toEqual({ rows });
    });

    const text = JSON.stringify(rows).slice(1, -1);
    it.each([
      ['a comma too many at the end', `{"rows":[${text},]}`],
      ['a comma too many within', `{"rows":[${text},,${text}]}`],
      ['a comma too many at the beginning', `{"rows":[,${text}]}`],
      ['a list that is closed as an object', `{"rows":[${text}}}`],
      ['an entry that is closed as a list', `{"rows":[${text},{]]}`],
      ['no end', `{"rows":[${text}`],
      ['a second value', `{"rows":[${text}]} {}`],
    ])('refuses %s', async (_what, body) => {
      await expect(read(body)).rejects.toThrow(/^The body is not valid JSON/);
    });

    it('says where the text stops being JSON', async () => {
      const lines = JSON.stringify(rows, null, 1).slice(1, -2);
      const line = lines.split('\n').length;
      await expect(read(`{"rows":[${lines},\n{"id": x}]}`)).rejects.toThrow(
        new RegExp(`reading stopped at line ${line + 1}, column`),
      );
    });

    it.each([
      ['entry', `{"rows":[{"a":"${'x'.repeat(1_000_000)}"}]}`, 'One entry of a list'],
      ['text besides lists', `{"rows":[],"a":"${'x'.repeat(1_000_000)}"}`, 'besides its lists'],
    ])('refuses an %s of more than one', async (_what, body, message) => {
      await expect(read(body)).rejects.toThrow(message);
    });

    it('never holds the event loop for long', async () => {
      const wide = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`column ${at}`, at]));
      const keys = Object.entries(wide);
      const body = JSON.stringify({
        rows: Array.from({ length: 1200 }, (_, at) =>
          Object.fromEntries([...keys.slice(at % 500), ...keys.slice(0, at % 500)]),
        ),
      });
      const { result, longestMs } = await watchEventLoop(() => read(body));
      expect(result).toHaveProperty('rows.length', 1200);
      expect(longestMs).toBeLessThan(500);
    });
  });
});
