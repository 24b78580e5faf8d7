import { describe, expect, it } from 'vitest';
import type { PersonConversions } from '../core/conversions.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { compareGroups } from './comparison.ts';

const id = '9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37';
const ordered = new Date('2026-11-01T00:00:00Z');
const dayMs = 86_400_000;

/** Rows of a campaign, of which every tenth is held out. */
interface Rows {
  readonly people: number;
  /** What the customer of a row did. */
  readonly did: (row: number, heldOut: boolean) => readonly Omit<PersonConversions, 'row' | 'heldOut'>[];
}

const isHeldOut = (row: number): boolean => row % 10 === 0;

/** What a report asks, for a campaign with these rows, some days after its order. */
function answering({ people, did }: Rows, daysLater: number): Pipeline {
  return {
    clock: { now: () => new Date(ordered.getTime() + daysLater * dayMs) },
    campaigns: {
      find: async (wanted: string) =>
        wanted === id ? { id, kind: 'campaign', template: 'offer', createdAt: ordered } : undefined,
    },
    conversions: {
      conversionsOf: async (_: string, { after = 0, limit }: { after?: number; limit: number }) => {
        const rows = Array.from(
          { length: Math.min(limit, people - after) },
          (__, index) => after + index + 1,
        );
        const heldOut = rows.filter(isHeldOut).length;
        return {
          ...{ heldOut, sent: rows.length - heldOut },
          conversions: rows.flatMap((row) =>
            did(row, isHeldOut(row)).map((each) => ({ row, heldOut: isHeldOut(row), ...each })),
          ),
          next: rows.length < limit ? undefined : rows.at(-1),
        };
      },
    },
  } as unknown as Pipeline;
}

const renewed = { name: 'renewed', currency: 'EUR', count: 1, sum: 50 };
/** Of those sent, one in nine renews; of those held out, one in twenty. Some pay in two currencies. */
const did: Rows['did'] = (row, heldOut) => {
  if (heldOut ? row % 200 !== 0 : row % 9 !== 0) return [];
  return row % 27 === 0 ? [renewed, { ...renewed, currency: 'USD', sum: 10 }] : [renewed];
};

describe('a comparison', () => {
  it('counts each customer once, over all pages, and says when the time is over', async () => {
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
