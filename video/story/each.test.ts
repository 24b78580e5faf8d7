import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineScene, defineTemplate, list } from '../template.ts';
import type { Condition } from './engine/condition.ts';
import { bindPath, personalInputs, storyContextOf } from './bind.ts';
import { checkStory } from './check/check-story.ts';
import { withCuts } from './cuts.ts';
import { localizeStory } from './localized-story.ts';
import { momentFrame, pathCues } from './path.ts';
import { sharedStory } from './shared-story.ts';
import { storySchema } from './story-schema.ts';
import { anna, facts, images, mug, picture, price, record, scenes, shop } from './test-shop.ts';

const asOf = { asOf: '2026-06-01' };

describe('a node for each item', () => {
  const path = bindPath(shop, anna, images, asOf);

  it('is a scene for each, with its own inputs, length and captions', () => {
    expect(path.map(({ node, durationInFrames }) => [node, durationInFrames])).toEqual([
      ['hello', 10],
      ['product', 13],
      ['product~2', 13],
      ['product~3', 13],
      ['all', 10],
    ]);
    expect(path[1]?.inputs).toEqual({ name: 'Mug', price: price(12.5), picture });
    expect(path[2]?.inputs).toEqual({ name: 'Cap', price: price(20), picture: { kind: 'absent' } });
    expect(pathCues(shop, path).map(({ text: words }) => words)).toEqual([
      'Hello Anna',
      'Mug',
      'Cap',
      'Pen',
      'All',
    ]);
    expect(momentFrame(shop, path, shop.poster)).toBe(10);
  });

  it('shows what facts select, with pictures, and parts of objects', () => {
    expect(path.at(-1)?.inputs).toEqual({
      city: 'Wien',
      products: [
        { name: 'Cap', picture: { kind: 'absent' } },
        { name: 'Mug', picture },
      ],
    });
    const { facts: found } = storyContextOf(shop, anna, images, asOf);
    expect(found).toMatchObject({ total: price(34.5), buys: true });
  });

  it('is passed where there is no item', () => {
    const none = bindPath(shop, { ...anna, products: [] }, {}, asOf);
    expect(none.map(({ node }) => node)).toEqual(['hello', 'all']);
  });

  it('is personal only where a field of the item is', () => {
    expect(path.map(({ personal }) => personal)).toEqual([true, false, false, false, true]);
    expect(personalInputs(shop, 'product')).toEqual([]);
    const gift = defineTemplate({
      ...{ id: 'gift', record, facts },
      scenes: { gift: defineScene({ inputs: z.object({ to: z.string() }), durationInFrames: 10 }) },
      story: {
        version: 2,
        start: 'gift',
        nodes: {
          gift: {
            type: 'scene',
            each: 'products',
            scene: 'gift',
            inputs: { to: { item: 'name' } },
            next: 'end',
          },
          end: { type: 'end' },
        },
      },
      poster: { nodes: ['gift'], frame: 0 },
    });
    expect(bindPath(gift, anna, {}, asOf).some(({ personal }) => personal)).toBe(false);
    const halves = [
      { until: 5, reads: [] },
      { until: 10, reads: ['to'] },
    ];
    expect(() => withCuts(gift, { gift: halves })).toThrow(/is shown for each item of "products"/);
    const nodes = JSON.parse(JSON.stringify(gift.story.nodes).replaceAll('"name"', '"gift"')) as object;
    const named = { ...gift, story: storySchema.parse({ ...gift.story, nodes }) };
    const given = { ...anna, products: [{ ...mug, gift: 'Bo' }] };
    expect(bindPath(named, given, {}, asOf)[0]).toMatchObject({ inputs: { to: 'Bo' }, personal: true });
    expect(personalInputs(named, 'gift')).toEqual(['to']);
  });

  it('is part of the story that viewers get, and of the shared one without the record', () => {
    const context = storyContextOf(shop, anna, images, asOf);
    expect(Object.keys(context.story.nodes)).toContain('product~3');
    expect(storyContextOf(shop, { ...anna, firstName: 'Bo' }, {}, asOf).story).toBe(context.story);
    expect(JSON.stringify(sharedStory(context))).not.toContain('Mug');
    const { story } = localizeStory(shop, undefined, { to: 'https://shop.example.com' });
    expect(storySchema.safeParse(story).success).toBe(true);
  });

  it('passes the check of stories', async () => {
    const { findings } = await checkStory(shop, { states: 500, walks: 20 });
    expect(findings).toEqual([]);
  });
});

describe('the check of stories', () => {
  const guarded = (when: Condition) => ({
    ...shop,
    story: storySchema.parse({
      ...shop.story,
      nodes: {
        ...shop.story.nodes,
        all: { ...shop.story.nodes['all'], next: [{ when, to: 'end' }, { to: 'end' }] },
      },
    }),
  });
  const codesOf = async (template: typeof shop) =>
    (await checkStory(template, { states: 200, walks: 5 })).findings.map(({ code, message }) => [
      code,
      message,
    ]);
  const mistyped = (what: string) => [['variable-mistyped', expect.stringContaining(what)]];

  it.each<[Condition, string]>([
    [{ before: [{ var: 'firstName' }, '2026-01-01'] }, '"firstName" is not a day'],
    [{ after: ['tomorrow', '2026-01-01'] }, '"tomorrow" is not a day'],
    [{ contains: [{ var: 'address' }, 'Wien'] }, 'what "address" contains'],
    [{ gt: [{ var: 'products' }, 1] }, 'have different types'],
    [{ eq: [{ length: 'address' }, 1] }, 'the length of "address"'],
  ])('finds %j', async (when, what) => {
    expect(await codesOf(guarded(when))).toEqual(expect.arrayContaining(mistyped(what)));
  });

  it('finds both ways of what may hold', async () => {
    for (const when of [
      { gte: [{ length: 'products' }, 3] },
      { contains: [{ var: 'products', item: 'name' }, 'Mug'] },
      { eq: [{ var: 'address', item: 'city' }, 'Wien'] },
    ] satisfies Condition[]) {
      expect(await codesOf(guarded(when))).toEqual([]);
    }
  });

  it('finds fields that items do not have', async () => {
    const nodes = JSON.parse(
      JSON.stringify(shop.story.nodes).replace('"item":"name"', '"item":"title"'),
    ) as object;
    const wrong = { ...shop, story: storySchema.parse({ ...shop.story, nodes }) };
    expect(await codesOf(wrong)).toContainEqual([
      'variable-undefined',
      'Input "name" of node "product" names "title", which "products" does not have.',
    ]);
  });
});

describe('a fact that selects items', () => {
  it('is shown item by item, with clips that are shared as those of the list', () => {
    const dearest = defineTemplate({
      ...{ id: 'dearest', record, facts, scenes: { product: scenes.product } },
      story: {
        version: 2,
        start: 'product',
        nodes: {
          product: {
            type: 'scene',
            each: 'dearest',
            scene: 'product',
            inputs: { name: { item: 'name' }, picture: { item: 'picture' }, price: { item: 'price' } },
            next: 'end',
          },
          end: { type: 'end' },
        },
      },
    });
    const path = bindPath(dearest, anna, images, asOf);
    expect(path.map(({ inputs, personal }) => [inputs['name'], personal])).toEqual([
      ['Cap', false],
      ['Mug', false],
    ]);
  });

  it('is refused where it returns something else', () => {
    const wrong = {
      ...shop.facts,
      dearest: { from: ['products'], itemsOf: 'products', derive: () => [{ name: 'X' }] },
    };
    expect(() => bindPath({ ...shop, facts: wrong }, anna, {}, asOf)).toThrow(
      /"dearest" returns something else/,
    );
  });
});

describe('a wrong node', () => {
  const withNode = (change: object) => () =>
    defineTemplate({
      ...{ id: 'wrong', scenes },
      record: { ...record, many: list({ label: 'Many', max: 900, fields: record.products.fields }) },
      story: {
        ...shop.story,
        nodes: { ...shop.story.nodes, product: { ...shop.story.nodes['product'], ...change } },
      } as never,
    });

  it.each([
    [{ each: 'firstName' }, 'which is neither a list of the record nor a fact'],
    [{ each: 'many' }, 'which can have 900'],
    [{ next: undefined }, 'has no `next`'],
    [{ choices: [{ id: 'a', label: 'A', to: 'end' }] }, 'has choices'],
  ])('%j is refused', (change, why) => {
    expect(withNode(change)).toThrow(expect.objectContaining({ code: 'template-invalid' }));
    expect(withNode(change)).toThrow(why);
  });
});
