import { expect, it } from 'vitest';
import { createProofChooser, cutIds, type CutUse } from './cuts.ts';
import { hmacWith } from './hmac.ts';

const hmac = hmacWith(Buffer.alloc(32, 7));
const use = (node: string, ...otherwise: readonly string[]): CutUse => ({
  ...{ cut: 'c', template: 'promo', scene: 'film', node },
  otherwise: otherwise.length === 0 ? ['name'] : otherwise,
});
const ids = Array.from({ length: 5_000 }, (_, row) => `render-${row}`);

it('chooses one in fifty uses of each part, and the first of each campaign', () => {
  const choose = createProofChooser(hmac, 'campaign');
  const chosen = ids.map((id) => choose(id, [use('film'), use('film-2')]));
  expect(chosen[0]?.map(({ node }) => node)).toEqual(['film', 'film-2']);
  const count = (node: string) => chosen.flat().filter((proof) => proof.node === node).length;
  for (const node of ['film', 'film-2']) {
    expect(count(node)).toBeGreaterThan(70);
    expect(count(node)).toBeLessThan(135);
  }
  // Planned again from some row on, the same ones are chosen, and the first of a part has the name that it had.
  const again = createProofChooser(hmac, 'campaign');
  const later = ids.slice(1_000).map((id) => again(id, [use('film'), use('film-2')]));
  expect(later.slice(1)).toEqual(chosen.slice(1_001));
  expect(later[0]?.map(({ id }) => id)).toEqual(chosen[0]?.map(({ id }) => id));
});

it('chooses the first row with another value of each input, and with each value of a choice', () => {
  const choose = createProofChooser(hmac, 'campaign');
  const rows = [['name'], ['name'], ['name', 'plan "Plus"'], ['plan "Plus"'], ['plan "VIP"']];
  const chosen = rows.map((otherwise, row) => choose(`r-${row}`, [use('film', ...otherwise)]).length);
  expect(chosen).toEqual([1, 0, 1, 0, 1]);
});

it('proves the first of all single renders, not each', () => {
  const names = new Set(
    ids
      .slice(0, 3)
      .flatMap((id) => createProofChooser(hmac, undefined)(id, [use('film')]).map((each) => each.id)),
  );
  expect(names.size).toBe(1);
  const [one, other] = ['a', 'b'].map((campaign) =>
    createProofChooser(hmac, campaign)('render', [use('film')]),
  );
  expect(one?.[0]?.id).not.toBe(other?.[0]?.id);
});

it('names a cut by its parts and the code of its scene, and by nothing else', () => {
  const cuts = {
    film: [
      { until: 10, reads: [] },
      { until: 20, reads: ['name'] },
    ],
  };
  const named = (parts: typeof cuts, code: string) =>
    cutIds(hmac, { id: 'promo', cuts: parts }, new Map([['film', code]])).film;
  expect(named(cuts, 'a')).toBe(named(structuredClone(cuts), 'a'));
  expect(named(cuts, 'b')).not.toBe(named(cuts, 'a'));
  const wider = {
    film: [
      { until: 10, reads: ['name'] },
      { until: 20, reads: ['name'] },
    ],
  };
  expect(named(wider, 'a')).not.toBe(named(cuts, 'a'));
  expect(cutIds(hmac, { id: 'promo' }, new Map())).toEqual({});
});
