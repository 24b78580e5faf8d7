import pMap from 'p-map';
import type { Pipeline } from './pipeline.ts';

const pageSize = 500;
/** A store may be far away: so many files are removed at a time. */
const atOnce = { concurrency: 8 };

/**
 * Removes the files of people who were erased. One that cannot be removed now stays noted, and workers
 * look again and again; so do they for an hour where a job was still making it.
 *
 * @returns how many files were there.
 */
export async function removeErased({ people, store }: Pick<Pipeline, 'people' | 'store'>): Promise<number> {
  let removed = 0;
  for (;;) {
    const files = await people.removals(pageSize);
    const failures: unknown[] = [];
    const there = await pMap(
      files,
      async ({ shelf, name }) => {
        try {
          const held = await store.has(shelf, name);
          if (held) await store.remove(shelf, name);
          return held;
        } catch (error) {
          failures.push(error);
          return 'stays' as const;
        }
      },
      atOnce,
    );
    removed += there.filter((each) => each === true).length;
    await people.removed(files.filter((_file, index) => there[index] !== 'stays'));
    if (failures.length > 0) throw failures[0];
    // What is watched stays noted and comes last: a short page, or one without anything to remove, is the end.
    if (files.length < pageSize || !there.includes(true)) return removed;
  }
}
