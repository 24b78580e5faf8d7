import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { JobQueue, Metrics } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';
import { jobNames } from '../queue/job-id.ts';

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
function addQueueGauges(registry: Registry, queue: WatchedQueue): () => Promise<void> {
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

/** Metrics of this process, for Prometheus to fetch. */
export interface PrometheusMetrics extends Metrics {
  /** In Prometheus' text format, also while engines are unavailable. */
  readonly expose: () => Promise<string>;
  /** Adds how many jobs a queue has and how long they wait, measured when Prometheus asks. */
  readonly watchQueue: (queue: WatchedQueue) => void;
}

const renderSeconds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];
const assemblySeconds = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
const framesPerSecond = [1, 2, 5, 10, 15, 20, 30, 40, 60, 80, 120, 200];

type Label<K extends keyof Metrics> = Parameters<Metrics[K]>[0] & string;

const outcomes = ['done', 'failed', 'skipped', 'cancelled'] as const satisfies Label<'renderEnded'>[];
const starts = ['first', 'recycled', 'crashed', 'timeout'] as const satisfies Label<'browserStarted'>[];
const spoken = ['spoken', 'refused', 'unavailable'] as const satisfies Label<'lineSpoken'>[];
const attempts = [
  'delivered',
  'refused',
  'unreachable',
  'given-up',
] as const satisfies Label<'webhookAttempted'>[];

/**
 * Counts in a registry of its own, so that one process can have several pipelines. Labels are names of this project
 * (templates, scenes, jobs, outcomes): few, and nothing personal.
 */
export function createMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  const scene = ['template', 'scene'];
  const videos = new Counter({
    name: 'bespoke_videos_total',
    help: 'Rows that have ended, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const wanted = new Counter({
    name: 'bespoke_clips_wanted_total',
    help: 'Clips that rows wanted: hit where stored or wanted already, miss where to be rendered.',
    labelNames: [...scene, 'found'],
    registers,
  });
  const rendering = new Histogram({
    name: 'bespoke_clip_render_seconds',
    help: 'Time to render a clip.',
    labelNames: scene,
    buckets: renderSeconds,
    registers,
  });
  const speed = new Histogram({
    name: 'bespoke_clip_frames_per_second',
    help: 'Frames a second that a clip was rendered with.',
    labelNames: scene,
    buckets: framesPerSecond,
    registers,
  });
  const frames = new Counter({
    name: 'bespoke_frames_rendered_total',
    help: 'Frames of rendered clips.',
    labelNames: scene,
    registers,
  });
  const assembling = new Histogram({
    name: 'bespoke_video_assembly_seconds',
    help: 'Time to put a video and its pictures together.',
    buckets: assemblySeconds,
    registers,
  });
  const browsers = new Counter({
    name: 'bespoke_browser_starts_total',
    help: 'Browsers that were started: the first ones, and those in place of one that ended.',
    labelNames: ['why'],
    registers,
  });
  const webhooks = new Counter({
    name: 'bespoke_webhook_attempts_total',
    help: 'Attempts to deliver a webhook; given-up where no further one follows.',
    labelNames: ['outcome'],
    registers,
  });
  const lines = new Counter({
    name: 'bespoke_speech_lines_total',
    help: 'Lines that a voice was given, by outcome. Those that were spoken before do not count.',
    labelNames: ['outcome'],
    registers,
  });
  const characters = new Counter({
    name: 'bespoke_speech_characters_total',
    help: 'Characters of lines that a voice has spoken, which services charge.',
    registers,
  });
  const proofs = new Counter({
    name: 'bespoke_cut_proofs_total',
    help: 'Parts of cut scenes that were drawn again with a whole record; different withdraws the cut.',
    labelNames: [...scene, 'outcome'],
    registers,
  });
  const timeouts = new Counter({
    name: 'bespoke_job_timeouts_total',
    help: 'Jobs that were not done within the time limit of their kind.',
    labelNames: ['kind'],
    registers,
  });
  const overdue = new Gauge({
    name: 'bespoke_jobs_overdue',
    help: 'Jobs that are still at work in this process although their time was up: they ignore that.',
    labelNames: ['kind'],
    registers,
  });
  // A counter that appears with its first event hides that event from rate().
  for (const outcome of outcomes) videos.inc({ outcome }, 0);
  for (const why of starts) browsers.inc({ why }, 0);
  for (const outcome of attempts) webhooks.inc({ outcome }, 0);
  for (const outcome of spoken) lines.inc({ outcome }, 0);
  for (const kind of jobNames) {
    timeouts.inc({ kind }, 0);
    overdue.set({ kind }, 0);
  }

  const refreshes: (() => Promise<void>)[] = [];
  let processWatched = false;

  return {
    renderEnded: (outcome) => videos.inc({ outcome }),
    clipWanted: (template, name, found, count) => wanted.inc({ template, scene: name, found }, count),
    clipRendered: (template, name, count, seconds) => {
      const labels = { template, scene: name };
      rendering.observe(labels, seconds);
      frames.inc(labels, count);
      if (seconds > 0) speed.observe(labels, count / seconds);
    },
    renderAssembled: (seconds) => assembling.observe(seconds),
    browserStarted: (why) => browsers.inc({ why }),
    webhookAttempted: (outcome) => webhooks.inc({ outcome }),
    lineSpoken: (outcome, length) => {
      lines.inc({ outcome });
      if (outcome === 'spoken') characters.inc(length);
    },
    cutProven: (template, name, outcome) => proofs.inc({ template, scene: name, outcome }),
    jobTimedOut: (kind) => timeouts.inc({ kind }),
    jobsOverdue: (kind, jobs) => overdue.set({ kind }, jobs),
    watchQueue: (queue) => {
      refreshes.push(addQueueGauges(registry, queue));
    },
    expose: async () => {
      // Only when Prometheus asks: it watches the event loop, which costs time in commands that nobody scrapes.
      if (!processWatched) collectDefaultMetrics({ register: registry });
      processWatched = true;
      await Promise.all(refreshes.map((refresh) => refresh()));
      return registry.metrics();
    },
  };
}
