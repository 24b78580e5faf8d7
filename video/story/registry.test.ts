import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineRegistry, entry } from './registry.ts';
import type { Template } from './template.ts';
import { tour } from './test-tour.ts';

const template: Template = tour;
const components = () => Promise.reject(new Error('Nothing is drawn here.'));
const failing = (cause: unknown) =>
  entry(
    'odd',
    () => {
      throw cause;
    },
    components,
  );

describe('a registry', () => {
  it('has each template with its folder', async () => {
    const registry = await defineRegistry('file:///project/templates/registry.ts', [
      entry('tour', () => Promise.resolve(template), components),
    ]);
    expect([...registry]).toMatchObject([
      { template: { id: 'tour' }, directory: 'file:///project/templates/tour/' },
    ]);
    expect(registry.broken).toEqual([]);
  });

  it.each([
    ['throws', failing(new TypeError('no such thing\nat all')), 'TypeError: no such thing'],
    ['throws no error', failing('nothing'), 'It throws nothing.'],
    [
      'refuses a schema',
      failing(z.object({ a: z.number() }).safeParse({}).error),
      /expected number.*at "a"\.$/,
    ],
    [
      'is not exported',
      entry('odd', () => Promise.resolve(undefined as never), components),
      /does not export/,
    ],
    ['has another id', entry('odd', () => Promise.resolve(template), components), /^Its id is "tour", but/],
    ['is listed twice', entry('tour', () => Promise.resolve(template), components), /names it twice/],
  ] as const)('leaves out a template that %s, and no other', async (_what, line, reason) => {
    const good = entry('tour', () => Promise.resolve(template), components);
    const registry = await defineRegistry('file:///project/templates/registry.ts', [good, line]);
    expect(registry.map((each) => each.template.id)).toEqual(['tour']);
    expect(registry.broken).toMatchObject([{ id: line.id, reason: expect.stringMatching(reason) as string }]);
  });
});
