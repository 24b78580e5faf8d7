import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { countOf, flow, formatBytes, formatDuration, formatEstimate, labelled } from './layout.ts';
import { createPaint, openTerminal, plain, shorten, wrapWords } from './terminal.ts';

describe('text on a terminal', () => {
  it('breaks between words and keeps long ones whole', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapWords('see /a/very/long/path now', 8)).toEqual(['see', '/a/very/long/path', 'now']);
    expect(wrapWords('a\nb', 10)).toEqual(['a', 'b']);
  });

  it('is cut after a word, and says so', () => {
    expect(shorten('offer: Plus, month: March', 25)).toBe('offer: Plus, month: March');
    expect(shorten('offer: Plus, month: March', 24)).toBe('offer: Plus, month…');
    expect(shorten('offer: Plus, month: March', 13)).toBe('offer: Plus…');
    expect(shorten('offer: Plus and more', 12)).toBe('offer: Plus…');
    expect(shorten('a Donaudampfschifffahrt', 12)).toBe('a Donaudamp…');
    expect(shorten('👍🏽👍👍👍', 3)).toBe('👍🏽…');
  });

  it('flows items without cutting any, and indents what follows', () => {
    const items = ['first_name → firstName', 'city', 'member_since → memberSince'];
    const lines = flow(items, 44);
    expect(lines).toEqual(['first_name → firstName, city,', 'member_since → memberSince']);
    expect(labelled('Columns', lines, createPaint(false))).toBe(
      '  Columns    first_name → firstName, city,\n             member_since → memberSince',
    );
  });

  it('lets no cell move the cursor or turn the line around', () => {
    expect(plain('a\u001B[2Jb\r\nc\u202Ed')).toBe('a [2Jb c d');
  });
});

describe('quantities', () => {
  it('counts in the singular and the plural', () => {
    expect(countOf(1, 'row')).toBe('1 row');
    expect(countOf(0, 'row')).toBe('0 rows');
    expect(countOf(100_000, 'copy', 'copies')).toBe('100,000 copies');
  });

  it('never says 60 seconds or 60 minutes', () => {
    expect(formatDuration(0.42)).toBe('0.4 s');
    expect(formatDuration(9.97)).toBe('10 s');
    expect(formatDuration(59.6)).toBe('1 min 00 s');
    expect(formatDuration(3599.7)).toBe('1 h 00 min');
    expect(formatDuration(200_000)).toBe('2 days 7 h');
  });

  it('rounds estimates up, and more coarsely the longer they are', () => {
    expect(formatEstimate(2)).toBe('a few seconds');
    expect(formatEstimate(31)).toBe('35 s');
    expect(formatEstimate(121)).toBe('2 min 10 s');
    expect(formatEstimate(538)).toBe('9 min');
    expect(formatEstimate(1801)).toBe('31 min');
    expect(formatEstimate(3700)).toBe('1 h 05 min');
  });

  it('shows bytes in the unit that keeps them short', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(999_600)).toBe('1.0 MB');
    expect(formatBytes(4_180_000)).toBe('4.2 MB');
    expect(formatBytes(123_000_000)).toBe('123 MB');
  });
});

it('a terminal without a size gets plain lines, as wide as usual', () => {
  const open = (columns: number) => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns, hasColors: () => false });
    const streams = { stdout: stream, stderr: stream, env: {} };
    return openTerminal(streams as unknown as Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>, false);
  };
  expect([open(0).live, open(0).columns()]).toEqual([false, 100]);
  expect([open(80).live, open(80).columns()]).toEqual([true, 80]);
});
