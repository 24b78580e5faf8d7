import type { Health, PartHealth } from '../../worker/check-health.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import type { KeptWorker } from './keep-worker.ts';

/**
 * The health of a server. A worker that has halted shows as a failure of the part that stopped it.
 *
 * @param worker unset where other processes render, so that this one requires no browser.
 */
export async function checkHealth(
  health: OpenPipeline['health'],
  worker: Pick<KeptWorker, 'halted'> | undefined,
): Promise<Health> {
  const found = await health({ browser: worker !== undefined });
  const why = worker?.halted();
  if (why === undefined) return found;
  const part: PartHealth = { ok: false, message: why.message };
  return why.code === 'browser-missing' ? { ...found, browser: part } : { ...found, store: part };
}
