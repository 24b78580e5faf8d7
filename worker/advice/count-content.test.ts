import { describe, expect, it } from 'vitest';
import { renewalOffer } from '../../templates/renewal-offer/template.ts';
import { productTour } from '../../templates/product-tour/template.ts';
import type { Template } from '../../video/story/template.ts';
import { qualities } from '../core/campaigns.ts';
import { hmacWith } from '../core/hmac.ts';
import { createPlanner } from '../core/plan-render.ts';
import { namesUsed } from '../people/known-view.ts';
import { createContentCounter, reachable } from './count-content.ts';

/** Counts records as advice does. */
function count(template: Template, records: readonly Readonly<Record<string, unknown>>[]) {
  const codeHashes = new Map(Object.keys(template.scenes).map((scene) => [scene, scene]));
  const planner = createPlanner(
    {
      ...{ template, format: '9:16', encoding: qualities.draft, asOf: '2026-06-01' },
      ...{ engineVersion: '1', codeHashes },
    },
    hmacWith(Buffer.alloc(32, 1)),
  );
  const counter = createContentCounter(template, namesUsed(template));
  for (const record of records) counter.see(planner.clips(record, {}));
  return counter.result(0);
}

const person = (firstName: string, segment: string, plan = 'Plus') => ({
  ...{ firstName, segment, plan, renewalDate: '2026-07-01', locale: 'en-GB' },
});

describe('counted content', () => {
  it('knows what each audience segment has of its own, and which nobody is in', () => {
    const { segments, unusedValues, unreached, clips } = count(renewalOffer, [
      person('Anna', 'loyal'),
      person('Ben', 'loyal'),
      person('Cleo', 'business'),
    ]);
    expect(segments).toEqual([
      {
        segment: 'loyal',
        rows: 2,
        variants: 4,
        own: { nodes: ['benefits', 'opening-loyal'], clips: 3 },
      },
      { segment: 'new', rows: 0, variants: 0, own: { nodes: [], clips: 0 } },
      { segment: 'atRisk', rows: 0, variants: 0, own: { nodes: [], clips: 0 } },
      {
        segment: 'business',
        rows: 1,
        variants: 4,
        own: { nodes: ['invoice', 'opening-business'], clips: 3 },
      },
    ]);
    expect(unreached).toEqual(['comeback', 'opening-new']);
    expect(unusedValues).toEqual([
      { field: 'segment', label: 'Segment', values: ['new', 'at-risk'] },
      { field: 'plan', label: 'Plan', values: ['Basic', 'Premium'] },
    ]);
    expect(clips).toMatchObject({ shown: 5, personal: 1, shared: 7 });
  });

  it('finds an audience segment that sees what others see', () => {
    const template: Template = {
      ...renewalOffer,
      segments: { ...renewalOffer.segments, bens: { eq: [{ var: 'firstName' }, 'Ben'] } },
    };
    const { segments } = count(template, [person('Anna', 'loyal'), person('Ben', 'loyal')]);
    expect(segments.at(-1)).toEqual({
      segment: 'bens',
      rows: 1,
      variants: 4,
      own: { nodes: [], clips: 0 },
    });
  });

  it('does not call a node unreached that a choice leads to', () => {
    const { unreached } = count(productTour, [productTour.fixtures.typical.record]);
    expect(unreached).toEqual([]);
    expect(reachable(renewalOffer.story, new Set(['open']))).toEqual(new Set(['open']));
  });
});
