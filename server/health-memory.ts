import { readParts, type PartsRead } from '../worker/check-health.ts';
import type { ServerDependencies } from './dependencies.ts';

const rememberedMs = 2_000;

type Parts = PartsRead['parts'];

/**
 * Checks at most every two seconds, because checking a store writes to it. When the unavailable parts change, the
 * reasons are logged; clients do not see them.
 */
export function createHealthMemory({
  health,
  pipeline: { clock },
  log,
}: Pick<ServerDependencies, 'health' | 'pipeline' | 'log'>): () => Promise<Parts> {
  let asked: { readonly at: number; readonly answer: Promise<Parts> } | undefined;
  let noted = '';

  async function look(): Promise<Parts> {
    const { parts, reasons } = readParts(await health());
    const away = Object.keys(reasons).join(', ');
    if (away !== noted && away !== '') log.error({ reasons }, 'not ready');
    noted = away;
    return parts;
  }

  return () => {
    const time = clock.now().getTime();
    if (asked === undefined || time - asked.at >= rememberedMs) asked = { at: time, answer: look() };
    return asked.answer;
  };
}
