import { expect, it } from 'vitest';
import { redactInputs } from './redact-inputs.ts';

it.each([
  ['a name', 'Anna Lindt cannot be drawn', { name: 'Anna Lindt' }, '… cannot be drawn'],
  ['the longer of two', 'Anna Lindt, Anna', { name: 'Anna', whole: ['Anna Lindt'] }, '…, …'],
  [
    'no part of a word',
    'Cannot annotate: "an" is missing',
    { name: 'an' },
    'Cannot annotate: "…" is missing',
  ],
  ['no single letter', 'a scene has a fault', { grade: 'a' }, 'a scene has a fault'],
  [
    'no source file',
    'templates/src/scenes/one.tsx:3: src failed',
    { name: 'src' },
    'templates/src/scenes/one.tsx:3: … failed',
  ],
  ['a name with signs', "O'Neil (Jr.) is odd", { name: "O'Neil (Jr.)" }, '… is odd'],
  ['a name in a script without spaces', '王小明さんは', { name: '王' }, '…小明さんは'],
  ['a letter beyond Latin', 'Łukaszewski, Łukasz', { name: 'Łukasz' }, 'Łukaszewski, …'],
  ['an address', 'GET https://a.example/p.png failed', { photo: 'https://a.example/p.png' }, 'GET … failed'],
  ['nothing if nothing is personal', 'Plus is odd', {}, 'Plus is odd'],
])('leaves out %s', (_what, message, personal, left) => {
  expect(redactInputs(message, personal)).toBe(left);
});
