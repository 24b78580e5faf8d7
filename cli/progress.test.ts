import { describe, expect, it } from 'vitest';
import type { Campaign } from '../client/api-client.ts';
import { CampaignMeter, describePace, describeRows } from './progress.ts';

const none = { queued: 0, rendering: 0, done: 0, failed: 0, skipped: 0, cancelled: 0 };

function progress(
  frames: Campaign['frames'],
  rows: Partial<Campaign['rows']> = { queued: 10 },
  clipsStored = 0,
  state: Campaign['state'] = 'rendering',
): { type: 'progress'; campaign: Campaign } {
  const counts = { ...none, ...rows };
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const address = 'https://video.example.com';
  return {
    type: 'progress',
    campaign: {
      id: '9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37',
      template: 'any',
      format: '16:9',
      quality: 'draft',
      asOf: '2026-01-31',
      state,
      rows: { ...counts, total },
      clips: { wanted: 20, stored: clipsStored, failed: 0 },
      frames,
      links: { self: address, events: address, rows: address, results: address, failed: address },
      metadata: {},
      createdAt: '2026-01-31T00:00:00.000Z',
    },
  };
}

/** What the API answers when it has accepted a campaign. */
function accepted(clipsStored = 0) {
  const { campaign } = progress({ wanted: 0, stored: 0 }, { queued: 10 }, clipsStored, 'planning');
  const input = {
    fileName: 'a.csv',
    format: 'csv' as const,
    compressed: false,
    encoding: 'utf-8' as const,
    encodingBy: 'content' as const,
    headerRow: 1,
    skippedRows: 0,
    skipped: [],
    delimiter: ',' as const,
    mapping: [],
    unusedColumns: [],
    unfilledFields: [],
  };
  return { type: 'accepted' as const, campaign: { ...campaign, input }, continued: clipsStored > 0 };
}

describe('CampaignMeter', () => {
  it('claims no speed and no time left before a clip was finished', () => {
    const meter = new CampaignMeter();
    meter.observe(accepted(), 0);
    meter.observe(progress({ wanted: 1000, stored: 0 }), 0);
    const reading = meter.read(5000);
    expect(reading.framesPerSecond).toBeUndefined();
    expect(reading.secondsLeft).toBeUndefined();
    expect(describePace(reading)).toBe('measuring the speed');
  });

  it('measures speed over finished clips and derives the time left from it', () => {
    const meter = new CampaignMeter();
    meter.observe(accepted(), 0);
    for (let second = 0; second <= 10; second += 1) {
      meter.observe(progress({ wanted: 1000, stored: second * 50 }), second * 1000);
    }
    const reading = meter.read(10_500);
    expect(reading.framesPerSecond).toBeCloseTo(50);
    expect(reading.secondsLeft).toBeCloseTo(10);
    expect(describePace(reading)).toBe('50 frames/s · about 10 s left');
  });

  it('slows down when nothing more is finished', () => {
    const meter = new CampaignMeter();
    meter.observe(progress({ wanted: 1000, stored: 0 }), 0);
    meter.observe(progress({ wanted: 1000, stored: 100 }), 1000);
    expect(meter.read(1500).framesPerSecond).toBeCloseTo(100);
    expect(meter.read(60_000).framesPerSecond).toBeLessThan(2);
  });

  it('follows the last half minute, not the whole run', () => {
    const meter = new CampaignMeter();
    let stored = 0;
    for (let second = 0; second <= 120; second += 1) {
      stored += second < 60 ? 100 : 10;
      meter.observe(progress({ wanted: 100_000, stored }), second * 1000);
    }
    expect(meter.read(120_000).framesPerSecond).toBeCloseTo(10, 0);
  });

  it('counts a continued run’s clips from where it began', () => {
    const meter = new CampaignMeter();
    meter.observe(accepted(8), 0);
    meter.observe(progress({ wanted: 100, stored: 90 }, { queued: 1, done: 4 }, 11), 1000);
    expect(meter.read(1000).clips.rendered).toBe(3);
  });

  it('says that more frames may come while rows are being planned', () => {
    const meter = new CampaignMeter();
    meter.observe(accepted(), 0);
    meter.observe(progress({ wanted: 1000, stored: 0 }, { queued: 515, failed: 5 }, 0, 'planning'), 0);
    meter.observe(progress({ wanted: 1000, stored: 100 }, { queued: 515, failed: 5 }, 0, 'planning'), 1000);
    expect(describeRows(meter.read(1000))).toBe('5 of 520 rows · 5 failed');
    expect(describePace(meter.read(1000))).toBe('100 frames/s · more than 10 s left');
  });

  it('says that videos are put together when no frame is left', () => {
    const meter = new CampaignMeter();
    meter.observe(accepted(), 0);
    meter.observe(progress({ wanted: 10, stored: 0 }, { queued: 3 }), 0);
    meter.observe(progress({ wanted: 10, stored: 10 }, { done: 2, rendering: 1 }), 1000);
    const reading = meter.read(1000);
    expect(describePace(reading)).toBe('joining the last videos');
    expect(reading.fraction).toBeGreaterThan(0.9);
    expect(reading.fraction).toBeLessThan(1);
  });
});
