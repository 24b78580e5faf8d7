/**
 * A process that opens a deployment and works on it until it is done or ended from outside, for tests
 * that end it. Its argument is a `ProcessTask` as JSON; it tells what it does as lines of JSON on stdout.
 */
import { z } from 'zod';
import { openDeployment } from '../e2e/deployment.ts';
import { runCsv } from '../e2e/run-csv.ts';
import { watchParts } from '../e2e/watched-parts.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Pipeline } from '../../worker/core/pipeline.ts';
import { processTask, type ProcessEvent } from './process-task.ts';

function tell(event: ProcessEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

const { deployment, csv, chunks } = processTask.parse(JSON.parse(z.string().parse(process.argv[2])));

/** Lets the recording of rows hang after as many chunks as the task says. */
function hang(pipeline: Pipeline): Pipeline {
  let left = chunks ?? Infinity;
  return {
    ...pipeline,
    ledger: {
      ...pipeline.ledger,
      submit: (...of) => {
        left -= 1;
        if (left >= 0) return pipeline.ledger.submit(...of);
        tell({ type: 'hanging' });
        return new Promise(() => undefined);
      },
    },
  };
}

async function work(signal: AbortSignal): Promise<void> {
  const watch = watchParts(tell);
  const open = await openDeployment(deployment, { exchangeParts: (parts) => hang(watch(parts)) });
  const worker = await open.startWorker();
  tell({ type: 'working' });
  try {
    if (csv === undefined) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return;
    }
    const either = AbortSignal.any([signal, worker.halted]);
    const { rows, done, failed, skipped, cancelled } = await runCsv(open.pipeline, {
      csv,
      folder: deployment.folder,
      signal: either,
    });
    tell({ type: 'report', rows, done, failed, skipped, cancelled });
  } finally {
    await worker.stop(signal.aborted ? 'abort' : 'drain');
    await open.close();
  }
}

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new Error('stopped')));
try {
  await work(stop.signal);
} catch (error) {
  const code = error instanceof BespokeError ? error.code : String(error);
  tell({ type: 'stopped', code });
}
