import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { reportResult } from '../json-results.ts';
import { reportTable } from './report-table.ts';

const rate = { people: 90, converted: 9, rate: 0.1, interval: { from: 0.05, to: 0.2 } };
const change = {
  ...({ verdict: 'unclear', intervals: 'one-look' } as const),
  difference: { estimate: -0.02, from: -0.1, to: 0.06 },
  lift: { estimate: null, from: -0.5, to: null },
};
const named = { ...change, name: '=1+1', planned: { conversions: 7, missing: 2 }, sent: rate, heldOut: rate };
const mean = { people: 90, withValue: 9, mean: 1.5 };
const steps = {
  ...{ opened: 60, started: 50, watched25: 40, watched50: 30, watched75: 20, watched95: 10, ended: 9 },
  ...{ chose: 5, answered: 0, linkShown: 8, linkFollowed: 2, captions: 0, read: 0, shared: 0 },
  ...{ privacyOpened: 0, corrected: 0, returned: 1, averageShare: 0.5 },
};
const report = reportResult.parse({
  page: null,
  watching: {
    withVideo: 91,
    viewers: steps,
    guests: steps,
    notCounted: { unconfirmed: 3, machines: [] },
    ...{ days: [], segments: [{ name: '=2+2', ...steps }], variants: [], formats: [], devices: [] },
    scenes: [{ node: 'offer', entered: 50, stayed: 40, left: 10, seconds: [50, 45], clips: [] }],
    decisions: [
      {
        ...{ node: 'menu', offered: 40, medianSeconds: 3 },
        ways: [{ choice: '+1', by: 'viewer', first: 30, later: 0 }],
      },
    ],
    ways: [{ from: 'offer', to: null, first: 9, later: 0 }],
  },
  ...{ campaign: '9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37', template: 'offer', days: 30, complete: true },
  ...{
    from: '2026-11-01T00:00:00.000Z',
    until: '2026-12-01T00:00:00.000Z',
    measure: null,
    sent: 90,
    heldOut: 10,
  },
  conversions: [
    { ...named, values: [{ currency: 'EUR', sent: mean, heldOut: mean, difference: 0, interval: null }] },
  ],
  segments: [{ segment: '@cmd, "x"', sent: 40, heldOut: 5, conversions: [named] }],
  variants: [{ variant: 'a', people: 45 }],
  viewers: {
    devices: [{ name: 'phone', people: 60, conversions: [{ name: 'renewed', converted: 6 }] }],
    days: [{ name: '2026-11-02', people: 60, conversions: [{ name: 'renewed', converted: 6 }] }],
  },
  variantConversions: [
    {
      name: 'renewed',
      rates: [{ ...rate, variant: 'a' }],
      comparisons: [{ ...change, variant: 'a', against: 'b' }],
    },
  ],
});

describe('a report as a table', () => {
  const rows = parse<Record<string, string>>(reportTable(report), { columns: true });

  it('has one row for each figure', () => {
    const ofAll = rows.filter(({ group }) => group === 'all').map(({ figure }) => figure);
    expect(ofAll.slice(0, 14)).toEqual([
      ...['sent', 'held_out', 'sent_converted', 'sent_rate', 'held_out_converted', 'held_out_rate'],
      ...['difference', 'lift', 'verdict', 'planned_conversions', 'missing_conversions'],
      ...['sent_mean', 'held_out_mean', 'mean_difference'],
    ]);
    expect(ofAll.slice(14)).toEqual([
      'with_video',
      ...['opened', 'started', 'watched_25', 'watched_50', 'watched_75', 'watched_95', 'ended'],
      ...['chose', 'answered', 'link_shown', 'link_followed', 'captions', 'read', 'shared', 'privacy_opened'],
      ...['corrected', 'returned', 'average_share'],
    ]);
    // Only figures with an interval say which one it is.
    expect(rows.filter(({ from, to, intervals }) => intervals !== '' && from === '' && to === '')).toEqual(
      [],
    );
    expect(rows.find(({ group, figure }) => group === 'scene' && figure === 'left')).toMatchObject({
      ...{ name: 'offer', value: '10' },
    });
    expect(rows.find(({ group, against }) => group === 'decision' && against !== '')).toMatchObject({
      ...{ name: 'menu', against: "'+1", figure: 'viewer', value: '30' },
    });
    expect(rows.find(({ group, figure }) => group === 'all' && figure === 'difference')).toEqual({
      ...{ group: 'all', name: '', against: '', conversion: "'=1+1", figure: 'difference', currency: '' },
      ...{ value: '-0.02', from: '-0.1', to: '0.06', intervals: 'one-look' },
    });
    expect(rows.find(({ group, against }) => group === 'variant' && against === 'b')).toMatchObject({
      ...{ name: 'a', conversion: 'renewed', figure: 'difference' },
    });
  });

  it('says of each segment how many conversions were planned, as of all', () => {
    const planned = rows.filter(({ figure }) => figure?.endsWith('_conversions'));
    expect(planned.map(({ group, figure, value }) => [group, figure, value])).toEqual(
      ['all', 'segment'].flatMap((group) => [
        [group, 'planned_conversions', '7'],
        [group, 'missing_conversions', '2'],
      ]),
    );
  });

  it('has what those did who opened their page, by device and day', () => {
    expect(rows.filter(({ figure }) => figure === 'converted')).toMatchObject(
      [
        ['device', 'phone'],
        ['day', '2026-11-02'],
      ].map(([group, name]) => ({ group, name, conversion: 'renewed', value: '6' })),
    );
  });

  it('starts no formula with what it repeats', () => {
    expect(new Set(rows.filter(({ group }) => group === 'segment').map(({ name }) => name))).toEqual(
      new Set(['\'@cmd, "x"', "'=2+2"]),
    );
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => /^[=@+]/.test(cell))).toEqual([]);
  });
});
