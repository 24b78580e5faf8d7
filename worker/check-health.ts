import { BespokeError } from '../errors/bespoke-error.ts';
import type { Pipeline } from './core/pipeline.ts';
import { withinTime } from './core/within-time.ts';

/** Whether a part answers, and else why not, in words that name no secret. */
export type PartHealth = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Whether this process can do its work. */
export interface Health {
  readonly queue: PartHealth;
  readonly database: PartHealth;
  readonly store: PartHealth;
  /** `undefined` where it was not asked for: a process without a worker needs none. */
  readonly browser: PartHealth | undefined;
}

const timeLimitMs = 2_000;

/** Asks a part at most once at a time, however long it takes, and waits for at most two seconds. */
function makeCheck(name: string, ask: () => Promise<unknown>): () => Promise<PartHealth> {
  let asking: Promise<unknown> | undefined;
  return async () => {
    if (asking === undefined) {
      const asked = ask();
      const done = (): void => void (asking = undefined);
      asked.then(done, done);
      asking = asked;
    }
    const late = (): Error =>
      new BespokeError('service-unavailable', `${name} did not answer within ${timeLimitMs / 1000} s.`);
    try {
      await withinTime(asking, timeLimitMs, late);
      return { ok: true };
    } catch (error) {
      return {
        ok: false,
        message: error instanceof BespokeError ? error.message : `${name} failed; the log tells more.`,
      };
    }
  };
}

/** Looks at the engines of a pipeline; answers within about two seconds, whatever is away. */
export function createHealthCheck({
  queue,
  orders,
  store,
  renderer,
}: Pick<Pipeline, 'queue' | 'orders' | 'store' | 'renderer'>): (ask: {
  readonly browser: boolean;
}) => Promise<Health> {
  const checkQueue = makeCheck('The queue', () => queue.depth());
  const checkDatabase = makeCheck('The database', () => orders.find(''));
  const checkStore = makeCheck('The store', () => store.probe());
  const checkBrowser = makeCheck('The search for a browser', () => renderer.engineVersion());
  return async ({ browser }) => {
    const [queueHealth, database, storeHealth, browserHealth] = await Promise.all([
      checkQueue(),
      checkDatabase(),
      checkStore(),
      browser ? checkBrowser() : undefined,
    ]);
    return { queue: queueHealth, database, store: storeHealth, browser: browserHealth };
  };
}
