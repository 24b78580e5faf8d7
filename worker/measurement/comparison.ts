import type { Pipeline } from '../core/pipeline.ts';
import type { Comparison } from './comparison-schema.ts';
import {
  compareMeans,
  compareMeansEarly,
  compareRates,
  conversionRate,
  earlyZ,
  type Group,
  type MeanComparison,
  PLANNED_Z,
  type RateComparison,
  type ValueGroup,
} from './statistics.ts';

/** Rows that are read at a time. */
const pageSize = 5_000;

/**
 * Conversions of each customer that are expected at the end, for intervals before it. They hold for any number that is
 * fixed before the first look, and are narrowest for the right one.
 */
const expectedRate = 0.03;

const dayMs = 86_400_000;

/** What the customers of one group did under one name. */
interface Tally {
  converted: number;
  /** By currency and value: how many customers. */
  readonly values: Map<string, Map<number, number>>;
}

type Tallies = Record<'sent' | 'heldOut', Tally>;

const newTally = (): Tally => ({ converted: 0, values: new Map() });

/** Reads all rows of a campaign, page by page; memory grows with the distinct values, not with the rows. */
async function readTallies({ conversions }: Pick<Pipeline, 'conversions'>, id: string, days: number) {
  const people = { sent: 0, heldOut: 0 };
  const byName = new Map<string, Tallies>();
  let after: number | undefined;
  do {
    const page = await conversions.conversionsOf(id, { days, after, limit: pageSize });
    people.sent += page.sent;
    people.heldOut += page.heldOut;
    const seen = new Set<string>();
    for (const { row, heldOut, name, currency, sum } of page.conversions) {
      const tallies = byName.get(name) ?? { sent: newTally(), heldOut: newTally() };
      byName.set(name, tallies);
      const tally = tallies[heldOut ? 'heldOut' : 'sent'];
      // Two currencies are two lines of one customer.
      const person = `${row} ${name}`;
      if (!seen.has(person)) tally.converted += 1;
      seen.add(person);
      if (currency === undefined) continue;
      const counts = tally.values.get(currency) ?? new Map<number, number>();
      tally.values.set(currency, counts.set(sum, (counts.get(sum) ?? 0) + 1));
    }
    after = page.next;
  } while (after !== undefined);
  return { people, byName };
}

type Named = Comparison['conversions'][number];

const valuesOf = ({ values }: Tally, currency: string, people: number): ValueGroup => ({
  people,
  values: [...(values.get(currency) ?? [])].map(([value, count]) => ({ value, people: count })),
});

/** Decimals beyond that say nothing. */
const rounded = (value: number): number => Number(value.toPrecision(6));

const roundedEnds = <T extends { readonly from: number; readonly to: number }>({ from, to }: T) => ({
  from: rounded(from),
  to: rounded(to),
});

const roundedRate = ({ interval, rate, ...counts }: RateComparison['sent']) => ({
  ...counts,
  rate: rounded(rate),
  interval: roundedEnds(interval),
});

const roundedMean = ({ mean, ...counts }: MeanComparison['sent']) => ({ ...counts, mean: rounded(mean) });

function verdictOf({ from, to }: RateComparison['difference'], complete: boolean): Named['verdict'] {
  if (!complete) return 'too-early';
  if (from > 0) return 'more';
  return to < 0 ? 'fewer' : 'unclear';
}

/** What is said of one name. */
interface NamedTallies {
  readonly name: string;
  readonly tallies: Tallies;
  readonly people: Readonly<Record<'sent' | 'heldOut', number>>;
  readonly complete: boolean;
  /** Of resampling: the same campaign gives the same intervals. */
  readonly seed: number;
}

function compare({ name, tallies, people, complete, seed }: NamedTallies): Named | undefined {
  const group = (of: 'sent' | 'heldOut'): Group => ({ people: people[of], converted: tallies[of].converted });
  const [sent, heldOut] = [group('sent'), group('heldOut')];
  const progress = (sent.converted + heldOut.converted) / (expectedRate * (sent.people + heldOut.people));
  const z = complete ? PLANNED_Z : earlyZ(progress);
  const only = conversionRate(sent, z);
  if (only === undefined) return undefined;
  const rates = compareRates(sent, heldOut, z);
  const currencies = new Set([...tallies.sent.values.keys(), ...tallies.heldOut.values.keys()]);
  const values = [...currencies].sort().flatMap((currency) => {
    const of = valuesOf(tallies.sent, currency, sent.people);
    const beside = valuesOf(tallies.heldOut, currency, heldOut.people);
    const means = complete ? compareMeans(of, beside, seed) : compareMeansEarly(of, beside, progress);
    if (means === undefined) return [];
    return {
      currency,
      ...{ sent: roundedMean(means.sent), heldOut: roundedMean(means.heldOut) },
      difference: rounded(means.difference),
      interval: means.interval === undefined ? null : roundedEnds(means.interval),
    };
  });
  if (rates === undefined) {
    const none = { heldOut: null, difference: null, lift: null, values };
    return { name, verdict: 'no-control-group', sent: roundedRate(only), ...none };
  }
  const { difference, lift } = rates;
  return {
    name,
    verdict: verdictOf(difference, complete),
    ...{ sent: roundedRate(rates.sent), heldOut: roundedRate(rates.heldOut) },
    difference: { estimate: rounded(difference.estimate), ...roundedEnds(difference) },
    lift: {
      estimate: lift.estimate === undefined ? null : rounded(lift.estimate),
      from: rounded(lift.from),
      to: lift.to === undefined ? null : rounded(lift.to),
    },
    values,
  };
}

/**
 * Compares what customers with a video did with what those did who were held out, from the campaign's order on and for
 * some days, whether they opened their video or not.
 *
 * @returns `undefined` when there is no such campaign.
 */
export async function compareGroups(
  pipeline: Pick<Pipeline, 'campaigns' | 'conversions' | 'clock'>,
  id: string,
  days: number,
): Promise<Comparison | undefined> {
  const campaign = await pipeline.campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  const { people, byName } = await readTallies(pipeline, id, days);
  const until = new Date(campaign.createdAt.getTime() + days * dayMs);
  const complete = until <= pipeline.clock.now();
  const seed = Number.parseInt(id.slice(0, 8), 16) | 0;
  return {
    campaign: id,
    template: campaign.template,
    ...{ from: campaign.createdAt.toISOString(), until: until.toISOString(), complete },
    ...people,
    conversions: [...byName]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([name, tallies]) => compare({ name, tallies, people, complete, seed }) ?? []),
  };
}
