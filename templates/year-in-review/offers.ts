import type { plans } from './record.ts';
import type { TenureBand } from './tenure.ts';

type Plan = (typeof plans)[number];

/** Texts of the offer scene: `amount` is large, `what` completes it. */
interface Offer {
  readonly thanks: string;
  readonly amount: string;
  readonly what: string;
  readonly detail: string;
}

const thanks: Readonly<Record<TenureBand, string>> = {
  new: 'A first year worth celebrating.',
  steady: 'Thank you for staying.',
  long: 'We go back a long way.',
};

const trials: Readonly<Record<TenureBand, string>> = { new: '1 month', steady: '2 months', long: '3 months' };
const reductions: Readonly<Record<TenureBand, string>> = {
  new: '10% off',
  steady: '15% off',
  long: '20% off',
};

/** The offer of a plan and a tenure band: nine in all, whatever the size of the campaign. */
export function offerFor(plan: Plan, band: TenureBand): Offer {
  switch (plan) {
    case 'Basic':
      return {
        thanks: thanks[band],
        amount: trials[band],
        what: 'of Plus, on us',
        detail: 'All that Plus adds. Nothing to cancel.',
      };
    case 'Plus':
      return {
        thanks: thanks[band],
        amount: trials[band],
        what: 'of Premium, on us',
        detail: 'All that Premium adds. Nothing to cancel.',
      };
    case 'Premium':
      return {
        thanks: thanks[band],
        amount: reductions[band],
        what: 'your next year',
        detail: 'Taken off when you renew. Nothing to do.',
      };
    default:
      return plan satisfies never;
  }
}

/** What the last scene's button says. */
export const closingCall = 'See your offer';
