import { describe, expect, it } from 'vitest';
import { checkBody } from './check-body.ts';
import { text } from './fields.ts';

const fields = {
  firstName: text({ label: 'First name', personal: true }),
  city: text({ label: 'City', personal: true, optional: true, fallback: 'your city' }),
};

describe('checkBody', () => {
  it('answers with the record', () => {
    expect(checkBody(fields, { firstName: 'Anna', city: null })).toEqual({
      ok: true,
      record: { firstName: 'Anna', city: 'your city' },
    });
  });

  it('speaks of fields, and names one that was probably meant', () => {
    const check = checkBody(fields, { firstname: 'Anna', city: 7.5 });
    expect(check.ok ? [] : check.issues.map(({ message }) => message)).toEqual([
      'Field "firstName" is empty; write a value such as Anna.',
      'There is no field "firstname". Did you mean "firstName"?',
    ]);
  });

  it('says little of a body that is full of other things', () => {
    const strange = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`${at}${'x'.repeat(300)}`, 1]),
    );
    const check = checkBody(fields, { firstName: 'Anna', ...strange });
    const issues = check.ok ? [] : check.issues;
    expect(issues).toHaveLength(20);
    for (const { message } of issues) expect(message.length).toBeLessThan(120);
  });

  it('takes inherited names for what they are', () => {
    const body: unknown = JSON.parse('{"firstName":"Anna","__proto__":{"city":"x"},"constructor":1}');
    const check = checkBody(fields, body as Record<string, unknown>);
    expect(check.ok ? [] : check.issues.map(({ field }) => field)).toEqual(['__proto__', 'constructor']);
  });
});
