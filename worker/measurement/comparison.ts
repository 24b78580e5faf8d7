import { usualDays, type Measure } from '../core/campaigns.ts';
import type { CampaignConversions, GroupConversions } from '../core/conversions.ts';
import type { FirstOpening } from '../core/viewer-events.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { bringUpToDate } from './campaign-watching.ts';
import type { Comparison } from './comparison-schema.ts';
import {
  compareMeans,
  compareMeansEarly,
  compareRates,
  conversionRate,
  earlyZ,
  type Group,
  type MeanComparison,
  plannedConversions,
  plannedZ,
  type RateComparison,
  type ValueGroup,
} from './statistics.ts';

/**
 * Conversions of each customer that are expected at the end where the order does not say it, for intervals before it.
 * They hold for any number that is fixed before the first look, and are narrowest for the right one.
 */
const usualRate = 0.03;

const dayMs = 86_400_000;

type Cell = GroupConversions;

interface Tallies {
  readonly cells: readonly Cell[];
  readonly names: readonly string[];
  /** How many customers had which value. */
  readonly valuesOf: (name: string, heldOut: boolean, currency: string) => ReadonlyMap<number, number>;
  readonly currenciesOf: (name: string) => readonly string[];
}

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function talliesOf({ groups, values }: CampaignConversions): Tallies {
  return {
    cells: groups,
    names: [...new Set(groups.flatMap(({ converted }) => [...converted.keys()]))].sort(byText),
    valuesOf: (name, heldOut, currency) =>
      new Map(
        values.flatMap((value) =>
          value.name === name && value.heldOut === heldOut && value.currency === currency
            ? [[value.sum, value.people]]
            : [],
        ),
      ),
    currenciesOf: (name) =>
      [...new Set(values.flatMap((value) => (value.name === name ? [value.currency] : [])))].sort(byText),
  };
}

const peopleOf = (cells: readonly Cell[]): number => cells.reduce((sum, { people }) => sum + people, 0);

const groupOf = (cells: readonly Cell[], name: string): Group => ({
  people: peopleOf(cells),
  converted: cells.reduce((sum, { converted }) => sum + (converted.get(name) ?? 0), 0),
});

/** Those with a video and those who were held out. */
const split = (cells: readonly Cell[]) => ({
  sent: cells.filter(({ heldOut }) => !heldOut),
  heldOut: cells.filter(({ heldOut }) => heldOut),
});

type Named = Comparison['conversions'][number];
type Judged = Pick<Named, 'verdict' | 'intervals'>;

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

const roundedChange = ({ difference, lift }: RateComparison) => ({
  difference: { estimate: rounded(difference.estimate), ...roundedEnds(difference) },
  lift: {
    estimate: lift.estimate === undefined ? null : rounded(lift.estimate),
    from: rounded(lift.from),
    to: lift.to === undefined ? null : rounded(lift.to),
  },
});

/** How a report judges. */
interface Judging {
  /** Why there is no verdict, whatever the numbers are. */
  readonly without: 'too-early' | 'not-planned' | undefined;
  readonly measure: Measure | undefined;
  /** Of resampling: the same campaign gives the same intervals. */
  readonly seed: number;
}

/** How far two groups are: conversions so far, as a share of those expected. */
const progressOf = (one: Group, other: Group, { measure }: Judging): number =>
  (one.converted + other.converted) / ((measure?.baseRate ?? usualRate) * (one.people + other.people));

/** Whether two groups can be judged, and with which intervals. */
function judge(one: Group, other: Group, judging: Judging, isShort: boolean, comparisons: number) {
  const without = judging.without ?? (isShort ? 'too-few' : undefined);
  const z =
    without === undefined ? plannedZ(comparisons) : earlyZ(progressOf(one, other, judging), comparisons);
  const judged = ({ from, to }: RateComparison['difference']): Judged => ({
    verdict: without ?? (from > 0 ? 'more' : to < 0 ? 'fewer' : 'unclear'),
    intervals: without === undefined ? 'one-look' : 'always-valid',
  });
  return { without, z, judged };
}

/** What the base rate of the order requires of a control group. */
function plannedOf(heldOut: Group, baseRate: number | undefined): Named['planned'] {
  if (baseRate === undefined || heldOut.people === 0) return null;
  const conversions = plannedConversions(heldOut.people, baseRate);
  return { conversions, missing: Math.max(0, conversions - heldOut.converted) };
}

type NamedRates = Omit<Named, 'values'>;

/** Compares those sent with those held out. @param comparisons how many intervals are to hold together. */
function compareNamed(
  cells: readonly Cell[],
  name: string,
  judging: Judging,
  comparisons = 1,
): NamedRates | undefined {
  const groups = split(cells);
  const [sent, heldOut] = [groupOf(groups.sent, name), groupOf(groups.heldOut, name)];
  const planned = plannedOf(heldOut, judging.measure?.baseRate);
  const isShort = planned !== null && planned.missing > 0;
  const { without, z, judged } = judge(sent, heldOut, judging, isShort, comparisons);
  const rates = compareRates(sent, heldOut, z);
  if (rates !== undefined) {
    const each = { sent: roundedRate(rates.sent), heldOut: roundedRate(rates.heldOut) };
    return { name, ...judged(rates.difference), planned, ...each, ...roundedChange(rates) };
  }
  const only = conversionRate(sent, z);
  if (only === undefined) return undefined;
  const intervals = without === undefined ? 'one-look' : 'always-valid';
  const none = { planned, heldOut: null, difference: null, lift: null };
  return { name, verdict: 'no-control-group', intervals, sent: roundedRate(only), ...none };
}

const valueGroup = (counts: ReadonlyMap<number, number>, people: number): ValueGroup => ({
  people,
  values: [...counts].map(([value, count]) => ({ value, people: count })),
});

/** What a conversion was worth, by currency. */
function compareValues(
  { cells, valuesOf, currenciesOf }: Tallies,
  { name, intervals }: NamedRates,
  judging: Judging,
): Named['values'] {
  const groups = split(cells);
  const progress = progressOf(groupOf(groups.sent, name), groupOf(groups.heldOut, name), judging);
  return currenciesOf(name).flatMap((currency) => {
    const sent = valueGroup(valuesOf(name, false, currency), peopleOf(groups.sent));
    const heldOut = valueGroup(valuesOf(name, true, currency), peopleOf(groups.heldOut));
    const means =
      intervals === 'one-look'
        ? compareMeans(sent, heldOut, judging.seed)
        : compareMeansEarly(sent, heldOut, progress);
    if (means === undefined) return [];
    return {
      currency,
      ...{ sent: roundedMean(means.sent), heldOut: roundedMean(means.heldOut) },
      difference: rounded(means.difference),
      interval: means.interval === undefined ? null : roundedEnds(means.interval),
    };
  });
}

/** The same within each audience segment. */
function compareSegments({ cells, names }: Tallies, judging: Judging): Comparison['segments'] {
  const segments = [...new Set(cells.flatMap((cell) => cell.segments))].sort(byText);
  return segments.map((segment) => {
    const own = cells.filter((cell) => cell.segments.includes(segment));
    const { sent, heldOut } = split(own);
    return {
      segment,
      ...{ sent: peopleOf(sent), heldOut: peopleOf(heldOut) },
      conversions: names.flatMap((name) => compareNamed(own, name, judging, segments.length) ?? []),
    };
  });
}

/** Variants of the story against each other. */
function compareVariants(
  { cells, names }: Tallies,
  judging: Judging,
): Pick<Comparison, 'variants' | 'variantConversions'> {
  const variants = [...new Set(cells.flatMap(({ variant }) => variant ?? []))].sort(byText);
  const cellsOf = (wanted: string) => cells.filter(({ heldOut, variant }) => !heldOut && variant === wanted);
  const pairs = variants.flatMap((variant, at) =>
    variants.slice(at + 1).map((against) => ({ variant, against })),
  );
  const variantConversions = names.map((name) => ({
    name,
    rates: variants.flatMap((variant) => {
      const rate = conversionRate(groupOf(cellsOf(variant), name));
      return rate === undefined ? [] : { variant, ...roundedRate(rate) };
    }),
    comparisons: pairs.flatMap(({ variant, against }) => {
      const [one, other] = [groupOf(cellsOf(variant), name), groupOf(cellsOf(against), name)];
      const { z, judged } = judge(one, other, judging, false, pairs.length);
      const rates = compareRates(one, other, z);
      if (rates === undefined) return [];
      return { variant, against, ...judged(rates.difference), ...roundedChange(rates) };
    }),
  }));
  return {
    variants: variants.map((variant) => ({ variant, people: peopleOf(cellsOf(variant)) })),
    variantConversions: variants.length === 0 ? [] : variantConversions,
  };
}

/** What customers did who opened their page, by what they have in common. */
function groupViewers(
  { cells, names }: Tallies,
  groupBy: (first: FirstOpening) => string,
): Comparison['viewers']['devices'] {
  const opened = cells.flatMap((cell) =>
    cell.first === undefined ? [] : { cell, group: groupBy(cell.first) },
  );
  return [...new Set(opened.map(({ group }) => group))].sort(byText).map((name) => {
    const own = opened.filter(({ group }) => group === name).map(({ cell }) => cell);
    const conversions = names.map((each) => ({ name: each, converted: groupOf(own, each).converted }));
    return { name, people: peopleOf(own), conversions };
  });
}

/**
 * Compares what customers with a video did with what those did who were held out, from the campaign's order on and for
 * some days, whether they opened their video or not. For the days that the order fixed, what it costs does not grow with
 * the number of people: they are counted as they change.
 *
 * @param asked how many days; unset: those that the order fixed, or the usual ones.
 * @returns `undefined` when there is no such campaign.
 */
export async function compareGroups(
  pipeline: Pick<Pipeline, 'campaigns' | 'viewerEvents' | 'conversions' | 'clock'>,
  id: string,
  asked?: number,
): Promise<Comparison | undefined> {
  const campaign = await pipeline.campaigns.find(id);
  if (campaign?.kind !== 'campaign') return undefined;
  const { source, createdAt, template } = campaign;
  const measure = source.kind === 'csv' ? source.measure : undefined;
  const days = asked ?? measure?.days ?? usualDays;
  const until = new Date(createdAt.getTime() + days * dayMs);
  const complete = until <= pipeline.clock.now();
  const isPlanned = measure === undefined || measure.days === days;
  const judging: Judging = {
    without: complete ? (isPlanned ? undefined : 'not-planned') : 'too-early',
    measure,
    seed: Number.parseInt(id.slice(0, 8), 16) | 0,
  };
  await bringUpToDate(pipeline, id);
  const tallies = talliesOf(await pipeline.conversions.conversionsOf(id, days));
  const { sent, heldOut } = split(tallies.cells);
  return {
    ...{ campaign: id, template, from: createdAt.toISOString(), until: until.toISOString(), days, complete },
    measure: measure === undefined ? null : { days: measure.days, baseRate: measure.baseRate ?? null },
    ...{ sent: peopleOf(sent), heldOut: peopleOf(heldOut) },
    conversions: tallies.names.flatMap((name) => {
      const rates = compareNamed(tallies.cells, name, judging);
      return rates === undefined ? [] : { ...rates, values: compareValues(tallies, rates, judging) };
    }),
    segments: compareSegments(tallies, judging),
    ...compareVariants(tallies, judging),
    viewers: {
      devices: groupViewers(tallies, ({ device }) => device),
      days: groupViewers(tallies, ({ day }) => day),
    },
  };
}
