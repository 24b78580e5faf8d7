import { describe, expect, it } from 'vitest';
import { readRecord } from './read-record.ts';

describe('readRecord', () => {
  it('reads a record given as JSON', async () => {
    expect(await readRecord({ record: '{"firstName":"Zoë","age":"41"}' })).toEqual({
      firstName: 'Zoë',
      age: '41',
    });
  });

  it.each([
    [{}, 'The record is missing'],
    [{ record: '{}', recordFile: 'a.json' }, 'one is enough'],
    [{ record: '[1]' }, 'not one object'],
    [{ record: '{' }, 'holds no JSON'],
    [{ recordFile: '/nowhere/a.json' }, 'does not exist'],
    [{ recordFile: '/' }, 'is a folder'],
  ])('refuses %j', async (options, words) => {
    await expect(readRecord(options)).rejects.toThrow(words);
  });
});
