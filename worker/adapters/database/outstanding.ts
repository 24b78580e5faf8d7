import { and, asc, eq, gt, min } from 'drizzle-orm';
import type { Ledger } from '../../core/ledger.ts';
import type { Database } from './database.ts';
import { clip, video, waiting } from './schema.ts';

type Outstanding = Awaited<ReturnType<Ledger['outstanding']>>;

/** A page is of clips or of videos, and its cursor says so: clips come first. */
const clipCursor = 'clip:';
const videoCursor = 'video:';

/** `Ledger.outstanding`. */
export async function readOutstanding(
  database: Database,
  after: string | undefined,
  limit: number,
): Promise<Outstanding> {
  if (after?.startsWith(videoCursor) !== true) {
    const last = after?.slice(clipCursor.length) ?? '';
    const found = await database
      .select({ key: waiting.clip, priority: min(video.priority) })
      .from(waiting)
      .innerJoin(clip, and(eq(clip.key, waiting.clip), eq(clip.state, 'wanted')))
      .innerJoin(video, eq(video.id, waiting.video))
      .where(gt(waiting.clip, last))
      .groupBy(waiting.clip)
      .orderBy(asc(waiting.clip))
      .limit(limit);
    const clips = found.map(({ key, priority }) => ({ key, priority: priority ?? 0 }));
    const end = clips.length === limit ? clips.at(-1) : undefined;
    return { clips, videos: [], next: end === undefined ? videoCursor : clipCursor + end.key };
  }
  const videos = await database
    .select({ id: video.id, priority: video.priority })
    .from(video)
    .where(and(eq(video.state, 'ready'), gt(video.id, after.slice(videoCursor.length))))
    .orderBy(asc(video.id))
    .limit(limit);
  const end = videos.length === limit ? videos.at(-1) : undefined;
  return { clips: [], videos, next: end === undefined ? undefined : videoCursor + end.id };
}
