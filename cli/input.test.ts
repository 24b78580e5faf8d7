import { describe, expect, it } from 'vitest';
import { readRecord } from './input.ts';

describe('readRecord', () => {
  it('reads a record given as JSON', async () => {
    expect(await readRecord({ record: '{"firstName":"Zoë","age":"41"}' })).toEqual({
      firstName: 'Zoë',
      age: '41',
    });
  });

  it.each([
    [{}, 'The record is missing'],
    [{ record: '{}', recordFile: 'a.json' }, 'Use one of them'],
    [{ record: '[1]' }, 'must be one JSON object'],
    [{ record: '{' }, 'is not valid JSON'],
    [{ recordFile: '/nowhere/a.json' }, 'does not exist'],
    [{ recordFile: '/' }, 'is a folder'],
  ])('refuses %j', async (options, words) => {
    await expect(readRecord(options)).rejects.toThrow(words);
  });
});
