import type { Health, PartHealth } from '../../worker/check-health.ts';
import type { OpenPipeline } from '../../worker/compose.ts';
import type { KeptWorker } from './keep-worker.ts';

/**
 * What a server stands on. What keeps its worker from going on shows in the part that it is about.
 *
 * @param worker unset where others render, so that no browser is needed here.
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
