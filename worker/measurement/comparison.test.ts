import { describe, expect, it } from 'vitest';
import type { ConversionValue, GroupConversions } from '../core/conversions.ts';
import type { Measure } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { compareGroups } from './comparison.ts';

const id = '9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37';
const ordered = new Date('2026-11-01T00:00:00Z');
const dayMs = 86_400_000;

/** Rows of a campaign, of which every tenth is held out. */
interface Rows {
  readonly people: number;
  /** What the customer of a row did. */
  readonly did: (
    row: number,
    heldOut: boolean,
  ) => readonly { readonly name: string; readonly currency: string | undefined; readonly sum: number }[];
  readonly segments?: (row: number) => readonly string[];
  readonly variant?: (row: number) => string;
  readonly measure?: Measure;
}

const isHeldOut = (row: number): boolean => row % 10 === 0;

/** What a report asks, for a campaign with these rows, some days after its order. */
function answering({ people, did, segments, variant, measure }: Rows, daysLater: number): Pipeline {
  const groupOf = (row: number) => ({
    heldOut: isHeldOut(row),
    segments: segments?.(row) ?? [],
    ...{ variant: isHeldOut(row) ? undefined : variant?.(row), first: undefined },
  });
  return {
    clock: { now: () => new Date(ordered.getTime() + daysLater * dayMs) },
    campaigns: {
      find: async (wanted: string) =>
        wanted === id
          ? { id, kind: 'campaign', template: 'offer', createdAt: ordered, source: { kind: 'csv', measure } }
          : undefined,
    },
    viewerEvents: { count: () => Promise.resolve(0) },
    conversions: {
      compare: () => Promise.resolve(false),
      conversionsOf: async () => {
        const groups = new Map<
          string,
          GroupConversions & { people: number; converted: Map<string, number> }
        >();
        const values = new Map<string, ConversionValue & { people: number }>();
        for (let row = 1; row <= people; row += 1) {
          const alike = groupOf(row);
          const key = JSON.stringify(alike);
          const group = groups.get(key) ?? { ...alike, people: 0, converted: new Map<string, number>() };
          groups.set(key, group);
          group.people += 1;
          const done = did(row, alike.heldOut);
          for (const name of new Set(done.map((each) => each.name))) {
            group.converted.set(name, (group.converted.get(name) ?? 0) + 1);
          }
          for (const { name, currency, sum } of done) {
            if (currency === undefined) continue;
            const which = { heldOut: alike.heldOut, name, currency, sum };
            const value = values.get(JSON.stringify(which)) ?? { ...which, people: 0 };
            values.set(JSON.stringify(which), value);
            value.people += 1;
          }
        }
        return { groups: [...groups.values()], values: [...values.values()] };
      },
    },
  } as unknown as Pipeline;
}

const renewed = { name: 'renewed', currency: 'EUR', sum: 50 };
/** Of those sent, one in nine renews; of those held out, one in twenty. Some pay in two currencies. */
const did: Rows['did'] = (row, heldOut) => {
  if (heldOut ? row % 200 !== 0 : row % 9 !== 0) return [];
  return row % 27 === 0 ? [renewed, { ...renewed, currency: 'USD', sum: 10 }] : [renewed];
};

describe('a comparison', () => {
  it('counts each customer once, and says when the time is over', async () => {
    const report = await compareGroups(answering({ people: 12_000, did }, 31), id, 30);
    expect(report).toMatchObject({
      ...{ campaign: id, template: 'offer', complete: true, sent: 10_800, heldOut: 1_200 },
      ...{ from: '2026-11-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' },
    });
    const [first] = report?.conversions ?? [];
    // Rows that nine divides and ten does not.
    const converted = 1_333 - 133;
    expect(first).toMatchObject({
      ...{ name: 'renewed', verdict: 'more' },
      sent: { people: 10_800, converted },
      heldOut: { people: 1_200, converted: 60, rate: 0.05 },
    });
    expect(first?.lift?.estimate).toBeCloseTo(converted / 10_800 / 0.05 - 1, 4);
    const [euros, dollars] = first?.values ?? [];
    expect(euros).toMatchObject({ currency: 'EUR', sent: { withValue: converted }, heldOut: { mean: 2.5 } });
    expect(euros?.difference).toBeCloseTo((50 * converted) / 10_800 - 2.5, 3);
    expect(euros?.interval?.from).toBeGreaterThan(0);
    // Too few of those held out paid in dollars.
    expect(dollars).toMatchObject({ currency: 'USD', interval: null });
  });

  it('gives no verdict and wider intervals before, and the same figures each time', async () => {
    const [early, again, late] = await Promise.all(
      [3, 3, 31].map((day) => compareGroups(answering({ people: 4_000, did }, day), id, 30)),
    );
    expect(early).toEqual(again);
    expect(early?.complete).toBe(false);
    const [[before], [after]] = [early?.conversions ?? [], late?.conversions ?? []];
    expect([before?.verdict, after?.verdict]).toEqual(['too-early', 'more']);
    const width = (named: typeof before): number =>
      (named?.difference?.to ?? 0) - (named?.difference?.from ?? 0);
    expect(width(before)).toBeGreaterThan(1.3 * width(after));
  });

  it('counts the days of the order, and gives no verdict for others', async () => {
    const rows = { people: 4_000, did, measure: { days: 20 } };
    const [own, same, other] = await Promise.all(
      [undefined, 20, 25].map((days) => compareGroups(answering(rows, 31), id, days)),
    );
    expect(own).toEqual(same);
    expect(own).toMatchObject({ days: 20, measure: { days: 20, baseRate: null }, complete: true });
    expect(own?.conversions[0]).toMatchObject({ verdict: 'more', intervals: 'one-look', planned: null });
    expect(other).toMatchObject({ days: 25, complete: true });
    expect(other?.conversions[0]).toMatchObject({ verdict: 'not-planned', intervals: 'always-valid' });
  });

  it('says how many conversions are missing, and gives no verdict before the control group has them', async () => {
    const report = (baseRate: number) =>
      compareGroups(answering({ people: 4_000, did, measure: { days: 30, baseRate } }, 31), id);
    // Of 400 who are held out, 20 renewed.
    expect((await report(0.05))?.conversions[0]).toMatchObject({
      ...{ verdict: 'more', intervals: 'one-look', planned: { conversions: 13, missing: 0 } },
    });
    expect((await report(0.1))?.conversions[0]).toMatchObject({
      ...{ verdict: 'too-few', intervals: 'always-valid', planned: { conversions: 31, missing: 11 } },
    });
  });

  it('compares within each audience segment, with wider intervals for all together', async () => {
    const segments = (row: number) => (row % 3 === 0 ? ['new', 'city'] : row % 3 === 1 ? ['loyal'] : []);
    const report = await compareGroups(answering({ people: 12_000, did, segments }, 31), id, 30);
    expect(report?.segments.map(({ segment, sent, heldOut }) => [segment, sent, heldOut])).toEqual([
      ['city', 3_600, 400],
      ['loyal', 3_600, 400],
      ['new', 3_600, 400],
    ]);
    const [city, loyal] = report?.segments ?? [];
    // Those who renew have rows that nine divides.
    expect(city?.conversions[0]).toMatchObject({ sent: { converted: 1_200 }, heldOut: { converted: 20 } });
    expect(loyal?.conversions[0]).toMatchObject({ sent: { converted: 0 }, heldOut: { converted: 20 } });
    expect([city?.conversions[0]?.verdict, loyal?.conversions[0]?.verdict]).toEqual(['more', 'fewer']);
    const [whole] = report?.conversions ?? [];
    const alone = await compareGroups(
      answering({ people: 12_000, did, segments: () => ['all'] }, 31),
      id,
      30,
    );
    expect(alone?.segments[0]?.conversions[0]?.difference).toEqual(whole?.difference);
  });

  it('compares variants with each other, and none with those who are held out', async () => {
    const variant = (row: number) => (['a', 'b', 'c'] as const)[row % 3] ?? 'a';
    const report = await compareGroups(answering({ people: 12_000, did, variant }, 31), id, 30);
    expect(report?.variants).toEqual(['a', 'b', 'c'].map((name) => ({ variant: name, people: 3_600 })));
    const [renewals] = report?.variantConversions ?? [];
    expect(renewals?.rates.map(({ converted }) => converted)).toEqual([1_200, 0, 0]);
    expect(
      renewals?.comparisons.map(({ variant: one, against, verdict }) => [one, against, verdict]),
    ).toEqual([
      ['a', 'b', 'more'],
      ['a', 'c', 'more'],
      ['b', 'c', 'unclear'],
    ]);
    const none = await compareGroups(answering({ people: 100, did }, 31), id, 30);
    expect(none).toMatchObject({ variants: [], variantConversions: [], segments: [] });
  });

  it('says that nothing can be compared without a control group, and what is not known', async () => {
    const pipeline = answering({ people: 9, did: () => [renewed] }, 31);
    const report = await compareGroups(pipeline, id, 30);
    expect(report?.conversions).toMatchObject([
      { verdict: 'no-control-group', heldOut: null, difference: null, lift: null, values: [] },
    ]);
    expect(await compareGroups(answering({ people: 20, did: () => [] }, 31), id, 30)).toMatchObject({
      ...{ sent: 18, heldOut: 2, conversions: [] },
    });
    expect(await compareGroups(pipeline, 'another', 30)).toBeUndefined();
  });
});
