import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { createMetrics } from '../../adapters/metrics/metrics.ts';
import { createHealthCheck } from '../../check-health.ts';
import type { Log } from '../ports.ts';
import { createGuard, createJobWatch, jobLimits, type JobWatch, traceOf } from './guard.ts';

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

it('tells where an error arose and what caused it, and quotes nothing', () => {
  const cause = Object.assign(new RangeError('params: Anna\n    at Anna (Anna)'), { code: '22P02' });
  const error = new BespokeError('scene-failed', 'Anna cannot be drawn.', { cause });
  const trace = traceOf(error);
  expect(trace).toMatch(/^\w+ scene-failed, caused by RangeError 22P02\n +at .*guard\.test\.ts/);
  expect(trace).not.toContain('Anna');
});

it('has a word for what is no error, and ends where causes go round', () => {
  expect(traceOf('Anna')).toBe('a thrown string');
  const error = new Error('Anna');
  error.cause = error;
  expect(traceOf(error)).not.toContain('Anna');
});

interface Course {
  readonly number?: number;
  readonly last?: boolean;
  readonly previousCode?: string;
  readonly aborted?: boolean;
  /** What the job throws; it does its work where nothing is given. */
  readonly error?: Error;
}

const unlimited: Pick<JobWatch, 'run'> = { run: (_name, signal, work) => work(signal, nothing) };

/** Lets a job take its course. @returns what was thrown and what was recorded. */
async function take({ number = 1, last = false, previousCode, aborted = false, error }: Course) {
  const recorded: string[] = [];
  const halts: string[] = [];
  let runs = 0;
  const guard = createGuard('render-clip', { log: silent }, unlimited, ({ code }) => halts.push(code));
  const signal = aborted ? AbortSignal.abort() : new AbortController().signal;
  const thrown: unknown = await guard(
    { number, last, previousCode, signal },
    { clip: 'c' },
    () => {
      runs += 1;
      return error === undefined ? Promise.resolve() : Promise.reject(error);
    },
    (code) => {
      recorded.push(code);
      return Promise.resolve();
    },
  ).catch((reason: unknown) => reason);
  return { thrown, recorded, halts, runs };
}

const crashed = new BespokeError('browser-crashed', 'x');

describe('the guard of jobs', () => {
  it('records nothing while another attempt follows, and lets the queue know', async () => {
    expect(await take({ error: crashed })).toMatchObject({ thrown: crashed, recorded: [] });
  });

  it('records the failure of the last attempt, and at once what no retry helps', async () => {
    expect(await take({ last: true, error: crashed })).toMatchObject({ recorded: ['browser-crashed'] });
    const broken = new BespokeError('scene-failed', 'x');
    expect(await take({ error: broken })).toMatchObject({ thrown: broken, recorded: ['scene-failed'] });
    expect(await take({ last: true, error: new TypeError('x') })).toMatchObject({ recorded: ['internal'] });
  });

  it('records a timeout when the attempt before ended with one too', async () => {
    const late = new BespokeError('clip-timeout', 'x');
    expect(await take({ error: late })).toMatchObject({ recorded: [] });
    expect(await take({ error: late, previousCode: 'browser-crashed' })).toMatchObject({ recorded: [] });
    expect(await take({ error: late, previousCode: 'clip-timeout' })).toMatchObject({
      thrown: late,
      recorded: ['clip-timeout'],
    });
  });

  it.each(['postgres-away', 'postgres-slow', 'redis-away', 'redis-refuses-writes', 'store-away'] as const)(
    'does not blame the job when an engine is unavailable: %s',
    async (code) => {
      const away = new BespokeError(code, 'x');
      expect(await take({ last: true, error: away })).toMatchObject({ thrown: away, recorded: [] });
    },
  );

  it.each(['disk-full', 'browser-missing', 'store-refused'] as const)(
    'halts the worker and keeps the job when the machine cannot go on: %s',
    async (code) => {
      const { thrown, recorded, halts } = await take({ last: true, error: new BespokeError(code, 'x') });
      expect(halts).toEqual([code]);
      expect(recorded).toEqual([]);
      // The queue would end a job for good whose error says that no retry helps.
      expect(thrown).not.toBeInstanceOf(BespokeError);
    },
  );

  it('records nothing of a job that was taken away', async () => {
    expect(await take({ last: true, aborted: true, error: crashed })).toMatchObject({ recorded: [] });
  });

  it('gives up a job at which ten workers have ended, without starting it', async () => {
    expect(await take({ number: 10 })).toMatchObject({ runs: 1, recorded: [] });
    const { runs, recorded, thrown } = await take({ number: 11 });
    expect({ runs, recorded, thrown }).toEqual({ runs: 0, recorded: ['worker-died'], thrown: undefined });
  });
});
