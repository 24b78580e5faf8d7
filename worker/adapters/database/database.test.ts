import { PgDialect } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonRows } from './database.ts';

const textOf = (rows: readonly unknown[]): unknown => new PgDialect().sqlToQuery(jsonRows(rows)).params[0];

it('keeps every text that PostgreSQL can hold', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      expect(JSON.parse(String(textOf(texts)))).toEqual(texts.map((text) => text.replaceAll('\0', '')));
    }),
  );
});

it('sends neither NUL nor half characters, and leaves what only looks like them', () => {
  expect(textOf(['a\0b', '\ud83d', '\\u0000', '\\\\ud83d', '\u{1f600}'])).toBe(
    JSON.stringify(['ab', '\ufffd', '\\u0000', '\\\\ud83d', '\u{1f600}']),
  );
});
