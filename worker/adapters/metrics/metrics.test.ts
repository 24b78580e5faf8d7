import { describe, expect, it } from 'vitest';
import type { JobQueue } from '../../core/ports.ts';
import { createMetrics } from './metrics.ts';

type Depth = Awaited<ReturnType<JobQueue['depth']>>;

const idle = { waiting: 0, active: 0, oldestMs: undefined };
const depth: Depth = {
  'render-clip': { waiting: 7, active: 2, oldestMs: 12_500 },
  'assemble-video': idle,
  'take-pictures': idle,
  'draw-still': idle,
  'plan-render': idle,
  'plan-campaign': idle,
  'prove-cut': idle,
  'deliver-webhook': { waiting: 1, active: 0, oldestMs: undefined },
};

describe('createMetrics', () => {
  it('counts what happens, by outcome, template and scene', async () => {
    const metrics = createMetrics();
    metrics.renderEnded('done');
    metrics.renderEnded('done');
    metrics.clipWanted('renewal', 'intro', 'hit', 4);
    metrics.clipRendered('renewal', 'intro', 60, 1.5);
    metrics.renderAssembled(0.12);
    metrics.browserStarted('crashed');
    metrics.webhookAttempted('given-up');
    metrics.jobTimedOut('plan-render');
    metrics.jobsOverdue('plan-render', 2);
    const text = await metrics.expose();
    const lines = text.split('\n');
    expect(lines).toContain('bespoke_videos_total{outcome="done"} 2');
    expect(lines).toContain('bespoke_videos_total{outcome="failed"} 0');
    expect(lines).toContain('bespoke_clips_wanted_total{template="renewal",scene="intro",found="hit"} 4');
    expect(lines).toContain('bespoke_clip_render_seconds_sum{template="renewal",scene="intro"} 1.5');
    expect(lines).toContain('bespoke_clip_frames_per_second_sum{template="renewal",scene="intro"} 40');
    expect(lines).toContain('bespoke_frames_rendered_total{template="renewal",scene="intro"} 60');
    expect(lines).toContain('bespoke_video_assembly_seconds_bucket{le="0.2"} 1');
    expect(lines).toContain('bespoke_browser_starts_total{why="crashed"} 1');
    expect(lines).toContain('bespoke_webhook_attempts_total{outcome="given-up"} 1');
    expect(lines).toContain('bespoke_job_timeouts_total{kind="plan-render"} 1');
    expect(lines).toContain('bespoke_jobs_overdue{kind="plan-render"} 2');
    expect(lines).toContain('bespoke_jobs_overdue{kind="render-clip"} 0');
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  it('keeps pipelines of one process apart', async () => {
    const [first, second] = [createMetrics(), createMetrics()];
    first.renderEnded('failed');
    expect(await second.expose()).toContain('bespoke_videos_total{outcome="failed"} 0');
    await first.expose();
    expect(await first.expose()).toContain('bespoke_videos_total{outcome="failed"} 1');
  });

  it('shows the queue as it is at the moment', async () => {
    const metrics = createMetrics();
    let now = depth;
    let probe = () => Promise.resolve();
    metrics.watchQueue({ depth: () => Promise.resolve(now), probe: () => probe() });
    const before = (await metrics.expose()).split('\n');
    expect(before).toContain('bespoke_queue_up 1');
    expect(before).toContain('bespoke_queue_jobs{kind="render-clip",state="waiting"} 7');
    expect(before).toContain('bespoke_queue_jobs{kind="render-clip",state="active"} 2');
    expect(before).toContain('bespoke_queue_oldest_seconds{kind="render-clip"} 12.5');
    now = { ...depth, 'render-clip': idle };
    expect(await metrics.expose()).toContain('bespoke_queue_oldest_seconds{kind="render-clip"} 0\n');
    probe = () => Promise.reject(new Error('OOM'));
    const full = (await metrics.expose()).split('\n');
    expect(full).toContain('bespoke_queue_up 0');
    expect(full).toContain('bespoke_queue_jobs{kind="deliver-webhook",state="waiting"} 1');
  });

  it('answers in time, without old figures, while the queue is away, and asks it only once', async () => {
    const metrics = createMetrics();
    let asked = 0;
    const answers = [
      Promise.resolve(depth),
      Promise.reject(new Error('away')),
      new Promise<Depth>(() => undefined),
    ];
    metrics.watchQueue({
      depth: () => answers[asked++] ?? Promise.resolve(depth),
      probe: () => Promise.resolve(),
    });
    expect(await metrics.expose()).toContain('bespoke_queue_up 1');
    for (const scrape of ['refused', 'silent', 'still silent']) {
      const text = await metrics.expose();
      expect(text, scrape).toContain('bespoke_queue_up 0');
      expect(text, scrape).not.toContain('bespoke_queue_jobs{');
    }
    expect(asked).toBe(3);
  });
});
