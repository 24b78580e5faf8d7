import type { Pipeline } from '../core/pipeline.ts';
import type { DrawnJob, JobQueue } from '../core/ports.ts';
import { withinTime } from '../core/within-time.ts';
import type { SlowScene } from '../core/render-schema.ts';

/** A clip that is drawn for longer is worth a word. */
const longMs = 30_000;
/** What the queue said is used again for so long: everyone who follows a render asks. */
const freshMs = 2_000;
const patienceMs = 1_000;

const answers = new WeakMap<
  JobQueue,
  { readonly atMs: number; readonly drawn: Promise<readonly DrawnJob[]> }
>();

/** Clips that are being drawn; none where the queue does not say so soon. */
function drawnNow(queue: JobQueue, nowMs: number): Promise<readonly DrawnJob[]> {
  const known = answers.get(queue);
  if (known !== undefined && nowMs - known.atMs < freshMs) return known.drawn;
  const drawn = withinTime(queue.drawn(), patienceMs, () => new Error('The queue is slow.')).catch(() => []);
  answers.set(queue, { atMs: nowMs, drawn });
  return drawn;
}

/** The scenes that a render or a campaign waits for and that have been drawn for more than 30 seconds; oldest first. */
export async function slowScenes(
  { queue, clips, clock }: Pick<Pipeline, 'queue' | 'clips' | 'clock'>,
  of: { readonly render: string } | { readonly campaign: string },
): Promise<readonly SlowScene[]> {
  const nowMs = clock.now().getTime();
  const long = (await drawnNow(queue, nowMs)).filter(({ since }) => nowMs - since.getTime() > longMs);
  if (long.length === 0) return [];
  const awaited = await clips.awaited(
    of,
    long.map(({ clip }) => clip),
  );
  return long
    .toSorted((a, b) => a.since.getTime() - b.since.getTime())
    .flatMap(({ clip, since }) => {
      const scene = awaited.get(clip);
      return scene === undefined ? [] : [{ scene, since: since.toISOString() }];
    });
}
