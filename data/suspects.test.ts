import { describe, expect, it } from 'vitest';
import { findMergeTag, suspectDate, suspectText, undoubleText } from './suspects.ts';

const kindOf = (text: string, isName = true): string | undefined => suspectText(text, isName)?.kind;

describe('suspectText', () => {
  it.each([
    ...['NULL', 'null', '\\N', 'None', 'nan', 'NaN', 'undefined', 'N/A', 'n/a', '(blank)', '-', '--', '?'],
    ...['test', 'unknown', '[object Object]', 'NA', 'keine Angabe', '.'],
  ])('takes %s for a placeholder', (text) => expect(kindOf(text)).toBe('placeholder'));

  it.each(['Na', 'Nan Goldin', 'Testa', 'Noneida', '❤️', 'Ø', 'O’Connor', 'Li'])(
    'takes %s as it is',
    (text) => expect(kindOf(text)).toBeUndefined(),
  );

  it.each([
    ['JosÃ©', 'José'],
    ['Oâ€™Connor', 'O’Connor'],
    ['MÃ¼ller', 'Müller'],
    ['ZoÃ« & RenÃ©e', 'Zoë & Renée'],
    ['JosÃƒÂ©', 'José'],
    ['Å\u0081ukasz', 'Łukasz'],
    ['ðŸŽ‰ Anna', '🎉 Anna'],
  ])('reads %s as %s', (text, meant) => {
    expect(undoubleText(text)).toBe(meant);
    expect(suspectText(text, true)).toMatchObject({
      kind: 'damaged-text',
      reason: expect.stringContaining(`"${meant}"`) as unknown,
    });
  });

  it.each(['José', 'Müller', 'Škoda', 'Ångström', '“Anna”', 'Ærø', 'Ãlvaro', 'Ñandú', '99 €'])(
    'leaves %s alone',
    (text) => expect(undoubleText(text)).toBeUndefined(),
  );

  it.each(['?ukasz', 'M??ge', 'Fran?ois', 'Anna ?elik'])('misses letters in %s', (text) =>
    expect(kindOf(text, false)).toBe('damaged-text'),
  );

  it.each(['Really?', 'Why? Because.', 'https://example.com/?a=b'])('misses none in %s', (text) =>
    expect(kindOf(text, false)).toBeUndefined(),
  );

  it.each([
    ...['+49 30 1234567', '(030) 123-4567', 'anna@example.com', 'https://example.com', 'www.example.com'],
    ...['TRUE', 'yes', '42', '1.234,50', 'DO NOT CONTACT', 'Anna (deceased)', 'user12345'],
  ])('does not take %s for a name', (text) => {
    expect(kindOf(text)).toBe('not-a-name');
    expect(kindOf(text, false)).toBeUndefined();
  });

  it('sees tags, and no tag in what is smaller than something', () => {
    expect(kindOf('<b>Anna</b>', false)).toBe('markup');
    expect(kindOf('a < b > c', false)).toBeUndefined();
  });
});

describe('findMergeTag', () => {
  it.each([
    '{{first_name}}',
    '*|FNAME|*',
    '%%FirstName%%',
    '${name}',
    '[[Name]]',
    'Hi {{ contact.firstname }}!',
    '<%= name %>',
  ])('finds one in %s', (text) => expect(findMergeTag(text)).toBeDefined());
  it.each(['100 % fun', '50%% off', '{Anna}', '[Anna]', '*Anna*', '$5', 'a | b'])(
    'finds none in %s',
    (text) => expect(findMergeTag(text)).toBeUndefined(),
  );
});

describe('suspectDate', () => {
  it.each(['1899-12-30', '1970-01-01', '0001-01-01', '9999-12-31'])('knows %s as nobody’s date', (day) =>
    expect(suspectDate(day, {})?.kind).toBe('unlikely-date'),
  );
  it('holds a day against what makes sense', () => {
    const sensible = { from: '2026-11-29', to: '2028-11-29' };
    expect(suspectDate('2026-11-29', sensible)).toBeUndefined();
    expect(suspectDate('2026-11-28', sensible)?.reason).toContain('2026-11-29');
    expect(suspectDate('2028-11-30', sensible)?.reason).toContain('2028-11-29');
    expect(suspectDate('1950-01-01', {})).toBeUndefined();
  });
});
