/**
 * A process that opens a deployment and works on it until it is done or ended from outside, for tests
 * that end it. Its argument is a `ProcessTask` as JSON; it tells what it does as lines of JSON on stdout.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { createServer } from '../../server/app.ts';
import { openDeployment } from '../e2e/deployment.ts';
import { runCsv } from '../e2e/run-csv.ts';
import { watchParts } from '../e2e/watched-parts.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { holdParts } from './held-parts.ts';
import { processTask, type ProcessEvent } from './process-task.ts';

const task = processTask.parse(JSON.parse(z.string().parse(process.argv[2])));
const { deployment, csv } = task;

/** Keeps what is logged where a process of the program keeps it. */
const keepLine = (message: string, fields: object = {}): void => {
  const folder = path.join(deployment.config.workspace, 'logs');
  mkdirSync(folder, { recursive: true });
  appendFileSync(path.join(folder, `${process.pid}.log`), `${message} ${JSON.stringify(fields)}\n`);
};
const log = { debug: keepLine, info: keepLine, warn: keepLine };

function tell(event: ProcessEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Lets the recording of rows hang after as many chunks as the task says. */
function hang(pipeline: Pipeline): Pipeline {
  let left = task.chunks ?? Infinity;
  return {
    ...pipeline,
    renders: {
      ...pipeline.renders,
      record: (...of) => {
        left -= 1;
        if (left >= 0) return pipeline.renders.record(...of);
        tell({ type: 'hanging' });
        return new Promise(() => undefined);
      },
    },
  };
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

async function serve({ pipeline, health, metrics }: OpenPipeline, signal: AbortSignal): Promise<void> {
  const { linkDays, webhookOrigins, uploadLimitBytes } = deployment.config;
  const server = await createServer({
    pipeline,
    health: () => health({ browser: false }),
    metrics: metrics.expose,
    publicUrl: 'https://video.test',
    linkDays,
    webhookOrigins,
    uploadLimitBytes,
    rateLimit: 100_000,
    log: {
      info: (fields, message) => keepLine(message, fields),
      error: (fields, message) => keepLine(message, fields),
    },
  });
  tell({ type: 'listening', address: await server.listen({ host: '127.0.0.1', port: 0 }) });
  await untilAborted(signal);
  await server.close();
}

async function work(open: OpenPipeline, signal: AbortSignal): Promise<void> {
  const worker = await open.startWorker();
  tell({ type: 'working' });
  const either = AbortSignal.any([signal, worker.halted]);
  try {
    if (csv === undefined) {
      await untilAborted(either);
      worker.halted.throwIfAborted();
      return;
    }
    const { rows, done, failed, skipped, cancelled } = await runCsv(open.pipeline, {
      csv,
      folder: deployment.folder,
      signal: either,
    });
    tell({ type: 'report', rows, done, failed, skipped, cancelled });
  } finally {
    await worker.stop(either.aborted ? 'abort' : 'drain');
  }
}

async function run(signal: AbortSignal): Promise<void> {
  const watch = watchParts(tell);
  const hold = holdParts(task.hold, () => tell({ type: 'hanging' }));
  const open = await openDeployment(deployment, {
    log,
    exchangeParts: (parts) => hang(watch(hold(parts))),
    ...(csv === undefined && { lookEveryMs: 500 }),
  });
  try {
    await (task.api === true ? serve(open, signal) : work(open, signal));
  } finally {
    await open.close();
  }
}

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new Error('stopped')));
try {
  await run(stop.signal);
} catch (error) {
  const code = error instanceof BespokeError ? error.code : String(error);
  tell({ type: 'stopped', code });
}
