import { describe, expect, it } from 'vitest';
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { createProgram } from './program.ts';
import {
  option,
  parseDay,
  parseFormat,
  parsePath,
  parseQuality,
  parseScopes,
  tableFlags,
  wholeNumber,
} from './options.ts';

describe('option parsers', () => {
  it.each(['0', '-1', '1.5', '1e3', '', 'ten', '99999999999999999999'])('refuse “%s” rows', (value) => {
    expect(() => wholeNumber('--limit', 1)(value)).toThrow(/--limit takes a whole number from 1 up/);
  });

  it('take whole numbers within their bounds', () => {
    const parse = wholeNumber('--port', 1, 65_535);
    expect(parse('8787')).toBe(8787);
    expect(() => parse('70000')).toThrow('--port takes a whole number from 1 to 65535, not "70000".');
  });

  it('take formats in the spellings that people use', () => {
    expect(['16:9', '9x16', '1×1'].map(parseFormat)).toEqual(['16:9', '9:16', '1:1']);
    expect(() => parseFormat('toString')).toThrow(
      '--format takes 16:9, 9:16, 1:1 or a size such as 1080x1350',
    );
  });

  it('take qualities and no other word', () => {
    expect(parseQuality('Draft')).toBe('draft');
    expect(() => parseQuality('constructor')).toThrow('draft, standard or high');
  });

  it('take scopes in one word or several, each once', () => {
    expect(parseScopes('read, Render,read', ['read'])).toEqual(['read', 'render']);
    expect(() => parseScopes('read,write')).toThrow(
      '--scope takes render, read, conversions or admin, not "write".',
    );
  });

  it.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', 'today', '2026-01-01T00:00'])(
    'refuse “%s” as a day',
    (value) => {
      expect(() => parseDay(value)).toThrow('--as-of takes a day');
    },
  );

  it('take the steps of a path', () => {
    expect(parsePath('planning, go-on,ask=12')).toEqual(['planning', 'go-on', 'ask=12']);
    expect(parsePath('town=Bonn\\, am Rhein,go-on')).toEqual(['town=Bonn, am Rhein', 'go-on']);
    expect(() => parsePath('planning,,go-on')).toThrow('--path takes choices separated by commas');
  });

  it('take shares of customers as people write them', () => {
    const share = (value: string): unknown => option.holdout().parseArg?.(value, undefined);
    expect(['10%', '2.5 %', '0.1', '.25'].map(share)).toEqual(
      [0.1, 0.025, 0.1, 0.25].map((part) => ({ share: part })),
    );
    for (const value of ['0', '10', '95%', '-5%', 'ten', '1e-2'])
      expect(() => share(value)).toThrow('--holdout takes a share of the customers');
  });

  it('take a leap day', () => {
    expect(parseDay('2028-02-29')).toBe('2028-02-29');
  });
});

it.each(['batch', 'plan', 'stills', 'studio', 'story check'])('%s reads tables by all options', (name) => {
  let command: Command | undefined = createProgram({} as CommandContext, () => undefined);
  for (const word of name.split(' ')) command = command?.commands.find((each) => each.name() === word);
  const declared = command?.options.map(({ long }) => long);
  expect(declared).toEqual(expect.arrayContaining(tableFlags.map((flag) => option[flag]().long)));
});
