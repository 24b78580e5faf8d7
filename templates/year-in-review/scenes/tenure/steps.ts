import type { Tenure } from '../../tenure.ts';

/** One stair; what is not reached stands pale. */
export interface Step {
  readonly reached: boolean;
}

const fewestSteps = 5;
const mostSteps = 40;

/** A step for each year, and pale ones where they are few; in the first year a step for each month. */
export function stepsOf({ unit, count }: Tenure): readonly Step[] {
  const total = unit === 'years' ? Math.min(mostSteps, Math.max(fewestSteps, count)) : 12;
  const reached =
    unit === 'years' ? Math.min(total, count) : unit === 'months' ? count : unit === 'days' ? 1 : 0;
  return Array.from({ length: total }, (_, index) => ({ reached: index < reached }));
}
