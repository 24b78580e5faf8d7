import { Gauge, type Registry } from 'prom-client';
import type { JobQueue } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';

type Depth = Awaited<ReturnType<JobQueue['depth']>>;

/** Prometheus gives up on a scrape after ten seconds by default. */
const patienceMs = 2_000;

/** What is measured of a queue. */
export type WatchedQueue = Pick<JobQueue, 'depth' | 'probe'>;

interface QueueState {
  readonly depth: Depth;
  readonly writable: boolean;
}

async function readState(queue: WatchedQueue): Promise<QueueState> {
  const probed = queue.probe().then(
    () => true,
    () => false,
  );
  return { depth: await queue.depth(), writable: await probed };
}

/** Reads a queue's figures: one request at a time, with a short time limit for the caller. */
function makeStateReader(queue: WatchedQueue): () => Promise<QueueState | undefined> {
  let asking: Promise<QueueState | undefined> | undefined;
  return () => {
    asking ??= readState(queue)
      .catch(() => undefined)
      .finally(() => (asking = undefined));
    return withinTime(asking, patienceMs, () => new Error('late')).catch(() => undefined);
  };
}

/**
 * Adds gauges of a queue. A queue that does not answer, or accepts no writes, shows as `bespoke_queue_up` 0.
 * A queue that does not answer has no other figures, because old ones would look current.
 *
 * @returns a function that updates them within a time limit.
 */
export function addQueueGauges(registry: Registry, queue: WatchedQueue): () => Promise<void> {
  const registers = [registry];
  const up = new Gauge({
    name: 'bespoke_queue_up',
    help: 'Whether the queue answered this scrape in time and accepted a write.',
    registers,
  });
  // Not "job": Prometheus adds a label of that name itself and would rename ours.
  const jobs = new Gauge({
    name: 'bespoke_queue_jobs',
    help: 'Jobs in the queue: waiting (delayed ones too) or active.',
    labelNames: ['kind', 'state'],
    registers,
  });
  const oldest = new Gauge({
    name: 'bespoke_queue_oldest_seconds',
    help: 'How long the job that is next in line has waited; 0 where none waits.',
    labelNames: ['kind'],
    registers,
  });
  const read = makeStateReader(queue);
  return async () => {
    const state = await read();
    jobs.reset();
    oldest.reset();
    up.set(state?.writable === true ? 1 : 0);
    for (const [kind, { waiting, active, oldestMs }] of Object.entries(state?.depth ?? {})) {
      jobs.set({ kind, state: 'waiting' }, waiting);
      jobs.set({ kind, state: 'active' }, active);
      oldest.set({ kind }, (oldestMs ?? 0) / 1000);
    }
  };
}
