import { describe, expect, it } from 'vitest';
import { hmacWith } from '../core/hmac.ts';
import { readClipRef, writeClipRef, readPass, writePass } from './tokens.ts';

const hmac = hmacWith(Buffer.alloc(32, 1));
const other = hmacWith(Buffer.alloc(32, 2));
const now = new Date('2026-11-25T12:00:00Z');
const pass = {
  session: 'V8cXvRmQ7LdmS0yHnC0bqG',
  rights: 'play',
  link: 'mS0yHnC0bqGZxUeJ3sFOpA',
  expiresAt: new Date('2026-11-25T12:15:00Z'),
} as const;

/** Every text that differs from this one in one character. */
const altered = (text: string): readonly string[] =>
  Array.from(text, (digit, at) => `${text.slice(0, at)}${digit === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`);

describe('a pass', () => {
  it('is what was signed, until it expires', () => {
    const text = writePass(hmac, pass);
    expect(text).toMatch(/^[\w-]{75}$/);
    expect(readPass(hmac, text, now)).toEqual(pass);
    expect(readPass(hmac, text, new Date('2026-11-25T12:14:59Z'))).toEqual(pass);
    expect(readPass(hmac, text, pass.expiresAt)).toBeUndefined();
    expect(readPass(other, text, now)).toBeUndefined();
  });

  it('is none as soon as any character of it is another one', () => {
    const text = writePass(hmac, pass);
    for (const each of [...altered(text), '', text.slice(1), `${text}a`]) {
      expect(readPass(hmac, each, now), each).toBeUndefined();
    }
  });
});

describe('a name of a clip', () => {
  const key = '0f'.repeat(32);

  it('leads to the clip for viewers by one link alone', () => {
    const ref = writeClipRef(hmac, key, 'link');
    expect(readClipRef(hmac, ref, 'link')).toBe(key);
    expect(readClipRef(hmac, ref, 'another')).toBeUndefined();
    expect(readClipRef(other, ref, 'link')).toBeUndefined();
    for (const each of [...altered(ref), key, '']) expect(readClipRef(hmac, each, 'link')).toBeUndefined();
  });
});
