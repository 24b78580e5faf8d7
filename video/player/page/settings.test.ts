import { expect, it } from 'vitest';
import { parseSettings } from './settings.ts';

const usual = { captions: true, timeLimits: true, shortcuts: true, muted: false, volume: 1 };

it('takes what is a setting, and nothing else, from a text that may be anything', () => {
  expect(parseSettings(null)).toEqual(usual);
  for (const text of ['', '{', 'null', '[]', '"x"', '{"volume":"loud","captions":1}'])
    expect(parseSettings(text)).toEqual(usual);
  expect(parseSettings('{"captions":false,"timeLimits":false,"volume":0.5,"more":1}')).toEqual({
    ...usual,
    captions: false,
    timeLimits: false,
    volume: 0.5,
  });
});
