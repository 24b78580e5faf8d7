import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Job, JobHandlers, JobQueue } from '../../worker/core/ports.ts';
import {
  handlersWith,
  oneEach as one,
  pgliteBackend,
  redisBackend,
  type QueueBackend,
  type QueueBench,
} from './queue-bench.ts';

const clip = (key: string): Job => ({ name: 'render-clip', clip: key });
const render = (id: string): Job => ({ name: 'assemble-video', render: id });

const rendering = (render: JobHandlers['render-clip']): JobHandlers =>
  handlersWith({ 'render-clip': render });

const isEmpty = async (queue: JobQueue): Promise<void> => {
  const depth = await queue.depth();
  expect(Object.values(depth).filter(({ waiting, active }) => waiting + active > 0)).toEqual([]);
};
const eventually = { timeout: 10_000, interval: 20 };

describe.each([
  ['Redis', () => redisBackend(inject('redisUrl'))],
  ['PGlite', pgliteBackend],
])('a job queue on %s', (_backend, openBackend) => {
  let backend: QueueBackend;
  let bench: QueueBench;
  let queue: JobQueue;

  beforeAll(async () => {
    backend = await openBackend();
  });
  afterAll(() => backend.close());
  beforeEach(async () => {
    bench = backend.newBench();
    queue = await bench.open();
  });
  afterEach(() => bench.close());

  it('runs a job once however often it is added while it waits', async () => {
    const rendered: string[] = [];
    await queue.add([{ job: clip('a'), priority: 5 }]);
    await Promise.all(
      [4, 3, 9].map((priority) =>
        queue.add([
          { job: clip('a'), priority },
          { job: clip('a'), priority: priority + 1 },
        ]),
      ),
    );
    expect((await queue.depth())['render-clip'].waiting).toBe(1);
    await queue.work(
      rendering((job) => {
        rendered.push(job.clip);
        return Promise.resolve();
      }),
      one,
    );
    await vi.waitFor(() => isEmpty(queue), eventually);
    expect(rendered).toEqual(['a']);
  });

  it('takes the same job again when it has ended, well or badly', async () => {
    let calls = 0;
    await queue.work(
      rendering(() => {
        calls += 1;
        return calls === 1 ? Promise.resolve() : Promise.reject(new BespokeError('scene-failed', 'broken'));
      }),
      one,
    );
    for (const expected of [1, 2, 3]) {
      await queue.add([{ job: clip('a'), priority: 1 }]);
      await vi.waitFor(() => expect(calls).toBe(expected), eventually);
      await vi.waitFor(() => isEmpty(queue), eventually);
    }
  });

  it('runs the most urgent job first, and a later wish only raises', async () => {
    const campaign: string[] = [];
    await queue.add([
      { job: clip('late'), priority: 50 },
      { job: clip('first-in'), priority: 10 },
      { job: clip('raised'), priority: 40 },
      { job: clip('second-in'), priority: 10 },
      { job: clip('top'), priority: 20 },
    ]);
    await queue.add([
      { job: clip('raised'), priority: 9 },
      { job: clip('first-in'), priority: 45 },
      { job: clip('top'), priority: 0 },
    ]);
    await queue.work(
      rendering((job) => {
        campaign.push(job.clip);
        return Promise.resolve();
      }),
      one,
    );
    await vi.waitFor(() => isEmpty(queue), eventually);
    expect(campaign).toEqual(['top', 'raised', 'first-in', 'second-in', 'late']);
  });

  it.each([
    ['a retryable failure', () => new BespokeError('browser-crashed', 'gone'), [1, 2, 3]],
    ['a timeout that repeats', () => new BespokeError('clip-timeout', 'slow'), [1, 2]],
    ['an unknown failure', () => new Error('odd'), [1, 2, 3]],
    ['a failure that no retry helps', () => new BespokeError('scene-failed', 'broken'), [1]],
  ])('tries %s as often as it may help', async (_kind, makeError, expected) => {
    const patient = await bench.open({ attempts: 3 });
    const attempts: number[] = [];
    const lasts: boolean[] = [];
    await patient.add([{ job: clip('a'), priority: 1 }]);
    await patient.work(
      rendering((_job, attempt) => {
        attempts.push(attempt.number);
        lasts.push(attempt.last);
        return Promise.reject(makeError());
      }),
      one,
    );
    await vi.waitFor(() => isEmpty(patient), eventually);
    expect(attempts).toEqual(expected);
    expect(lasts).toEqual(expected.map((number) => number === 3));
  });

  it('assembles while all render places are busy, and says what is drawn since when', async () => {
    const before = Date.now() - 1000;
    const assembled: string[] = [];
    let release = (): void => undefined;
    const { stop } = await queue.work(
      handlersWith({
        'render-clip': () => new Promise((resolve) => (release = resolve)),
        'assemble-video': (job) => {
          assembled.push(job.render);
          return Promise.resolve();
        },
      }),
      one,
    );
    await queue.add([
      { job: clip('a'), priority: 0 },
      { job: clip('b'), priority: 0 },
    ]);
    await vi.waitFor(async () => expect((await queue.depth())['render-clip'].active).toBe(1), eventually);
    const [{ clip: drawn, since } = { clip: '', since: new Date(0) }, ...others] = await queue.drawn();
    expect([drawn, others, since.getTime() > before]).toEqual(['a', [], true]);
    await queue.add([{ job: render('v'), priority: 9 }]);
    await vi.waitFor(() => expect(assembled).toEqual(['v']), eventually);
    release();
    await stop('abort');
  });

  it('renders while every webhook that can be under way hangs', async () => {
    const rendered: string[] = [];
    const { stop } = await queue.work(
      handlersWith({
        'deliver-webhook': () => new Promise(() => undefined),
        'render-clip': (job) => {
          rendered.push(job.clip);
          return Promise.resolve();
        },
      }),
      { ...one, 'deliver-webhook': 3 },
    );
    await queue.add(
      Array.from({ length: 5 }, (_, index) => ({
        job: { name: 'deliver-webhook', delivery: `d${index}`, attempt: 1 },
        priority: 0,
      })),
    );
    await vi.waitFor(async () => expect((await queue.depth())['deliver-webhook'].active).toBe(3), eventually);
    await queue.add([{ job: clip('a'), priority: 10 }]);
    await vi.waitFor(() => expect(rendered).toEqual(['a']), eventually);
    await stop('abort');
  });

  it('gives jobs back at once when aborted, even if the handler does not listen', async () => {
    let started = 0;
    const first = await queue.work(
      rendering(() => {
        started += 1;
        return new Promise(() => undefined);
      }),
      { ...one, 'render-clip': 2 },
    );
    await queue.add(['a', 'b', 'c'].map((key) => ({ job: clip(key), priority: 3 })));
    await vi.waitFor(() => expect(started).toBe(2), eventually);
    const other = await bench.open();
    const taken: string[] = [];
    const attempts: number[] = [];
    const stopped = first.stop('abort');
    await other.work(
      rendering((job, attempt) => {
        taken.push(job.clip);
        attempts.push(attempt.number);
        return Promise.resolve();
      }),
      one,
    );
    await vi.waitFor(() => expect(taken.toSorted()).toEqual(['a', 'b', 'c']), {
      timeout: 3_000,
      interval: 20,
    });
    expect(attempts).toEqual([1, 1, 1]);
    await stopped;
    await isEmpty(other);
  });

  it('lets running jobs end when drained, and takes no more', async () => {
    const done: string[] = [];
    let started = 0;
    const { stop } = await queue.work(
      rendering(async (job) => {
        started += 1;
        await sleep(300);
        done.push(job.clip);
      }),
      one,
    );
    await queue.add(['a', 'b', 'c'].map((key) => ({ job: clip(key), priority: 3 })));
    await vi.waitFor(() => expect(started).toBe(1), eventually);
    await stop('drain');
    expect(done).toEqual(['a']);
    expect((await queue.depth())['render-clip']).toMatchObject({ waiting: 2, active: 0 });
  });

  it('keeps a delayed job for its time, and lets others pass', async () => {
    const webhook = (attempt: number): Job => ({ name: 'deliver-webhook', delivery: 'd', attempt });
    const taken: (readonly [attempt: number, afterMs: number])[] = [];
    const begun = Date.now();
    await queue.add([
      { job: webhook(1), priority: 1, delayMs: 60_000 },
      { job: webhook(2), priority: 1, delayMs: 700 },
      { job: webhook(3), priority: 9 },
    ]);
    // Adding once more, at once or more urgently, changes nothing of its time.
    await queue.add([{ job: webhook(2), priority: 0 }]);
    expect((await queue.depth())['deliver-webhook'].waiting).toBe(3);
    await queue.work(
      handlersWith({
        'deliver-webhook': ({ attempt }) => {
          taken.push([attempt, Date.now() - begun]);
          return Promise.resolve();
        },
      }),
      one,
    );
    await vi.waitFor(() => expect(taken.map(([attempt]) => attempt)).toEqual([3, 2]), eventually);
    expect(taken[1]?.[1]).toBeGreaterThanOrEqual(700);
    expect(await queue.depth()).toMatchObject({
      'deliver-webhook': { waiting: 1, active: 0, oldestMs: undefined },
    });
  });

  it('tells how long the next in line has waited, without the time that it was to wait', async () => {
    await queue.add([{ job: clip('first'), priority: 5 }]);
    await sleep(300);
    await queue.add([{ job: clip('second'), priority: 5 }]);
    const { oldestMs } = (await queue.depth())['render-clip'];
    expect(oldestMs).toBeGreaterThanOrEqual(300);
    expect(oldestMs).toBeLessThan(30_000);
    expect((await queue.depth())['assemble-video'].oldestMs).toBeUndefined();
  });

  it('plans a campaign again that was planned before, and both kinds at a time', async () => {
    const planned: string[] = [];
    const record = (job: { readonly campaign: string }): Promise<void> => {
      planned.push(job.campaign);
      return Promise.resolve();
    };
    await queue.work(handlersWith({ 'plan-render': record, 'plan-campaign': record }), one);
    for (const expected of [2, 4]) {
      await queue.add([
        { job: { name: 'plan-render', campaign: 'o' }, priority: 1 },
        { job: { name: 'plan-campaign', campaign: 'o' }, priority: 10 },
      ]);
      await vi.waitFor(() => expect(planned).toHaveLength(expected), eventually);
      await vi.waitFor(() => isEmpty(queue), eventually);
    }
  });

  it('cancels a waiting job, and tells a running one', async () => {
    const started: string[] = [];
    let heard = false;
    await queue.add([{ job: clip('waiting'), priority: 1 }]);
    await queue.cancel(clip('waiting'));
    await queue.cancel(clip('never-added'));
    await queue.work(
      rendering((job, { signal }) => {
        started.push(job.clip);
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            heard = true;
            reject(new Error('aborted'));
          });
        });
      }),
      one,
    );
    await queue.add([{ job: clip('running'), priority: 1 }]);
    await vi.waitFor(() => expect(started).toEqual(['running']), eventually);
    await queue.cancel(clip('running'));
    await vi.waitFor(() => isEmpty(queue), eventually);
    await sleep(200);
    expect(heard).toBe(true);
    expect(started).toEqual(['running']);
  });

  it('forgets everything on reset and works on', async () => {
    const hung = await queue.work(
      rendering(() => new Promise(() => undefined)),
      one,
    );
    await queue.add(['a', 'b', 'c'].map((key) => ({ job: clip(key), priority: 3 })));
    await queue.add([{ job: render('v'), priority: 3 }]);
    await vi.waitFor(async () => expect((await queue.depth())['render-clip'].active).toBe(1), eventually);
    const owner = await bench.open();
    await owner.reset();
    await isEmpty(owner);
    await hung.stop('abort');
    const rendered: string[] = [];
    await owner.add([{ job: clip('a'), priority: 3 }]);
    await owner.work(
      rendering((job) => {
        rendered.push(job.clip);
        return Promise.resolve();
      }),
      one,
    );
    await vi.waitFor(() => expect(rendered).toEqual(['a']), eventually);
  });

  it('carries more jobs than one call holds, each once, to two workers', async () => {
    const keys = Array.from({ length: 1_100 }, (_, index) => `k${index}`);
    const rendered: string[] = [];
    const handlers = rendering((job) => {
      rendered.push(job.clip);
      return Promise.resolve();
    });
    const other = await bench.open();
    await queue.add(keys.map((key) => ({ job: clip(key), priority: 7 })));
    expect((await queue.depth())['render-clip'].waiting).toBe(1_100);
    await Promise.all([queue, other].map((each) => each.work(handlers, { ...one, 'render-clip': 8 })));
    await vi.waitFor(() => isEmpty(queue), { timeout: 25_000, interval: 50 });
    expect(rendered.toSorted()).toEqual(keys.toSorted());
  });

  it('never runs one key twice at a time, however adds and workers interleave', async () => {
    const running = new Set<string>();
    const rendered = new Set<string>();
    let twice = 0;
    const handlers = rendering(async (job) => {
      if (running.has(job.clip)) twice += 1;
      running.add(job.clip);
      await sleep(Math.random() * 4);
      running.delete(job.clip);
      rendered.add(job.clip);
    });
    const other = await bench.open();
    await Promise.all([queue, other].map((each) => each.work(handlers, { ...one, 'render-clip': 4 })));
    const wish = fc.record({ key: fc.integer({ min: 0, max: 6 }), priority: fc.integer({ min: 0, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(wish, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
        async (adds) => {
          rendered.clear();
          await Promise.all(
            adds.map((wishes, index) =>
              (index % 2 === 0 ? queue : other).add(
                wishes.map(({ key, priority }) => ({ job: clip(`k${key}`), priority })),
              ),
            ),
          );
          await vi.waitFor(() => isEmpty(queue), eventually);
          const wished = new Set(adds.flat().map(({ key }) => `k${key}`));
          expect([...rendered].toSorted()).toEqual([...wished].toSorted());
          expect(twice).toBe(0);
        },
      ),
      { numRuns: 15 },
    );
  });
});
