import type { CutPart } from '../../video/story/scene.ts';

interface Run {
  readonly from: number;
  readonly until: number;
  readonly reads: ReadonlySet<string>;
}

const union = (one: Run, other: Run): ReadonlySet<string> => new Set([...one.reads, ...other.reads]);

const isSame = (one: Run, other: Run): boolean =>
  one.reads.size === other.reads.size && union(one, other).size === one.reads.size;

/** Of two runs that become one, the frames that are personal then and were not. */
const costOf = (one: Run, other: Run, isPersonal: (reads: ReadonlySet<string>) => boolean): number => {
  const length = ({ from, until }: Run): number => until - from;
  const both = isPersonal(union(one, other));
  return [one, other].reduce((sum, run) => sum + (both && !isPersonal(run.reads) ? length(run) : 0), 0);
};

const join = (one: Run, other: Run): Run => ({
  from: one.from,
  until: other.until,
  reads: union(one, other),
});

/**
 * Cuts a scene where what its frames read changes. A clip has costs of its own, so a part that is shorter than
 * `leastFrames` joins the neighbour with which fewer frames become personal.
 *
 * @param frames for each frame, the inputs that it reads.
 * @param personal inputs that are about one person.
 * @returns the parts, in order; one if cutting gains nothing.
 */
export function proposeCuts(
  frames: readonly ReadonlySet<string>[],
  personal: ReadonlySet<string>,
  leastFrames: number,
): readonly CutPart[] {
  const isPersonal = (reads: ReadonlySet<string>): boolean => [...reads].some((input) => personal.has(input));
  let runs: readonly Run[] = frames.map((reads, from) => ({ from, until: from + 1, reads }));
  const joinAt = (index: number): void => {
    const [one, other] = [runs[index], runs[index + 1]];
    if (one !== undefined && other !== undefined) runs = runs.toSpliced(index, 2, join(one, other));
  };
  for (;;) {
    const same = runs.findIndex((run, index) => {
      const next = runs[index + 1];
      return next !== undefined && isSame(run, next);
    });
    if (same >= 0) {
      joinAt(same);
      continue;
    }
    const shortest = runs.reduce<Run | undefined>(
      (least, run) =>
        run.until - run.from < (least === undefined ? leastFrames : least.until - least.from) ? run : least,
      undefined,
    );
    if (shortest === undefined || runs.length === 1) break;
    const at = runs.indexOf(shortest);
    const [before, after] = [runs[at - 1], runs[at + 1]];
    const costBefore = before === undefined ? Infinity : costOf(before, shortest, isPersonal);
    const costAfter = after === undefined ? Infinity : costOf(shortest, after, isPersonal);
    joinAt(costBefore <= costAfter ? at - 1 : at);
  }
  return runs.map(({ until, reads }) => ({ until, reads: [...reads].toSorted() }));
}
