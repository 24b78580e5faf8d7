import { describe, expect, it } from 'vitest';
import { checkRecord, checkBody } from './check-record.ts';
import { choice, number, text } from './fields.ts';

const fields = {
  firstName: text({ label: 'First name', personal: true }),
  january: number({ label: 'January', personal: true, min: 0 }),
  plan: choice(['Basic', 'Plus'], { label: 'Plan', personal: false, optional: true, fallback: 'Basic' }),
  city: text({ label: 'City', personal: true, optional: true }),
};

describe('checkRecord', () => {
  it('answers with the record', () => {
    expect(checkRecord(fields, { firstName: ' Anna ', january: '3', city: ' ' })).toEqual({
      ok: true,
      record: { firstName: 'Anna', january: 3, plan: 'Basic', city: undefined },
      warnings: [],
    });
  });

  it('names every issue with column, value and what would be right', () => {
    const check = checkRecord(
      fields,
      { firstName: '\u200B', january: '-1', plan: 'Plsu' },
      { columnByField: { firstName: 'First Name', january: 'Jan' } },
    );
    expect(check).toEqual({
      ok: false,
      issues: [
        {
          field: 'firstName',
          column: 'First Name',
          value: '',
          message: 'Column "First Name" is empty; write a value such as Anna.',
        },
        {
          field: 'january',
          column: 'Jan',
          value: '-1',
          message: 'Column "Jan" holds "-1", which is too small; write 0 or more.',
        },
        {
          field: 'plan',
          column: 'plan',
          value: 'Plsu',
          message:
            'Column "plan" holds "Plsu", which is not one of the choices; write Basic or Plus, perhaps Plus.',
        },
      ],
    });
  });

  it('shortens and flattens shown values', () => {
    const check = checkRecord(fields, { firstName: 'Anna', january: `a\n\u202Eb${'👩🏽'.repeat(200)}` });
    const [issue] = check.ok ? [] : check.issues;
    expect([...(issue?.value ?? '')]).toHaveLength(80);
    expect(issue?.message).not.toMatch(/[\n\u202E]/u);
  });

  it('shows of lists and objects no more than that they are such', () => {
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level += 1) deep = { deep };
    const check = checkRecord(fields, { firstName: deep, january: [1], city: true });
    expect(check.ok ? [] : check.issues.map(({ value }) => value)).toEqual(['{…}', '[…]', 'true']);
  });

  it('does not read inherited properties as values', () => {
    expect(checkRecord({ constructor: text({ label: 'X', personal: false }) }, {}).ok).toBe(false);
    expect(checkRecord({ toString: text({ label: 'X', personal: false, optional: true }) }, {})).toEqual({
      ok: true,
      record: { toString: undefined },
      warnings: [],
    });
  });
});

const bodyFields = {
  firstName: text({ label: 'First name', personal: true }),
  city: text({ label: 'City', personal: true, optional: true, fallback: 'your city' }),
};

describe('checkBody', () => {
  it('answers with the record', () => {
    expect(checkBody(bodyFields, { firstName: 'Anna', city: null })).toEqual({
      ok: true,
      record: { firstName: 'Anna', city: 'your city' },
      warnings: [],
    });
  });

  it('speaks of bodyFields, and names one that was probably meant', () => {
    const check = checkBody(bodyFields, { firstname: 'Anna', city: 7.5 });
    expect(check.ok ? [] : check.issues.map(({ message }) => message)).toEqual([
      'Field "firstName" is empty; write a value such as Anna.',
      'There is no field "firstname". Did you mean "firstName"?',
    ]);
  });

  it('says little of a body that is full of other things', () => {
    const strange = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`${at}${'x'.repeat(300)}`, 1]),
    );
    const check = checkBody(bodyFields, { firstName: 'Anna', ...strange });
    const issues = check.ok ? [] : check.issues;
    expect(issues).toHaveLength(20);
    for (const { message } of issues) expect(message.length).toBeLessThan(120);
  });

  it('takes inherited names for what they are', () => {
    const body: unknown = JSON.parse('{"firstName":"Anna","__proto__":{"city":"x"},"constructor":1}');
    const check = checkBody(bodyFields, body as Record<string, unknown>);
    expect(check.ok ? [] : check.issues.map(({ field }) => field)).toEqual(['__proto__', 'constructor']);
  });
});
