import { describe, expect, it } from 'vitest';
import { number, text } from '../../data/fields.ts';
import { readRecord } from './read-record.ts';

const fields = {
  firstName: text({ label: 'First name', personal: true }),
  age: number({ label: 'Age', personal: true }),
};

describe('readRecord', () => {
  it('checks a record given as JSON', async () => {
    const reading = await readRecord(fields, { record: '{"firstName":"Zoë","age":"41"}' });
    expect(reading).toEqual({ ok: true, record: { firstName: 'Zoë', age: 41 } });
  });

  it('names every field that is wrong, missing or unknown', async () => {
    const reading = await readRecord(fields, { record: '{"fristName":"Zoë","age":"old"}' });
    const messages = reading.ok ? [] : reading.issues.map(({ message }) => message);
    expect(messages).toHaveLength(3);
    expect(messages.join('\n')).toMatch(/Field "firstName" is empty/);
    expect(messages.join('\n')).toMatch(/Field "age" holds "old", which is not a number/);
    expect(messages.join('\n')).toMatch(/There is no field "fristName". Did you mean "firstName"\?/);
  });

  it.each([
    [{}, 'The record is missing'],
    [{ record: '{}', recordFile: 'a.json' }, 'one is enough'],
    [{ record: '[1]' }, 'not one object'],
    [{ record: '{' }, 'holds no JSON'],
    [{ recordFile: '/nowhere/a.json' }, 'does not exist'],
    [{ recordFile: '/' }, 'is a folder'],
  ])('refuses %j', async (options, words) => {
    await expect(readRecord(fields, options)).rejects.toThrow(words);
  });
});
