import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { findHost, type Host } from '../adapters/workspace/find-host.ts';
import { ownWorkspace, type WorkspaceOwner } from '../adapters/workspace/owner.ts';
import { createGuestDoor, type OpenableDoor } from './guest-door.ts';
import type { Operations, WatchedEvent } from './operations.ts';
import { visitHost } from './visit-host.ts';

const unused = (): Promise<never> => Promise.reject(new Error('Not part of this test.'));
const operations: Operations = {
  batch: unused,
  render: unused,
  'render.session': unused,
  plan: unused,
  'people.erase': unused,
  'people.export': unused,
  'people.welcome': unused,
  'keys.create': unused,
  'keys.list': unused,
  'keys.revoke': unused,
};
const batch: Parameters<Operations['batch']>[0] = {
  csv: '/a.csv',
  template: 'any',
  format: '16:9',
  quality: 'draft',
  out: '/out',
};
const outcome: Awaited<ReturnType<Operations['batch']>> = {
  campaign: { template: 'any', format: '16:9', asOf: '2026-01-31' },
  rows: 0,
  done: 0,
  failed: 0,
  skipped: 0,
  erased: 0,
  cancelled: 0,
  resultsFile: '/out/results.csv',
  failedFile: '/out/failed.csv',
  sample: { rows: [], failures: [] },
};
const never = new AbortController().signal;
const ignore = (): void => undefined;

describe('work that an owner does for others', () => {
  let root: string;
  let door: OpenableDoor;
  let owner: WorkspaceOwner;
  const unexplained: unknown[] = [];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bespoke-guests-'));
    unexplained.length = 0;
    door = createGuestDoor((error) => {
      unexplained.push(error);
      return new BespokeError('internal', 'Something went wrong.');
    });
    owner = await ownWorkspace(root, root, 'bespoke serve', door);
  });
  afterEach(async () => {
    await owner.release();
    await rm(root, { recursive: true, force: true });
  });

  async function knockAt(): Promise<Host> {
    const host = await findHost(root);
    if (host === undefined) throw new Error('Nobody lets guests in.');
    return host;
  }

  it('passes request, events and result, in order', async () => {
    const asked: unknown[] = [];
    door.open({
      ...operations,
      batch: (request, observe) => {
        asked.push(request);
        observe({ type: 'opened', continued: true });
        for (let rows = 1; rows <= 5_000; rows += 1) observe({ type: 'taken-in', rows, complete: false });
        return Promise.resolve(outcome);
      },
    });
    const events: WatchedEvent[] = [];
    const result = await visitHost(await knockAt()).batch(batch, (event) => events.push(event), never);
    expect(result).toEqual(outcome);
    expect(asked).toEqual([batch]);
    expect(events[0]).toEqual({ type: 'opened', continued: true });
    expect(events.slice(1).map((event) => (event.type === 'taken-in' ? event.rows : 0))).toEqual(
      Array.from({ length: 5_000 }, (_, index) => index + 1),
    );
  });

  it('tells of the owner and lets several guests in at once', async () => {
    door.open({ ...operations, 'keys.revoke': ({ id }) => Promise.resolve({ revoked: id === 'b' }) });
    const hosts = await Promise.all([knockAt(), knockAt(), knockAt()]);
    expect(hosts[0]).toMatchObject({ pid: process.pid, command: 'bespoke serve' });
    const revoked = await Promise.all(
      hosts.map((host, index) => visitHost(host)['keys.revoke']({ id: 'abc'[index] ?? '' }, ignore, never)),
    );
    expect(revoked.map((each) => each.revoked)).toEqual([false, true, false]);
  });

  it('keeps whoever comes while it starts waiting, until it is open', async () => {
    const listing = visitHost(await knockAt())['keys.list']({}, ignore, never);
    await new Promise((resolve) => setTimeout(resolve, 50));
    door.open({ ...operations, 'keys.list': () => Promise.resolve({ keys: [] }) });
    expect(await listing).toEqual({ keys: [] });
  });

  it('passes failures with their code, and no words of unexpected ones', async () => {
    door.open({
      ...operations,
      batch: () => Promise.reject(new BespokeError('csv-empty', 'The CSV is empty.')),
      plan: () => Promise.reject(new TypeError('secret of Zoë')),
    });
    await expect(visitHost(await knockAt()).batch(batch, ignore, never)).rejects.toMatchObject({
      code: 'csv-empty',
      message: 'The CSV is empty.',
    });
    const plan = visitHost(await knockAt()).plan({ ...batch, asOf: '2026-01-31' }, ignore, never);
    await expect(plan).rejects.toMatchObject({ code: 'internal', message: 'Something went wrong.' });
    expect(unexplained).toHaveLength(1);
  });

  /** A batch that ends when it is told to, and how it was told. */
  function endlessBatch(): { readonly begun: Promise<void>; readonly stopped: Promise<void> } {
    let begin = ignore;
    let stop = ignore;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    door.open({
      ...operations,
      batch: (_request, _observe, signal) =>
        new Promise((_resolve, reject) => {
          begin();
          signal.addEventListener('abort', () => {
            stop();
            reject(new Error('Stopped.'));
          });
        }),
    });
    return { begun, stopped };
  }

  it('ends what its guest wants no more before the guest goes on', async () => {
    const { begun, stopped } = endlessBatch();
    const control = new AbortController();
    const work = visitHost(await knockAt()).batch(batch, ignore, control.signal);
    await begun;
    let ended = false;
    void stopped.then(() => (ended = true));
    control.abort(new Error('Ctrl-C'));
    await expect(work).rejects.toThrow('Ctrl-C');
    expect(ended).toBe(true);
    expect(unexplained).toEqual([]);
  });

  it('ends the work of a guest that vanished', async () => {
    const { begun, stopped } = endlessBatch();
    const host = await knockAt();
    const work = visitHost(host).batch(batch, ignore, never);
    work.catch(ignore);
    await begun;
    host.connection.destroy();
    await stopped;
    expect(unexplained).toEqual([]);
  });

  it('outlives a guest that vanished with words unread', async () => {
    let begin = ignore;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    let stopped = false;
    door.open({
      ...operations,
      batch: (_request, observe, signal) =>
        new Promise((_resolve, reject) => {
          for (let rows = 0; rows < 100; rows += 1) observe({ type: 'taken-in', rows, complete: false });
          signal.addEventListener('abort', () => {
            stopped = true;
            reject(new Error('Stopped.'));
          });
          begin();
        }),
      'keys.list': () => Promise.resolve({ keys: [] }),
    });
    const { connection } = await knockAt();
    connection.write(`${JSON.stringify({ operation: 'batch', request: batch })}\n`);
    await begun;
    // Unread words make the system tell the other side of a broken connection.
    connection.destroy();
    expect(await visitHost(await knockAt())['keys.list']({}, ignore, never)).toEqual({ keys: [] });
    expect(stopped).toBe(true);
  });

  it('tells guests when it closes, and when it dies', async () => {
    const { begun } = endlessBatch();
    const work = visitHost(await knockAt()).batch(batch, ignore, never);
    const other = await knockAt();
    await begun;
    await Promise.all([expect(work).rejects.toThrow('is stopping'), door.close()]);
    const cut = visitHost(other).batch(batch, ignore, never);
    await Promise.all([expect(cut).rejects.toMatchObject({ code: 'server-stopped' }), owner.release()]);
  });

  it('refuses a guest of another version before anything is asked', async () => {
    const host = await knockAt();
    expect(() => visitHost({ ...host, protocol: 'other' })).toThrow('another version of Bespoke');
  });

  it('is not found where an owner lets nobody in, nor where nobody is', async () => {
    await owner.release();
    expect(await findHost(root)).toBeUndefined();
    owner = await ownWorkspace(root, root, 'bespoke batch');
    expect(await findHost(root)).toBeUndefined();
    expect(await findHost(join(root, 'nowhere'))).toBeUndefined();
  });
});
