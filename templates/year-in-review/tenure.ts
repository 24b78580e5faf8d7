import { z } from 'zod';

/** How long someone has been a member, in the largest whole unit; `upcoming` begins after `asOf`. */
export const tenureSchema = z.object({
  unit: z.enum(['years', 'months', 'days', 'upcoming']),
  count: z.int().min(0),
});

export type Tenure = z.infer<typeof tenureSchema>;

export const tenureBands = ['new', 'steady', 'long'] as const;

/** Under a year, one to four years, five years and more. */
export type TenureBand = (typeof tenureBands)[number];

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function dayOf(iso: string): Day {
  const [year = 0, month = 1, day = 1] = iso.split('-').map(Number);
  return { year, month, day };
}

const millisecondsPerDay = 86_400_000;

/** Whole calendar months and years; a member since the 31st completes a month on the next one's end. */
function wholeMonths(from: Day, to: Day): number {
  const lastOfMonth = new Date(Date.UTC(to.year, to.month, 0)).getUTCDate();
  const reached = to.day >= Math.min(from.day, lastOfMonth);
  return (to.year - from.year) * 12 + to.month - from.month - (reached ? 0 : 1);
}

/** @param memberSince and asOf ISO `YYYY-MM-DD`. */
export function tenureAt(memberSince: string, asOf: string): Tenure {
  if (memberSince > asOf) return { unit: 'upcoming', count: 0 };
  const months = wholeMonths(dayOf(memberSince), dayOf(asOf));
  if (months >= 12) return { unit: 'years', count: Math.floor(months / 12) };
  if (months >= 1) return { unit: 'months', count: months };
  return {
    unit: 'days',
    count: Math.round((Date.parse(asOf) - Date.parse(memberSince)) / millisecondsPerDay),
  };
}

/** @param memberSince and asOf ISO `YYYY-MM-DD`. */
export function tenureBandAt(memberSince: string, asOf: string): TenureBand {
  const { unit, count } = tenureAt(memberSince, asOf);
  if (unit !== 'years') return 'new';
  return count >= 5 ? 'long' : 'steady';
}
