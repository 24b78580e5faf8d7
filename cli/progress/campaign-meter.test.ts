import { describe, expect, it } from 'vitest';
import type { CampaignProgress } from '../../worker/core/ledger.ts';
import { CampaignMeter } from './campaign-meter.ts';
import { describePace, describeRows } from './describe-reading.ts';

const none = { waiting: 0, ready: 0, done: 0, failed: 0, skipped: 0, cancelled: 0 };

function progress(
  frames: { wanted: number; stored: number },
  rows: Partial<CampaignProgress['rows']> = { waiting: 10 },
  clipsStored = 0,
): { type: 'progress'; progress: CampaignProgress } {
  return {
    type: 'progress',
    progress: {
      rows: { ...none, ...rows },
      clips: { wanted: 20, stored: clipsStored, failed: 0 },
      frames,
      coming: 0,
    },
  };
}

describe('CampaignMeter', () => {
  it('claims no speed and no time left before a clip was finished', () => {
    const meter = new CampaignMeter();
    meter.observe({ type: 'taken-in', rows: 10, complete: true }, 0);
    meter.observe(progress({ wanted: 1000, stored: 0 }), 0);
    const reading = meter.read(5000);
    expect(reading.framesPerSecond).toBeUndefined();
    expect(reading.secondsLeft).toBeUndefined();
    expect(describePace(reading)).toBe('measuring the speed');
  });

  it('measures speed over finished clips and derives the time left from it', () => {
    const meter = new CampaignMeter();
    meter.observe({ type: 'taken-in', rows: 10, complete: true }, 0);
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
    meter.observe(progress({ wanted: 100, stored: 50 }, { waiting: 5 }, 8), 0);
    meter.observe(progress({ wanted: 100, stored: 90 }, { waiting: 1, done: 4 }, 11), 1000);
    expect(meter.read(1000).clips.rendered).toBe(3);
  });

  it('says that the total may grow while rows are being read', () => {
    const meter = new CampaignMeter();
    meter.observe({ type: 'taken-in', rows: 520, complete: false }, 0);
    meter.observe(progress({ wanted: 10, stored: 0 }, { waiting: 515, failed: 5 }), 0);
    expect(describeRows(meter.read(0))).toBe('5 of 520 rows so far · 5 failed');
  });

  it('says that videos are put together when no frame is left', () => {
    const meter = new CampaignMeter();
    meter.observe({ type: 'taken-in', rows: 3, complete: true }, 0);
    meter.observe(progress({ wanted: 10, stored: 0 }, { waiting: 3 }), 0);
    meter.observe(progress({ wanted: 10, stored: 10 }, { done: 2, ready: 1 }), 1000);
    const reading = meter.read(1000);
    expect(describePace(reading)).toBe('putting the last videos together');
    expect(reading.fraction).toBeGreaterThan(0.9);
    expect(reading.fraction).toBeLessThan(1);
  });
});
