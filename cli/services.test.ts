import { describe, expect, it } from 'vitest';
import { endWork } from './services.ts';

/** A worker whose running work ends when the test says so, or returns to the queue. */
function busyWorker() {
  const stops: ('drain' | 'abort')[] = [];
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  return {
    stops,
    finish,
    stop: (how: 'drain' | 'abort') => {
      stops.push(how);
      return how === 'drain' ? finished : Promise.resolve();
    },
  };
}

describe('endWork', () => {
  it('waits for running work and for what else has to end', async () => {
    const worker = busyWorker();
    let closed = false;
    const closing = new Promise<void>((resolve) =>
      setTimeout(() => {
        closed = true;
        worker.finish();
        resolve();
      }, 20),
    );
    expect(await endWork(worker, 60, [closing])).toBe(false);
    expect([closed, worker.stops]).toEqual([true, ['drain']]);
  });

  it('returns what takes longer to the queue', async () => {
    const worker = busyWorker();
    expect(await endWork(worker, 0.02, [new Promise(() => undefined)])).toBe(true);
    expect(worker.stops).toEqual(['drain', 'abort']);
  });

  it('ends where there is no worker', async () => {
    expect(await endWork(undefined, 60)).toBe(false);
  });
});
