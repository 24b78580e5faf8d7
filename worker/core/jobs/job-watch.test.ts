import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { createHealthCheck } from '../../check-health.ts';
import type { Log } from '../ports.ts';
import { createGuard } from './guard.ts';
import { createJobWatch, jobLimits } from './job-watch.ts';

const nothing = (): undefined => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing };
const limits = jobLimits(60_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const heeding = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')));
  });

/** A process that plans single renders. */
function newProcess() {
  const metrics = createMetrics();
  const watch = createJobWatch(limits, { metrics, log: silent });
  const recorded: string[] = [];
  const guard = createGuard('plan-render', { log: silent }, watch, nothing);
  const answers = () => Promise.resolve();
  const health = createHealthCheck(
    {
      queue: { probe: answers },
      deployment: { probe: answers },
      store: { probe: answers },
      renderer: { engineVersion: () => Promise.resolve('1') },
    },
    watch,
  );
  return {
    recorded,
    jobs: async () => (await health({ browser: true })).jobs,
    figures: async () => (await metrics.expose()).split('\n'),
    plan: (last: boolean, work: Parameters<typeof guard>[2], signal = new AbortController().signal) =>
      guard({ number: 1, last, previousCode: undefined, signal }, { order: 'o' }, work, (code) => {
        recorded.push(code);
        return Promise.resolve();
      }),
  };
}

describe('the time limit of a job', () => {
  it('frees the place of work that ignores it, records the failure of the last try, and shows', async () => {
    const { plan, recorded, jobs, figures } = newProcess();
    let end = nothing as () => void;
    const stuck = () => new Promise<void>((resolve) => (end = resolve));
    const first = plan(false, stuck);
    const refused = expect(first).rejects.toMatchObject({ code: 'job-timed-out', retryable: true });
    await vi.advanceTimersByTimeAsync(limits['plan-render'] - 1);
    expect(await jobs()).toEqual({ ok: true });
    await vi.advanceTimersByTimeAsync(1);
    await refused;
    expect(recorded).toEqual([]);
    expect(await jobs()).toEqual({
      ok: false,
      message: 'Jobs are past their time limit and do not end: 1 plan-render.',
    });
    expect(await figures()).toContain('bespoke_jobs_overdue{kind="plan-render"} 1');

    end();
    await vi.advanceTimersByTimeAsync(0);
    expect(await jobs()).toEqual({ ok: true });
    expect(await figures()).toContain('bespoke_jobs_overdue{kind="plan-render"} 0');
    expect(await figures()).toContain('bespoke_job_timeouts_total{kind="plan-render"} 1');

    const last = expect(plan(true, stuck)).rejects.toMatchObject({ code: 'job-timed-out' });
    await vi.advanceTimersByTimeAsync(limits['plan-render']);
    await last;
    expect(recorded).toEqual(['job-timed-out']);
  });

  it('is not met by work that heeds its signal, or is of pieces that each take less', async () => {
    const { plan, jobs } = newProcess();
    const ended = expect(plan(false, heeding)).rejects.toMatchObject({ code: 'job-timed-out' });
    await vi.advanceTimersByTimeAsync(limits['plan-render']);
    await ended;
    expect(await jobs()).toEqual({ ok: true });

    const pieces = plan(false, async (_signal, renew) => {
      for (let piece = 0; piece < 3; piece += 1) {
        await new Promise((resolve) => setTimeout(resolve, limits['plan-render'] * 0.9));
        renew();
      }
    });
    await vi.advanceTimersByTimeAsync(limits['plan-render'] * 2.7);
    await pieces;
  });

  it('leaves a job that is given back or cancelled to its own end', async () => {
    const { plan, recorded } = newProcess();
    const taken = new AbortController();
    const ended = expect(plan(true, heeding, taken.signal)).rejects.toThrow('stopped');
    taken.abort('stop');
    await ended;
    expect(recorded).toEqual([]);
  });
});
