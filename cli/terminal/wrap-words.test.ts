import { describe, expect, it } from 'vitest';
import { flow, labelled } from './labelled.ts';
import { createPaint } from './paint.ts';
import { plain } from './plain.ts';
import { wrapWords } from './wrap-words.ts';

describe('text on a terminal', () => {
  it('breaks between words and keeps long ones whole', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapWords('see /a/very/long/path now', 8)).toEqual(['see', '/a/very/long/path', 'now']);
    expect(wrapWords('a\nb', 10)).toEqual(['a', 'b']);
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
