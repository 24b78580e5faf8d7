import { describe, expect, it } from 'vitest';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { Log } from '../ports.ts';
import { createGuard } from './guard.ts';
import type { JobWatch } from './job-watch.ts';

interface Course {
  readonly number?: number;
  readonly last?: boolean;
  readonly previousCode?: string;
  readonly aborted?: boolean;
  /** What the job throws; it does its work where nothing is given. */
  readonly error?: Error;
}

const nothing = (): undefined => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing };
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
