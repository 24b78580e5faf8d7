import { expect, it } from 'vitest';
import { voiceFor } from './voices.ts';

const text = (language: string, voice?: string) => ({ said: 'Hi', text: 'Hi', language, voice });

it.each([
  ['', 'en', undefined],
  ['alloy', 'de', 'alloy'],
  ['en=Jenny, de=Katja', 'de-AT', 'Katja'],
  ['de=Katja,de-AT=Ingrid', 'de-AT', 'Ingrid'],
  ['de=Katja,de-at=Ingrid', 'de-AT', 'Ingrid'],
  ['en=Jenny', 'fr', undefined],
  ['en=Jenny,alloy', 'fr', 'alloy'],
  ['den=Jenny', 'de', undefined],
])('of "%s" a text in %s gets %s', (voices, language, voice) => {
  expect(voiceFor(voices, text(language))).toBe(voice);
});

it('is the one that a line names', () => {
  expect(voiceFor('en=Jenny', text('en', 'Guy'))).toBe('Guy');
});
