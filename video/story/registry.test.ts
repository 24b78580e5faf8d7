import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadRegistry } from './registry.ts';
import type { Template } from './template.ts';
import { tour } from './test-tour.ts';

const template: Template = tour;
const source = (id: string, load: () => unknown) => ({
  id,
  directory: `file:///a%20project/templates/${id}/`,
  load: () => Promise.resolve().then(load),
});
const good = source('tour', () => ({ record: {}, tour: template, default: template }));
const failing = (cause: unknown) =>
  source('odd', () => {
    throw cause;
  });

describe('a registry', () => {
  it('has each template with its folder, by whatever name its module exports it', async () => {
    const registry = await loadRegistry([good]);
    expect([...registry]).toEqual([{ ...good, template }]);
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
    ['is not exported', source('odd', () => ({ record: {} })), /exports no template/],
    [
      'has another id',
      source('odd', () => ({ template })),
      /^Its id is "tour", but its folder is called "odd"/,
    ],
    [
      'is not the only one of its module',
      source('odd', () => ({ a: { ...template, id: 'odd' }, b: template })),
      /exports 2 templates \(odd, tour\)/,
    ],
  ] as const)('leaves out a template that %s, and no other', async (_what, odd, reason) => {
    const registry = await loadRegistry([good, odd]);
    expect(registry.map((each) => each.template.id)).toEqual(['tour']);
    expect(registry.broken).toMatchObject([{ id: odd.id, reason: expect.stringMatching(reason) as string }]);
  });

  it('takes none of two templates with one id, and names both folders', async () => {
    const twin = { ...good, directory: 'file:///other/tour/' };
    const registry = await loadRegistry([good, twin]);
    expect([...registry]).toEqual([]);
    expect(registry.broken).toMatchObject([
      {
        id: 'tour',
        reason: expect.stringMatching(/: \/a project\/templates\/tour, \/other\/tour\.$/) as string,
      },
    ]);
  });
});
