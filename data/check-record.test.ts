import { describe, expect, it } from 'vitest';
import { checkRecord } from './check-record.ts';
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
    });
  });

  it('names every issue with column, value and what would be right', () => {
    const check = checkRecord(
      fields,
      { firstName: '\u200B', january: '-1', plan: 'Plsu' },
      { firstName: 'First Name', january: 'Jan' },
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
            'Column "plan" holds "Plsu", which is none of the choices; write Basic or Plus, perhaps Plus.',
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
    });
  });
});
