import { expect, it } from 'vitest';
import { z } from 'zod';
import { imageInput } from '../../video/story/scene.ts';
import { otherPicture, variationsOf } from './variations.ts';

it('takes all choices of a list, samples first where there is none, and only what the schema accepts', () => {
  expect(variationsOf(z.enum(['a', 'b', 'c']), 'b', ['c'])).toEqual(['a', 'c']);
  expect(variationsOf(z.string().max(8), 'Anna', ['Łukasz', 'Łukasz'])).toEqual(['Łukasz', 'Al']);
  expect(variationsOf(z.number().min(0).max(100), 40, [])).toEqual([41, 0, 1, 39]);
  expect(variationsOf(z.boolean(), true, [])).toEqual([false]);
  expect(variationsOf(z.iso.date(), '2026-01-15', [])).toEqual(['1987-10-28', '2031-02-03']);
  expect(variationsOf(imageInput, { kind: 'absent' }, [])).toEqual([otherPicture]);
});

it('varies lists and objects in their parts', () => {
  expect(variationsOf(z.array(z.object({ price: z.number() })), [{ price: 5 }], [])).toEqual([
    [{ price: 6 }],
    [],
    [{ price: 5 }, { price: 5 }],
  ]);
});
