import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { choice, defineScene, defineTemplate, imageUrl, isoDate, locale, number, text } from '../template.ts';

const personal = { personal: true } as const;
const record = {
  firstName: text({ label: 'First name', ...personal, maxLength: 20 }),
  plan: choice(['Plus', 'Business Premium'], { label: 'Plan', personal: false }),
  months: number({ label: 'Months', ...personal, min: 1, max: 24 }),
  since: isoDate({ label: 'Since', ...personal, optional: true }),
  photo: imageUrl({ label: 'Photo', ...personal }),
  locale: locale({ label: 'Language', personal: false }),
};
const hello = defineScene({
  inputs: z.object({
    firstName: z.string(),
    accent: z.string().default('navy'),
    note: z.string().optional(),
  }),
  durationInFrames: 90,
});
const end = defineScene({ inputs: z.object({ plan: z.string() }), durationInFrames: 60 });

describe('a template that declares fields and scenes only', () => {
  const template = defineTemplate({ id: 'spring-sale', record, scenes: { hello, end } });

  it('has a title, and its scenes in order, each with the fields that its inputs are named after', () => {
    expect(template).toMatchObject({ title: 'Spring sale', version: 1, fps: 30, formats: ['16:9'] });
    expect(template.story).toMatchObject({
      start: 'hello',
      nodes: {
        hello: { inputs: { firstName: { var: 'firstName' }, accent: { value: 'navy' } }, next: 'end' },
        end: { inputs: { plan: { var: 'plan' } }, next: 'end-of-story' },
        'end-of-story': { type: 'end' },
      },
    });
    expect(Object.keys(template.story.nodes['hello'] ?? {})).not.toContain('note');
  });

  it('has sample people that every field accepts', () => {
    const { fixtures } = template;
    expect(fixtures.longest.record).toMatchObject({ plan: 'Business Premium', locale: 'de-DE' });
    expect(String(fixtures.longest.record['firstName'])).toHaveLength(20);
    expect(fixtures['right-to-left'].record).toMatchObject({ firstName: 'عبد الرحمن', locale: 'ar-EG' });
    expect(fixtures['empty-optionals'].record).toMatchObject({ since: undefined, photo: undefined });
    for (const { record: sample } of Object.values(fixtures)) {
      for (const [name, field] of Object.entries(record)) {
        const value = (sample as Record<string, unknown>)[name];
        if (value !== undefined) expect(field.parse(value), name).toMatchObject({ ok: true });
      }
    }
  });

  it('is refused when an input has no field, fact or segment of its name', () => {
    const scenes = { hello: defineScene({ inputs: z.object({ city: z.string() }), durationInFrames: 9 }) };
    expect(() => defineTemplate({ id: 'city', record, scenes })).toThrow(/"hello" has the input "city"/);
    expect(() => defineTemplate({ id: 'none', record, scenes: {} })).toThrow(/has no scene/);
  });
});
