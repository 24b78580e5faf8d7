import { PGlite } from '@electric-sql/pglite';
import { bullmqQueueDefaults } from '../../worker/adapters/queue/bullmq-engine.ts';
import { createBullmqQueue } from '../../worker/adapters/queue/bullmq-queue.ts';
import { connectPglite } from '../../worker/adapters/queue/pglite.ts';
import { connectRedis } from '../../worker/adapters/queue/redis.ts';
import { handlersWith, oneEach, silent } from './queue-bench.ts';

/**
 * A worker process that takes jobs and never ends them, for tests that kill it.
 * Arguments: `redis` and a URL, or `pglite` and a folder; then the queue's name and the lock in ms.
 */

const [, , backend, place = '', name = '', lockMs = ''] = process.argv;
const engine =
  backend === 'redis'
    ? await connectRedis({ url: place, log: silent })
    : await connectPglite(await PGlite.create(place));
const queue = await createBullmqQueue(engine, {
  ...bullmqQueueDefaults,
  log: silent,
  name,
  lockMs: Number(lockMs),
});
if (backend === 'pglite') {
  await queue.add(['a', 'b', 'c'].map((clip) => ({ job: { name: 'render-clip', clip }, priority: 1 })));
}
await queue.work(
  handlersWith({
    'render-clip': ({ clip }) => {
      process.stdout.write(`${clip}\n`);
      return new Promise(() => undefined);
    },
  }),
  oneEach,
);
