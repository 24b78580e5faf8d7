import { describe, expect, it } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { keepWorker } from './serve.ts';

const diskFull = new BespokeError('disk-full', 'No space is left.');

/** Workers that can be halted, and what became of them. */
function workers() {
  const started: { readonly halt: AbortController; readonly stops: ('drain' | 'abort')[] }[] = [];
  let refusals = 0;
  return {
    started,
    refuse: (times: number) => (refusals = times),
    start: () => {
      if (refusals > 0) {
        refusals -= 1;
        return Promise.reject(diskFull);
      }
      const halt = new AbortController();
      const stops: ('drain' | 'abort')[] = [];
      started.push({ halt, stops });
      return Promise.resolve({
        halted: halt.signal,
        stop: (how: 'drain' | 'abort') => {
          stops.push(how);
          return Promise.resolve();
        },
      });
    },
  };
}

describe('keepWorker', () => {
  it('gives jobs back when the machine fails, says why, and comes back when it can', async () => {
    const { started, start, refuse } = workers();
    const notes: (string | undefined)[] = [];
    let goOn = (): void => undefined;
    const back = new Promise<void>((resolve) => (goOn = resolve));
    const kept = await keepWorker(
      start,
      (why) => {
        notes.push(why?.code);
        if (why === undefined) goOn();
      },
      5,
    );
    expect(kept.halted()).toBeUndefined();
    refuse(2);
    started[0]?.halt.abort(diskFull);
    expect(kept.halted()).toMatchObject({ code: 'disk-full', message: 'No space is left.' });
    await back;
    expect(notes).toEqual(['disk-full', 'disk-full', 'disk-full', undefined]);
    expect(kept.halted()).toBeUndefined();
    expect(started[0]?.stops).toEqual(['abort']);
    await kept.stop('drain');
    expect(started[1]?.stops).toEqual(['drain']);
  });

  it('starts without a browser, says so, and renders as soon as one is there', async () => {
    const missing = new BespokeError('browser-missing', 'There is no browser.');
    const { started, start } = workers();
    let attempts = 0;
    let goOn = (): void => undefined;
    const back = new Promise<void>((resolve) => (goOn = resolve));
    const kept = await keepWorker(
      () => ((attempts += 1) === 1 ? Promise.reject(missing) : start()),
      (why) => {
        if (why === undefined) goOn();
      },
      5,
    );
    expect(kept.halted()).toMatchObject({ code: 'browser-missing' });
    await back;
    expect([kept.halted(), started.length]).toEqual([undefined, 1]);
    await kept.stop('drain');
  });

  it('does not come back after it was stopped', async () => {
    const { started, start } = workers();
    const kept = await keepWorker(start, () => undefined, 20);
    started[0]?.halt.abort(diskFull);
    await kept.stop('drain');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(started).toHaveLength(1);
  });
});
