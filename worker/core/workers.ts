import { randomUUID } from 'node:crypto';
import { type BespokeError, hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import type { Log } from './ports.ts';

/** How long a worker that gives no sign of life keeps others from setting another engine. */
export const workerSilenceMs = 120_000;
const signEveryMs = workerSilenceMs / 4;

/** What holds for the whole deployment. */
export interface Deployment {
  /**
   * Remembers the fingerprint of the secret on first use.
   *
   * @throws BespokeError `secret-mismatch` when another one is remembered.
   */
  readonly checkSecret: (fingerprint: string) => Promise<void>;
  /** Writes something small, which changes nothing. @throws BespokeError when the tables cannot be written to. */
  readonly probe: () => Promise<void>;
}

/** The workers of a deployment and the engine that all of them draw with. */
export interface Workers {
  /**
   * Whether no other process can use the tables. The deployment's engine is then this machine's, whatever an
   * earlier process recorded.
   */
  readonly alone: boolean;
  /** The engine that keys are computed with; `undefined` until the first worker has started. */
  readonly engineVersion: () => Promise<string | undefined>;
  /**
   * Records a worker. Where no other worker runs, its engine becomes the deployment's.
   *
   * @returns the engine that it replaced, if any.
   * @throws BespokeError `engine-mismatch` when workers with another engine run.
   */
  readonly join: (id: string, engineVersion: string) => Promise<string | undefined>;
  /**
   * Records that a worker is alive.
   *
   * @throws BespokeError `engine-mismatch` when the deployment has got another engine while it was silent.
   */
  readonly stay: (id: string, engineVersion: string) => Promise<void>;
  /** How many workers are alive. */
  readonly alive: () => Promise<number>;
  /** Records that a worker has stopped. */
  readonly leave: (id: string) => Promise<void>;
}

const partsOf = (engineVersion: string): readonly string[] => engineVersion.split(', ');

/** The failure of a worker whose engine is not the deployment's; its message names the parts that differ. */
export function engineMismatch(own: string, agreed: string): BespokeError {
  const [ownParts, agreedParts] = [partsOf(own), partsOf(agreed)];
  const missingIn = (parts: readonly string[], others: readonly string[]): string =>
    parts.filter((part) => !others.includes(part)).join(', ');
  return errors.enginesDiffer({
    own: missingIn(ownParts, agreedParts),
    others: missingIn(agreedParts, ownParts),
  });
}

/**
 * The engine that keys are computed with. Only the machine that owns its tables alone looks for its own browser.
 *
 * @throws BespokeError `engine-unknown` when no worker has started yet.
 */
export async function agreedEngine({
  workers,
  renderer,
}: {
  readonly workers: Pick<Workers, 'alone' | 'engineVersion'>;
  readonly renderer: { readonly engineVersion: () => Promise<string> };
}): Promise<string> {
  if (workers.alone) return renderer.engineVersion();
  const agreed = await workers.engineVersion();
  if (agreed !== undefined) return agreed;
  throw errors.engineUnknown();
}

/**
 * Records a worker of this process and, while it runs, that it is alive.
 *
 * @param halt receives the failure when the deployment has got another engine.
 * @throws BespokeError `browser-missing`, `engine-mismatch`.
 */
export async function joinWorkers(
  {
    workers,
    renderer,
    log,
  }: {
    readonly workers: Workers;
    readonly renderer: { readonly engineVersion: () => Promise<string> };
    readonly log: Log;
  },
  halt: (error: BespokeError) => void,
): Promise<{ readonly leave: () => Promise<void> }> {
  const id = randomUUID();
  const engine = await renderer.engineVersion();
  const replaced = await workers.join(id, engine);
  if (replaced !== undefined) {
    log.info('the engine has changed; clips are rendered again when they are needed', { engine, replaced });
  }
  let signing: Promise<void> | undefined;
  const sign = async (): Promise<void> => {
    try {
      await workers.stay(id, engine);
    } catch (error) {
      if (hasCode(error, 'engine-mismatch')) halt(error);
      else log.warn('could not record that this worker runs', {});
    }
  };
  const timer = setInterval(() => {
    signing ??= sign().finally(() => (signing = undefined));
  }, signEveryMs);
  return {
    leave: async () => {
      clearInterval(timer);
      // A line that stays is ignored once it is old.
      await workers.leave(id).catch(() => undefined);
    },
  };
}
