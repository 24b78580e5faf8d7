import { expect, it } from 'vitest';
import type { Field } from '../../data/record.ts';
import { boolean, color, money, paragraphs } from '../../video/template.ts';
import { correctionOf, toText } from './known-view.ts';

const base = { label: 'Value', personal: true } as const;

it.each<[Field, unknown, string, unknown]>([
  [boolean(base), true, 'yes', { type: 'choice', options: ['yes', 'no'] }],
  [money(base), { amount: 12.5, currency: 'EUR' }, '12.50 EUR', { type: 'text' }],
  [color(base), '#ff8800', '#ff8800', { type: 'text' }],
  [paragraphs(base), 'a\nb', 'a\nb', { type: 'text', maxLength: 1000, multiline: true }],
])(
  '$kind is shown in words that its field reads back, and corrected in a fitting entry',
  (field, value, shown, entry) => {
    expect(toText(value)).toBe(shown);
    expect(field.parse(shown)).toEqual({ ok: true, value });
    expect(correctionOf(field)).toEqual(entry);
  },
);
