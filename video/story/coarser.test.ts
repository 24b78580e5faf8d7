import { describe, expect, it } from 'vitest';
import { renewalOffer } from '../../templates/renewal-offer/template.ts';
import { bindPath } from './bind.ts';
import { withCoarser } from './coarser.ts';

const record = {
  firstName: 'Anna',
  segment: 'loyal',
  renewalDate: '2026-03-14',
  plan: 'Plus',
  locale: 'en-GB',
};

const shown = (template: typeof renewalOffer) =>
  bindPath(template, record, {}, { asOf: '2026-01-15' }).find(({ scene }) => scene === 'personal')?.inputs;

describe('withCoarser', () => {
  it('lets scenes read the variable that says less, and leaves the rest as it is', () => {
    const coarse = withCoarser(renewalOffer, ['renewalDate']) as typeof renewalOffer;
    expect(shown(renewalOffer)).toMatchObject({ firstName: 'Anna', renewalDate: '2026-03-14' });
    expect(shown(coarse)).toMatchObject({ firstName: 'Anna', renewalDate: '2026-03' });
    expect(coarse.coarsened).toEqual(['renewalDate']);
  });

  it('gives the same template for the same fields, and the template itself for none', () => {
    expect(withCoarser(renewalOffer, ['renewalDate', 'renewalDate'])).toBe(
      withCoarser(renewalOffer, ['renewalDate']),
    );
    expect(withCoarser(renewalOffer)).toBe(renewalOffer);
  });

  it('refuses a field of which the template declares nothing coarser, and names those that it has', () => {
    expect(() => withCoarser(renewalOffer, ['city'])).toThrow(
      'Template renewal-offer declares nothing coarser for the field "city". It does for renewalDate.',
    );
  });

  it('works for every sample record', () => {
    const coarse = withCoarser(renewalOffer, ['renewalDate']);
    for (const { record: sample } of Object.values(renewalOffer.fixtures)) {
      expect(bindPath(coarse, sample, {}, { asOf: '2026-01-15' })).toHaveLength(5);
    }
  });
});
