import { expect, it } from 'vitest';
import { parseSettings, keyAction } from './controls.ts';
import type { OfferedChoice } from '../session/offer.ts';

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

const choice = (id: string, key: string, enabled = true): OfferedChoice => ({
  choice: { id, label: id, to: 'x' },
  key,
  enabled,
  picked: false,
});
const choices = [choice('planning', 'p'), choice('movies', 'm'), choice('off', '3', false)];
const pressed = { key: 'p', modified: false, typing: false, onButton: false };

it('takes a choice by its own key or by its number, before anything else that the key does', () => {
  expect(keyAction(pressed, choices, true)).toEqual({ do: 'choose', choice: 'planning' });
  expect(keyAction({ ...pressed, key: '2' }, choices, true)).toEqual({ do: 'choose', choice: 'movies' });
  expect(keyAction({ ...pressed, key: 'M' }, choices, true)).toEqual({ do: 'choose', choice: 'movies' });
  expect(keyAction({ ...pressed, key: 'm' }, [], true)).toEqual({ do: 'toggle-mute' });
  expect(keyAction({ ...pressed, key: '3' }, choices, true)).toBeUndefined();
});

it('ignores keys that another element handles', () => {
  expect(keyAction({ ...pressed, typing: true }, choices, true)).toBeUndefined();
  expect(keyAction({ ...pressed, modified: true }, choices, true)).toBeUndefined();
  expect(keyAction({ ...pressed, key: ' ', onButton: true }, choices, true)).toBeUndefined();
});

it('lets single letters be turned off, but not the space bar', () => {
  expect(keyAction(pressed, choices, false)).toBeUndefined();
  expect(keyAction({ ...pressed, key: ' ' }, choices, false)).toEqual({ do: 'toggle-play' });
});
