import { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import type { JobWatch } from './core/jobs/guard.ts';
import type { Pipeline } from './core/pipeline.ts';
import { withinTime } from './core/within-time.ts';

/** Whether a part answers, and if not why, without any secret. */
export type PartHealth = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Whether this process can do its work. */
export interface Health {
  readonly queue: PartHealth;
  readonly database: PartHealth;
  readonly store: PartHealth;
  /** `undefined` if it was not checked: a process without a worker needs none. */
  readonly browser: PartHealth | undefined;
  /** Whether the jobs of this process end at their time limit. `undefined` if it does no jobs. */
  readonly jobs: PartHealth | undefined;
}

/** Each part by name, which anyone may see, and why parts are unavailable, which only the log shows. */
export interface PartsRead {
  readonly parts: Readonly<Record<string, 'ok' | 'away'>>;
  readonly reasons: Readonly<Record<string, string>>;
}

/** Makes the answer of `/readyz` from the health of the parts; parts that were not checked are left out. */
export function readParts({ queue, database, store, browser, jobs }: Health): PartsRead {
  const parts: Record<string, 'ok' | 'away'> = {};
  const reasons: Record<string, string> = {};
  for (const [name, part] of Object.entries({ queue, database, store, browser, jobs })) {
    if (part === undefined) continue;
    parts[name] = part.ok ? 'ok' : 'away';
    if (!part.ok) reasons[name] = part.message;
  }
  return { parts, reasons };
}

const timeLimitMs = 2_000;

/** Checks a part at most once at a time and waits for at most two seconds. */
function makeCheck(name: string, ask: () => Promise<unknown>): () => Promise<PartHealth> {
  let asking: Promise<unknown> | undefined;
  return async () => {
    if (asking === undefined) {
      const asked = ask();
      const done = (): void => void (asking = undefined);
      asked.then(done, done);
      asking = asked;
    }
    const late = (): Error => errors.partSilent({ part: name, seconds: timeLimitMs / 1000 });
    try {
      await withinTime(asking, timeLimitMs, late);
      return { ok: true };
    } catch (error) {
      return {
        ok: false,
        message: error instanceof BespokeError ? error.message : `${name} failed. The log has details.`,
      };
    }
  };
}

type Probed = {
  readonly [Part in 'queue' | 'deployment' | 'store']: Pick<Pipeline[Part], 'probe'>;
} & { readonly renderer: Pick<Pipeline['renderer'], 'engineVersion'> };

function jobsHealth({ overdue }: Pick<JobWatch, 'overdue'>): PartHealth {
  const stuck = [...overdue()].map(([name, jobs]) => `${jobs} ${name}`);
  if (stuck.length === 0) return { ok: true };
  return { ok: false, message: `Jobs are past their time limit and do not end: ${stuck.join(', ')}.` };
}

/**
 * Looks at the engines of a pipeline and at the jobs of this process; answers within about two seconds,
 * whatever is unavailable.
 */
export function createHealthCheck(
  { queue, deployment, store, renderer }: Probed,
  watch: Pick<JobWatch, 'overdue'>,
): (ask: {
  /** Whether this process renders. */
  readonly browser: boolean;
}) => Promise<Health> {
  const checkQueue = makeCheck('The queue', () => queue.probe());
  const checkDatabase = makeCheck('The database', () => deployment.probe());
  const checkStore = makeCheck('The store', () => store.probe());
  const checkBrowser = makeCheck('The search for a browser', () => renderer.engineVersion());
  return async ({ browser }) => {
    const [queueHealth, database, storeHealth, browserHealth] = await Promise.all([
      checkQueue(),
      checkDatabase(),
      checkStore(),
      browser ? checkBrowser() : undefined,
    ]);
    return {
      queue: queueHealth,
      database,
      store: storeHealth,
      browser: browserHealth,
      jobs: browser ? jobsHealth(watch) : undefined,
    };
  };
}
