import jstat from 'jstat';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Two-sided error of every interval and every plan. */
const ALPHA = 0.05;

/** Quantile of the standard normal distribution. */
const normalQuantile = (probability: number): number => jstat.normal.inv(probability, 0, 1);

/**
 * How many standard errors intervals reach to each side, for one look at the planned number: of one interval 95 %, of
 * several together at least 95 %.
 * Source for several: Bonferroni's inequality, as Dunn 1961, JASA 56:52, uses it. It holds however much the
 * comparisons depend on each other, as those of overlapping segments and of variants with each other do.
 */
export const plannedZ = (comparisons = 1): number => normalQuantile(1 - ALPHA / (2 * comparisons));

/** Of one interval. */
const PLANNED_Z = plannedZ();

/** Both ends belong to the interval. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** People of a campaign who were sent a video, or who were held out, and how many of them converted. */
export interface Group {
  readonly people: number;
  readonly converted: number;
}

/** Share of a group that converted. */
export interface Rate extends Group {
  readonly rate: number;
  readonly interval: Interval;
}

/**
 * Wilson's score limits. Dividing his formula by z² keeps it defined for an infinite z: from 0 to 1.
 * Source: Wilson 1927, JASA 22:209; as method 3 in Newcombe 1998, Statistics in Medicine 17:857.
 */
function wilson({ people, converted }: Group, z: number): Interval {
  const rate = converted / people;
  const weight = people / z ** 2;
  const middle = 2 * weight * rate + 1;
  const reach = Math.sqrt(1 + 4 * weight * rate * (1 - rate));
  const scale = 2 * (weight + 1);
  return {
    from: converted === 0 ? 0 : Math.min((middle - reach) / scale, rate),
    to: converted === people ? 1 : Math.max((middle + reach) / scale, rate),
  };
}

/** The conversion rate of a group with Wilson's interval; nothing for a group without people. */
export function conversionRate(group: Group, z = PLANNED_Z): Rate | undefined {
  if (group.people === 0) return undefined;
  return { ...group, rate: group.converted / group.people, interval: wilson(group, z) };
}

/** What sending changed: rate of those sent divided by the rate of those held out, minus 1. */
export interface Lift {
  /** Undefined where nobody who was held out converted. */
  readonly estimate: number | undefined;
  readonly from: number;
  /** Undefined where nobody who was held out converted: the data set no upper limit. */
  readonly to: number | undefined;
}

/** Conversion rates of those sent and those held out, and what sending changed. */
export interface RateComparison {
  readonly sent: Rate;
  readonly heldOut: Rate;
  /** Rate of those sent minus rate of those held out. */
  readonly difference: Interval & { readonly estimate: number };
  readonly lift: Lift;
}

/**
 * Newcombe's hybrid score interval for a difference of two independent proportions.
 * Source: Newcombe 1998, Statistics in Medicine 17:873, method 10.
 */
function rateDifference(sent: Rate, heldOut: Rate): RateComparison['difference'] {
  const estimate = sent.rate - heldOut.rate;
  const below = Math.hypot(sent.rate - sent.interval.from, heldOut.interval.to - heldOut.rate);
  const above = Math.hypot(sent.interval.to - sent.rate, heldOut.rate - heldOut.interval.from);
  return { estimate, from: estimate - below, to: estimate + above };
}

/**
 * The hybrid interval for a ratio (MOVER-R) from Wilson's limits. It is Newcombe's method solved for
 * `sent − ratio × held out = 0`, so it contains 1 exactly when the interval of the difference contains 0: the
 * two never contradict each other, which Katz' logarithmic interval does. It is also defined for zero counts:
 * nobody sent converted, the lower limit is −100 %; nobody held out converted, there is no upper limit.
 * Source: Donner and Zou 2012, Statistical Methods in Medical Research 21:347, equation 9; written with the
 * root in the denominator, which loses no digits and does not divide by zero.
 */
function liftOf(sent: Rate, heldOut: Rate): Lift {
  const product = sent.rate * heldOut.rate;
  const term = (rate: number, limit: number): number => limit * (2 * rate - limit);
  const root = (a: number, b: number): number => Math.sqrt(Math.max(0, product ** 2 - a * b));
  const low = term(sent.rate, sent.interval.from);
  const lowest = low === 0 ? 0 : low / (product + root(low, term(heldOut.rate, heldOut.interval.to)));
  if (heldOut.converted === 0) return { estimate: undefined, from: lowest - 1, to: undefined };
  const divisor = term(heldOut.rate, heldOut.interval.from);
  const highest = (product + root(term(sent.rate, sent.interval.to), divisor)) / divisor;
  return {
    estimate: sent.rate / heldOut.rate - 1,
    from: lowest - 1,
    to: Number.isFinite(highest) ? highest - 1 : undefined,
  };
}

/**
 * Compares those sent with those held out; nothing where a group has no people. At the planned number `z` is
 * `PLANNED_Z`; before it, `earlyZ`.
 */
export function compareRates(sent: Group, heldOut: Group, z = PLANNED_Z): RateComparison | undefined {
  const [sentRate, heldOutRate] = [conversionRate(sent, z), conversionRate(heldOut, z)];
  if (!sentRate || !heldOutRate) return undefined;
  return {
    sent: sentRate,
    heldOut: heldOutRate,
    difference: rateDifference(sentRate, heldOutRate),
    lift: liftOf(sentRate, heldOutRate),
  };
}

/** −2 log α + log(−2 log α + 1): the mixture that is narrowest when the planned number is reached. */
const mixtureOf = (alpha: number): number => -2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1);

/**
 * How many standard errors an interval must reach so that it is valid however often and whenever anyone looks:
 * in at most 5 % of campaigns without an effect does it ever exclude zero. It is the asymptotic confidence
 * sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, "Time-uniform central limit theory and
 * asymptotic confidence sequences", theorem 2.2, with ρ² for the planned number as they recommend (the normal
 * mixture of Robbins 1970, and the mSPRT of Johari et al. 2015 with an estimated variance).
 *
 * @param progress Conversions of both groups so far, divided by those expected at the planned number. It may
 * exceed 1. The expectation must be fixed before the first look. At 0 nothing is known: infinite.
 *
 * @param comparisons how many intervals hold together, as for `plannedZ`.
 *
 * It counts as one decision. A verdict from the first of early looks and the one look with `PLANNED_Z` at the
 * planned number is two: in simulations without an effect it was wrong in 5 to 6 % of campaigns.
 */
export function earlyZ(progress: number, comparisons = 1): number {
  const alpha = ALPHA / comparisons;
  const time = mixtureOf(alpha) * progress;
  return Math.sqrt(2 * (1 + 1 / time) * Math.log(Math.sqrt(time + 1) / alpha));
}

/**
 * The number of conversions that a control group reaches in about 19 of 20 campaigns if its customers act as often as was
 * expected. With fewer, the expectation was too high, and what was planned to be shown cannot be. It is the control
 * group's alone, so that an effect of the videos does not change it.
 * Source: the one-sided 95 % limit of a binomial number in its normal approximation, with correction for continuity;
 * Fleiss, Levin and Paik 2003, section 2.3.
 */
export function plannedConversions(heldOut: number, baseRate: number): number {
  const expected = heldOut * baseRate;
  const spread = Math.sqrt(expected * (1 - baseRate));
  return Math.max(1, Math.round(expected - normalQuantile(1 - ALPHA) * spread + 0.5));
}

/** What is known before a campaign starts. The held-out group and those sent convert alike without an effect. */
export interface Plan {
  readonly sent: number;
  readonly heldOut: number;
  /** Expected conversion rate of those held out: between 0 and 1, both excluded. */
  readonly baseRate: number;
}

/** The smallest increase that a plan shows. */
export interface SmallestLift {
  /** Rate of those sent minus rate of those held out. */
  readonly difference: number;
  /** As a share of the base rate: 0.5 is "half as many again". */
  readonly lift: number;
}

/**
 * The difference that groups show with this power if those sent convert at `sentRate`. The error without an
 * effect decides whether the interval excludes zero, the error with it how often that happens.
 */
function requiredDifference({ sent, heldOut, baseRate }: Plan, sentRate: number, power: number): number {
  const pooled = (sent * sentRate + heldOut * baseRate) / (sent + heldOut);
  const without = Math.sqrt(pooled * (1 - pooled) * (1 / sent + 1 / heldOut));
  const withEffect = Math.sqrt((sentRate * (1 - sentRate)) / sent + (baseRate * (1 - baseRate)) / heldOut);
  return PLANNED_Z * without + normalQuantile(power) * withEffect;
}

/**
 * The smallest increase that groups of this size show with the given power; nothing where even a rate of 100 %
 * would not be enough. Alpha is 5 %, two-sided.
 * Source: Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, equation 4.14 (two unequal
 * groups, without correction for continuity), solved for the difference by bisection.
 */
export function smallestLift(plan: Plan, power = 0.8): SmallestLift | undefined {
  if (plan.sent === 0 || plan.heldOut === 0) return undefined;
  const shows = (difference: number): boolean =>
    difference >= requiredDifference(plan, plan.baseRate + difference, power);
  let [below, above] = [0, 1 - plan.baseRate];
  if (!shows(above)) return undefined;
  for (let step = 0; step < 60; step++) {
    const middle = (below + above) / 2;
    if (shows(middle)) above = middle;
    else below = middle;
  }
  return { difference: above, lift: above / plan.baseRate };
}

/** What a campaign wants to show. */
export interface WantedLift {
  readonly baseRate: number;
  /** As a share of the base rate, greater than −1 and not 0; negative for a decrease. */
  readonly lift: number;
  /** Share of all people, between 0 and 1, both excluded. */
  readonly heldOutShare: number;
}

/**
 * How many people a campaign needs to show this lift; nothing where the lift leads beyond a rate of 100 % or
 * below 0 %. People still needed are these minus those there are.
 * Source: as for `smallestLift`, solved for the size.
 */
export function peopleNeeded(
  { baseRate, lift, heldOutShare }: WantedLift,
  power = 0.8,
): Pick<Plan, 'sent' | 'heldOut'> | undefined {
  const sentRate = baseRate * (1 + lift);
  if (lift === 0 || sentRate < 0 || sentRate > 1) return undefined;
  const share = { sent: 1 - heldOutShare, heldOut: heldOutShare, baseRate };
  const people = (requiredDifference(share, sentRate, power) / (sentRate - baseRate)) ** 2;
  return { sent: Math.ceil(people * share.sent), heldOut: Math.ceil(people * share.heldOut) };
}

/** How many people of a group have a conversion value. */
export interface ValueCount {
  readonly value: number;
  readonly people: number;
}

/** Conversion values of a group. Whoever is not in `values` has 0: most people. */
export interface ValueGroup {
  readonly people: number;
  readonly values: readonly ValueCount[];
}

/** What the people of a group brought on average. */
interface Mean {
  readonly people: number;
  /** People whose value is not 0. */
  readonly withValue: number;
  /** Conversion value per person, zeros included. */
  readonly mean: number;
}

/** Mean conversion values of those sent and those held out. */
export interface MeanComparison {
  readonly sent: Mean;
  readonly heldOut: Mean;
  /** Mean of those sent minus mean of those held out. */
  readonly difference: number;
  /** Undefined where fewer than `FEWEST_WITH_VALUE` people of a group have a value: it would be too narrow. */
  readonly interval: Interval | undefined;
}

/** With fewer, large values are so often missing from a sample that intervals miss the truth far too often. */
export const FEWEST_WITH_VALUE = 50;

/** Limits are the 50th values from both ends. Source: Efron and Tibshirani 1993, page 160: (B + 1) × 0.025. */
const RESAMPLES = 1999;

/** Of a group with more values than this, a resampled mean is drawn from the normal distribution instead. */
const MOST_DRAWN = 3000;

/** A group's mean and the variance of that mean. */
function describeValues({ people, values }: ValueGroup): Mean & { readonly variance: number } {
  let [withValue, sum] = [0, 0];
  for (const { value, people: count } of values) {
    if (value !== 0) withValue += count;
    sum += value * count;
  }
  const mean = sum / people;
  const deviations = values.reduce(
    (total, { value, people: count }) => (value === 0 ? total : total + count * (value - mean) ** 2),
    (people - withValue) * mean ** 2,
  );
  return { people, withValue, mean, variance: deviations / people ** 2 };
}

/** Draws how many of `people` have a value when each has one with this probability: inversion of a table. */
function binomialSampler(people: number, withValue: number): (random: RandomGenerator) => number {
  if (withValue === people) return () => people;
  const odds = withValue / (people - withValue);
  // Relative to the most likely number. What is left out has a probability of less than 10⁻¹⁵.
  const up = [1];
  for (let k = withValue, p = 1; k < people && p > 1e-18; k++)
    up.push((p *= ((people - k) / (k + 1)) * odds));
  const down: number[] = [];
  for (let k = withValue, p = 1; k > 0 && p > 1e-18; k--) down.push((p *= k / (people - k + 1) / odds));
  let total = 0;
  const table = Float64Array.from([...down.reverse(), ...up], (p) => (total += p));
  const first = withValue - down.length;
  return (random) => {
    const target = uniformFloat64(random) * total;
    let [low, high] = [0, table.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((table[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return first + low;
  };
}

/** Means of resampled groups. People without a value are not drawn one by one: only their number is. */
function resampledMeans(group: ValueGroup, random: RandomGenerator): Float64Array {
  const { people, withValue, mean, variance } = describeValues(group);
  if (withValue > MOST_DRAWN) {
    const error = Math.sqrt(variance);
    // Never 0, whose quantile is infinite.
    return Float64Array.from(
      { length: RESAMPLES },
      () => mean + error * normalQuantile(uniformFloat64(random) + 2 ** -54),
    );
  }
  const values = Float64Array.from(
    group.values.flatMap(({ value, people: count }) => (value === 0 ? [] : Array<number>(count).fill(value))),
  ).sort();
  const drawNumber = binomialSampler(people, withValue);
  return Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let left = drawNumber(random); left > 0; left--)
      sum += values[Math.floor(((random.next() >>> 0) / 2 ** 32) * withValue)] ?? 0;
    return sum / people;
  });
}

/**
 * Compares the mean conversion value per person at the planned number, with a percentile bootstrap interval;
 * nothing where a group has no people. The same data and seed give the same interval, in any order of values.
 * Cost is bounded: at most 2 × 3,000 × 1,999 draws, however many people there are. A group with more values
 * than that has a mean that is normal for all practical purposes, and its resampled means are drawn so.
 * Source: Efron 1979, Annals of Statistics 7:1 (bootstrap); Efron and Tibshirani 1993, An Introduction to the
 * Bootstrap, equation 13.5 (percentile interval).
 */
export function compareMeans(
  sent: ValueGroup,
  heldOut: ValueGroup,
  seed: number,
): MeanComparison | undefined {
  return compareValues(sent, heldOut, () => {
    const random = xoroshiro128plus(seed);
    const sentMeans = resampledMeans(sent, random);
    // The second group's numbers start far away in the sequence: the first group's size does not move them.
    const heldOutRandom = xoroshiro128plus(seed);
    heldOutRandom.jump();
    const heldOutMeans = resampledMeans(heldOut, heldOutRandom);
    const differences = sentMeans.map((mean, index) => mean - (heldOutMeans[index] ?? 0)).sort();
    const rank = (RESAMPLES + 1) * (ALPHA / 2);
    return { from: differences[rank - 1] ?? NaN, to: differences[RESAMPLES - rank] ?? NaN };
  });
}

/**
 * As `compareMeans`, valid however often anyone looks before the planned number: the difference and `earlyZ`
 * standard errors to each side.
 * Source: as for `earlyZ`; the variance is that of two independent means.
 */
export function compareMeansEarly(
  sent: ValueGroup,
  heldOut: ValueGroup,
  progress: number,
): MeanComparison | undefined {
  return compareValues(sent, heldOut, (difference, error) => {
    const reach = earlyZ(progress) * error;
    return { from: difference - reach, to: difference + reach };
  });
}

function compareValues(
  sent: ValueGroup,
  heldOut: ValueGroup,
  intervalOf: (difference: number, standardError: number) => Interval,
): MeanComparison | undefined {
  if (sent.people === 0 || heldOut.people === 0) return undefined;
  const { variance: sentVariance, ...sentMean } = describeValues(sent);
  const { variance: heldOutVariance, ...heldOutMean } = describeValues(heldOut);
  const difference = sentMean.mean - heldOutMean.mean;
  const enough = Math.min(sentMean.withValue, heldOutMean.withValue) >= FEWEST_WITH_VALUE;
  const interval = enough ? intervalOf(difference, Math.sqrt(sentVariance + heldOutVariance)) : undefined;
  return { sent: sentMean, heldOut: heldOutMean, difference, interval };
}
