import { describe, expect, it } from 'vitest';
import { reportPage } from './report-page.ts';
import type { CampaignReport } from './report-schema.ts';

const evil = `"><script>alert('1')</script>`;

const steps = {
  ...{ opened: 1_200, started: 1_000, watched25: 900, watched50: 800, watched75: 600, watched95: 500 },
  ...{ ended: 490, chose: 300, answered: 0, linkShown: 400, linkFollowed: 100, captions: 0, read: 0 },
  ...{ shared: 0, privacyOpened: 0, corrected: 0, returned: 10, averageShare: 0.71 },
};

const rate = { people: 2_000, converted: 100, rate: 0.05, interval: { from: 0.04, to: 0.06 } };

const report: CampaignReport = {
  campaign: '9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37',
  template: evil,
  ...{ from: '2026-11-01T09:30:00.000Z', until: '2026-12-01T09:30:00.000Z', complete: false },
  ...{ days: 30, measure: null, sent: 2_000, heldOut: 200 },
  conversions: [
    {
      ...{ name: 'renewed', verdict: 'too-few', intervals: 'always-valid' },
      values: [
        {
          ...{ currency: 'EUR', difference: -1.02, interval: { from: -3, to: 0.5 } },
          sent: { people: 2_000, withValue: 90, mean: 13.98 },
          heldOut: { people: 200, withValue: 60, mean: 15 },
        },
      ],
      planned: { conversions: 7, missing: 2 },
      ...{ sent: rate, heldOut: { ...rate, people: 200, converted: 5 } },
      difference: { estimate: 0.01, from: -0.02, to: 0.03 },
      lift: { estimate: 0.4, from: -0.1, to: null },
    },
  ],
  ...{ segments: [], variants: [], variantConversions: [], viewers: { devices: [], days: [] } },
  watching: {
    withVideo: 2_400,
    viewers: steps,
    guests: { ...steps, opened: 1 },
    notCounted: { unconfirmed: 388, machines: [{ reason: 'user-agent', pages: 1 }] },
    ...{ days: [], segments: [{ name: evil, ...steps }], variants: [], formats: [], devices: [] },
    scenes: [
      { node: evil, entered: 1_000, stayed: 900, left: 100, seconds: [1_000, 950, 900], clips: [] },
      {
        ...{ node: 'offer', entered: 900, stayed: 700, left: 200, seconds: [900, 700] },
        clips: (['Plus', 'Basic'] as const).map((offer, index) => ({
          ...{ clip: String(index).repeat(64), inputs: { offer }, entered: 450, seconds: [] },
          stayed: index === 0 ? 400 : 300,
        })),
      },
    ],
    decisions: [
      {
        ...{ node: 'offer', offered: 900, medianSeconds: 4 },
        ways: [{ choice: evil, by: 'viewer', first: 300, later: 2 }],
      },
    ],
    ways: [
      { from: evil, to: 'offer', first: 900, later: 0 },
      { from: 'offer', to: null, first: 490, later: 0 },
    ],
  },
};

describe('the report as a page', () => {
  const page = reportPage(report, new Date('2026-11-20T10:00:00.000Z'));

  it('escapes every name, loads nothing and runs nothing', () => {
    expect(page).not.toMatch(/<script/);
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toMatch(/<[^<>]*\s(?:src|href|on\w+)="(?!data:,")|@import|url\(|https?:/);
  });

  it.each([
    'Fewer conversions than planned',
    '2 conversions of the control group missing',
    '1 guest watched by links',
    // 1,200 of 2,400: also of the 400 without a video by now.
    '50 %',
    'Also counted: 400 customers erased since',
    '388 pages that nobody touched',
    'offer: Plus',
    '88.9 %',
    'until 2026-12-01. There is no verdict before that day.',
    'however often you look',
    '−10 % or more',
    '−1.02',
    '−3.00 to +0.50',
    'the end',
  ])('says “%s”', (text) => {
    expect(page).toContain(text);
  });

  it('draws the ways, the thicker the more went there', () => {
    const widths = [...page.matchAll(/stroke-width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([16, 8.7]);
  });
});
