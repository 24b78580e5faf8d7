import { describe, expect, it } from 'vitest';
import { checkRecord } from '../../data/check-record.ts';
import { bindPath } from '../../video/story/bind.ts';
import type { BoundScene } from '../../video/story/time-scene.ts';
import { canonicalJson } from '../../video/story/canonical-json.ts';
import { pathCues, pathDuration } from '../../video/story/path.ts';
import { samplePath } from '../../video/story/samples.ts';
import { contrast } from '../../video/kit/contrast.ts';
import { brand, readableOn } from './brand.ts';
import { orderStory } from './template.ts';

const context = { asOf: '2026-01-15' };
const { typical } = orderStory.fixtures;
const bind = (row: object = {}) => bindPath(orderStory, { ...typical.record, ...row }, {}, context);
const product = (name: string, amount: number, quantity = 1, currency = 'EUR') => ({
  ...{ name, detail: undefined, quantity, picture: undefined },
  price: { amount, currency },
});
const identity = ({ scene, inputs }: BoundScene) => canonicalJson([scene, inputs]);
const inputsOf = (path: readonly BoundScene[], scene: string) =>
  path.filter((bound) => bound.scene === scene).map(({ inputs }) => inputs);

describe('order story', () => {
  it('is about one person in its greeting and its receipt only', () => {
    const path = bind();
    const personal = path.filter((bound) => bound.personal).map(({ scene }) => scene);
    expect(personal).toEqual(['greeting', 'total']);
    const shared = JSON.stringify(path.filter((bound) => !bound.personal));
    expect(shared).not.toMatch(/Maja|Maya|2026-03-12/);
  });

  it('shows the three dearest products, the dearest first', () => {
    const products = [product('a', 5), product('b', 50), product('c', 20), product('d', 30)];
    const shown = inputsOf(bind({ products }), 'product').map(({ name }) => name);
    expect(shown).toEqual(['b', 'd', 'c']);
    expect(inputsOf(bind({ products: products.slice(0, 1) }), 'product')).toHaveLength(1);
  });

  it('shares a product’s clip among all who ordered it, however many pieces', () => {
    const one = bind({ products: [product('Bowl', 39, 1), product('Vase', 46)] });
    const other = bind({ firstName: 'Jens', products: [product('Bowl', 39, 4)] });
    const clipsOf = (path: readonly BoundScene[]) =>
      path.filter(({ scene }) => scene === 'product').map(identity);
    expect(clipsOf(one)).toEqual(expect.arrayContaining(clipsOf(other)));
  });

  it('adds up pieces and prices, and no sum of two currencies', () => {
    const products = [product('a', 0.1, 3), product('b', 19.9, 2)];
    const path = bind({ products });
    expect(inputsOf(path, 'greeting')).toMatchObject([{ count: 5 }]);
    expect(inputsOf(path, 'total')).toMatchObject([{ total: { amount: 40.1, currency: 'EUR' } }]);
    const mixed = bind({ products: [...products, product('c', 5, 1, 'CHF')] });
    expect(inputsOf(mixed, 'total')[0]?.['total']).toBeUndefined();
  });

  it('says in a voice’s language what pictures show in the customer’s', () => {
    const cues = pathCues(orderStory, bind({ locale: 'de-DE' })).map(({ text }) => text);
    expect(cues).toContain('Together, that is €99.50.');
    expect(cues).toContain('With you on Thursday 12 March.');
  });

  it('takes a little longer for a longer name, so that it is said to its end', () => {
    const [short, long] = ['Bo', orderStory.fixtures.longest.record['firstName']].map(
      (firstName) =>
        bind({ firstName, firstNameSaid: undefined }).find(({ scene }) => scene === 'greeting')
          ?.durationInFrames ?? 0,
    );
    expect(short).toBeLessThan(long ?? 0);
  });
});

describe.each(Object.entries(orderStory.fixtures))('fixture %s', (_, fixture) => {
  it('is a record that the template accepts', () => {
    const { store: _store, accent: _accent, closing: _closing, ...record } = fixture.record;
    expect(checkRecord(orderStory.record, record)).toMatchObject({ ok: true, record });
  });

  it('has captions in order, one a scene at least', () => {
    const path = samplePath(orderStory, fixture);
    const cues = pathCues(orderStory, path);
    expect(cues.length).toBeGreaterThanOrEqual(path.length);
    let end = 0;
    for (const { fromFrame, toFrame, text } of cues) {
      expect(fromFrame).toBeGreaterThanOrEqual(end);
      expect(text.trim()).not.toBe('');
      end = toFrame;
    }
    expect(end).toBeLessThanOrEqual(pathDuration(path));
  });
});

describe('colours', () => {
  it.each([brand.ink, brand.quiet])('%s can be read on paper', (color) => {
    expect(contrast(color, brand.paper)).toBeGreaterThan(4.5);
  });

  it.each(['#3f6b4f', '#000000', '#ffffff', '#f5d90a', '#7a1f5c', '#808080'])(
    'the button can be read on the accent %s',
    (accent) => {
      expect(contrast(readableOn(accent), accent)).toBeGreaterThan(3.6);
    },
  );
});
