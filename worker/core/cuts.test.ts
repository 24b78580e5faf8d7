import { expect, it } from 'vitest';
import { createProofChooser, cutIds, type CutUse } from './cuts.ts';
import { hmacWith } from './hmac.ts';

const hmac = hmacWith(Buffer.alloc(32, 7));
const use = (node: string, inputs: string, ...otherwise: readonly string[]): CutUse => ({
  ...{ cut: 'c', template: 'promo', scene: 'film', node, inputs },
  otherwise: otherwise.length === 0 ? ['name'] : otherwise,
});
const ids = Array.from({ length: 5_000 }, (_, row) => `render-${row}`);
const usesOf = (id: string) => [use('film', `Name ${id}`), use('film-2', `Name ${id}`)];

it('chooses one in fifty uses of each part, and the first of each campaign', () => {
  const choose = createProofChooser(hmac, true);
  const chosen = ids.map((id) => choose(id, usesOf(id)));
  expect(chosen[0]?.map(({ node }) => node)).toEqual(['film', 'film-2']);
  const count = (node: string) => chosen.flat().filter((proof) => proof.node === node).length;
  for (const node of ['film', 'film-2']) {
    expect(count(node)).toBeGreaterThan(70);
    expect(count(node)).toBeLessThan(135);
  }
  // Planned again from some row on, the same ones are chosen.
  const again = createProofChooser(hmac, true);
  const later = ids.slice(1_000).map((id) => again(id, usesOf(id)));
  expect(later.slice(1)).toEqual(chosen.slice(1_001));
});

it('chooses the first row with another value of each input, and with each value of a choice', () => {
  const choose = createProofChooser(hmac, true);
  const rows = [['name'], ['name'], ['name', 'plan "Plus"'], ['plan "Plus"'], ['plan "VIP"']];
  const chosen = rows.map(
    (otherwise, row) => choose(`r-${row}`, [use('film', `${row}`, ...otherwise)]).length,
  );
  expect(chosen).toEqual([1, 0, 1, 0, 1]);
});

it('proves a part once for the same inputs, also in a campaign that is ordered again', () => {
  const [one, other] = ['a', 'b'].map((render) =>
    createProofChooser(hmac, true)(render, [use('film', 'Anna')]),
  );
  expect(one?.[0]?.id).toBe(other?.[0]?.id);
  const [ben] = createProofChooser(hmac, true)('c', [use('film', 'Ben')]);
  expect(ben?.id).not.toBe(one?.[0]?.id);
});

it('proves the first of all single renders, and one in fifty of them', () => {
  const chosen = ids.map((id) => createProofChooser(hmac, false)(id, [use('film', `Name ${id}`)]));
  const [first] = chosen[0] ?? [];
  expect(chosen.every(([each]) => each?.id === first?.id)).toBe(true);
  const others = chosen.flatMap((proofs) => proofs.slice(1));
  expect(others.length).toBeGreaterThan(70);
  expect(others.length).toBeLessThan(135);
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
