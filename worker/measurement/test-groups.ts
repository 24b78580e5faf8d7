import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { compareRates, type Group, type Interval, type RateComparison } from './statistics.ts';

/** Groups that both have people, compared. */
export function compared(sent: Group, heldOut: Group, z?: number): RateComparison {
  const comparison = compareRates(sent, heldOut, z);
  if (!comparison) throw new Error('A group has no people.');
  return comparison;
}

/** Whether an interval says that there is a difference. */
export const excludesZero = ({ from, to }: Interval): boolean => from > 0 || to < 0;

/** Chance that is the same in every run. */
export function seeded(seed: number): {
  chance: () => number;
  convert: (people: number, rate: number) => Group;
} {
  const random = xoroshiro128plus(seed);
  const chance = (): number => uniformFloat64(random);
  const limitOf = (rate: number): number => rate * 2 ** 32;
  const convert = (people: number, rate: number): Group => {
    let converted = 0;
    for (let left = people, limit = limitOf(rate); left > 0; left--)
      if (random.next() >>> 0 < limit) converted++;
    return { people, converted };
  };
  return { chance, convert };
}

const CAMPAIGNS = 1000;

/** Share of simulated campaigns for which this holds. */
export function shareOf(holds: (campaign: number) => boolean, campaigns = CAMPAIGNS): number {
  let count = 0;
  for (let campaign = 0; campaign < campaigns; campaign++) if (holds(campaign)) count++;
  return count / campaigns;
}
