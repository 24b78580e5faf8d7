import { Gauge, type Registry } from 'prom-client';
import type { JobQueue } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';

type Depth = Awaited<ReturnType<JobQueue['depth']>>;

/** Prometheus gives up on a scrape after ten seconds by default. */
const patienceMs = 2_000;

/** Asks a queue for its depth, at most once at a time however long it takes, and does not wait for long. */
function makeDepthReader(queue: Pick<JobQueue, 'depth'>): () => Promise<Depth | undefined> {
  let asking: Promise<Depth | undefined> | undefined;
  return () => {
    asking ??= queue
      .depth()
      .catch(() => undefined)
      .finally(() => (asking = undefined));
    return withinTime(asking, patienceMs, () => new Error('late')).catch(() => undefined);
  };
}

/**
 * Adds gauges of a queue. A queue that is away shows as `bespoke_queue_up` 0, and without figures:
 * those from before would be taken for those of now.
 *
 * @returns what brings them up to date, in a bounded time.
 */
export function addQueueGauges(registry: Registry, queue: Pick<JobQueue, 'depth'>): () => Promise<void> {
  const registers = [registry];
  const up = new Gauge({
    name: 'bespoke_queue_up',
    help: 'Whether the queue answered this scrape in time.',
    registers,
  });
  // Not "job": Prometheus gives that label to every figure itself, and renames ours.
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
  const readDepth = makeDepthReader(queue);
  return async () => {
    const depth = await readDepth();
    jobs.reset();
    oldest.reset();
    up.set(depth === undefined ? 0 : 1);
    for (const [kind, { waiting, active, oldestMs }] of Object.entries(depth ?? {})) {
      jobs.set({ kind, state: 'waiting' }, waiting);
      jobs.set({ kind, state: 'active' }, active);
      oldest.set({ kind }, (oldestMs ?? 0) / 1000);
    }
  };
}
