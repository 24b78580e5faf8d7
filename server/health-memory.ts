import { readParts, type PartsRead } from '../worker/check-health.ts';
import type { ServerDependencies } from './dependencies.ts';

const rememberedMs = 2_000;

type Parts = PartsRead['parts'];

/**
 * Asks at most every two seconds, however many ask us: looking at a store writes to it. Why parts are
 * away is noted in the log when that changes, and told to nobody else.
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
