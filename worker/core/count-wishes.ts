import type { ClipDraft } from './clips.ts';
import type { VideoDraft } from './renders.ts';

/** How often rows want clips, by scene; each clip that is begun was missing once. */
export function countWishes(
  drafts: readonly VideoDraft[],
  clips: ReadonlyMap<string, ClipDraft>,
  begun: readonly string[],
): ReadonlyMap<string, { hits: number; misses: number }> {
  const counts = new Map<string, { hits: number; misses: number }>();
  const missing = new Set(begun);
  for (const { plan } of drafts) {
    if (plan.state !== 'planned') continue;
    for (const key of new Set([...plan.path.map(({ clip }) => clip), ...(plan.beside ?? [])])) {
      const scene = clips.get(key)?.scene ?? '';
      const count = counts.get(scene) ?? { hits: 0, misses: 0 };
      count[missing.delete(key) ? 'misses' : 'hits'] += 1;
      counts.set(scene, count);
    }
  }
  return counts;
}
