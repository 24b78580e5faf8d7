import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getActiveResourcesInfo } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { untilAborted, withinTime, withTimeLimit } from './within-time.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const late = (): Error => new Error('late');

/** Ends as its signal says, and never else. */
const untilStopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

describe('a time limit', () => {
  it('fires although garbage was collected while the work went on', async () => {
    const { signal } = new AbortController();
    const working = withTimeLimit({ ms: 100, signal, late }, untilStopped);
    await nextTurn();
    collectGarbage();
    await expect(working).rejects.toThrow('late');
  });

  it('ends the wait for work that ignores its signal, which fires all the same', async () => {
    let given: AbortSignal | undefined;
    const working = withTimeLimit({ ms: 1, late }, (signal) => {
      given = signal;
      return new Promise(() => undefined);
    });
    await expect(working).rejects.toThrow('late');
    expect(given?.reason).toEqual(new Error('late'));
  });

  it("passes its caller's end on, before the work begins and while it is under way", async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(
      withTimeLimit({ ms: 60_000, signal: stopped, late }, (signal) =>
        Promise.resolve().then(() => signal.throwIfAborted()),
      ),
    ).rejects.toThrow('stopped');
    const caller = new AbortController();
    const working = withTimeLimit({ ms: 60_000, signal: caller.signal, late }, untilStopped);
    caller.abort(new Error('enough'));
    await expect(working).rejects.toThrow('enough');
  });

  it('begins again with each piece of work', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const pieces = new EventEmitter();
    const working = withTimeLimit({ ms: 100, late }, (_signal, renew) => {
      pieces.on('done', renew);
      return new Promise(() => undefined);
    });
    const ended = vi.fn();
    working.catch(ended);
    for (let piece = 0; piece < 5; piece += 1) {
      await vi.advanceTimersByTimeAsync(90);
      pieces.emit('done');
    }
    await vi.advanceTimersByTimeAsync(99);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
    pieces.emit('done');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer and no listener behind', async () => {
    const timers = (): number => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await withinTime(Promise.resolve(), 60_000, late);
    await expect(withinTime(Promise.reject(new Error('failed')), 60_000, late)).rejects.toThrow('failed');
    await expect(
      withTimeLimit({ ms: 60_000, late }, () => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
    expect(timers()).toBe(before);
  });
});

describe('untilAborted', () => {
  it('ends a wait with the reason of the signal', async () => {
    const caller = new AbortController();
    const waiting = untilAborted(caller.signal, new Promise(() => undefined));
    caller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(untilAborted(caller.signal, new Promise(() => undefined))).rejects.toThrow('enough');
    await expect(untilAborted(new AbortController().signal, Promise.resolve(1))).resolves.toBe(1);
  });
});
