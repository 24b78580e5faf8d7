import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkRecord } from '../../data/check-record.ts';
import type { Field } from '../../data/record.ts';
import {
  boolean,
  color,
  dateTime,
  defineScene,
  defineTemplate,
  email,
  money,
  moneyInput,
  paragraphs,
  phone,
  time,
} from '../template.ts';
import { bindPath } from './bind.ts';
import { canonicalJson } from './canonical-json.ts';
import { knownVariables } from './check/known-variables.ts';
import { firstUncovered } from './glyphs.ts';

const base = { label: 'Value', personal: true } as const;

/** Each kind with a cell, what its scene takes, and what the scene gets. */
const kinds: readonly (readonly [Field, string, z.ZodType, unknown])[] = [
  [boolean(base), 'nein', z.boolean(), false],
  [phone(base), '+44 (0)1632 960123', z.string(), '+441632960123'],
  [email({ ...base, personal: true }), 'Anna.Lindt@Shop.CO', z.string(), 'Anna.Lindt@shop.co'],
  [paragraphs(base), 'Dear  Anna,\r\n\r\n thank you. ', z.string(), 'Dear Anna,\n\nthank you.'],
  [money(base), '1.234,50 €', moneyInput, { amount: 1234.5, currency: 'EUR' }],
  [dateTime(base), '3 May 2026 2:30 PM +0200', z.string(), '2026-05-03T14:30:00+02:00'],
  [time(base), '2:30 pm', z.string(), '14:30'],
  [color(base), '#F80', z.string(), '#ff8800'],
];

describe('a value of a cell reaches its scene, through a stored record', () => {
  it.each(kinds)('$kind: %j', (field, cell, input, expected) => {
    const template = defineTemplate({
      id: 'kinds',
      record: { value: field },
      formats: ['16:9'],
      fps: 15,
      scenes: { only: defineScene({ inputs: z.object({ value: input }), durationInFrames: 15 }) },
    });
    const check = checkRecord(template.record, { value: cell });
    expect(check).toEqual({ ok: true, record: { value: expected }, warnings: [] });
    if (!check.ok) return;
    const stored = JSON.parse(JSON.stringify(check.record)) as typeof check.record;
    const [scene] = bindPath(template, stored, {}, { asOf: '2026-01-01' });
    expect(scene?.inputs).toEqual({ value: expected });
    expect(JSON.parse(canonicalJson(scene?.inputs))).toEqual({ value: expected });
    // What a stored record holds is read as itself, as JSON bodies have it.
    expect(checkRecord(template.record, stored)).toMatchObject({ ok: true, record: { value: expected } });
  });
});

it('draws texts with line breaks, which no font has', () => {
  const glyphs = { covers: (codePoint: number) => codePoint > 31 };
  expect(firstUncovered('Dear Anna,\n\nthank you.', glyphs)).toBeUndefined();
  expect(firstUncovered('Dear Anna,\tthank you.', glyphs)).toBe('\t');
});

it('knows of a story what it compares: yes and no, and never amounts', () => {
  const known = knownVariables(
    defineTemplate({
      id: 'kinds',
      record: { vip: boolean(base), price: money(base) },
      formats: ['16:9'],
      fps: 15,
      scenes: {
        only: defineScene({
          inputs: z.object({ vip: z.boolean(), price: moneyInput }),
          durationInFrames: 15,
        }),
      },
    }),
  );
  expect(known.get('vip')).toMatchObject({ type: 'boolean', values: [false, true] });
  expect(known.get('price')).toMatchObject({ type: 'money' });
});
