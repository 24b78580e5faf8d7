import { and, count, eq, sql } from 'drizzle-orm';
import type { CampaignProgress, RowState } from '../../core/ledger.ts';
import type { Database } from './database.ts';
import { clip, video } from './schema.ts';

const noRows: Readonly<Record<RowState['state'], number>> = {
  waiting: 0,
  ready: 0,
  done: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
};

/** `Ledger.progress`. */
export async function readProgress(database: Database, id: string): Promise<CampaignProgress> {
  const rows = await database
    .select({ state: video.state, count: count() })
    .from(video)
    .where(eq(video.campaign, id))
    .groupBy(video.state);
  const states = await database
    .select({
      state: clip.state,
      count: count(),
      frames: sql<number>`sum(${clip.durationInFrames})::int`,
    })
    .from(clip)
    .where(eq(clip.campaign, id))
    .groupBy(clip.state);
  const clips = { wanted: 0, stored: 0, failed: 0 };
  const frames = { wanted: 0, stored: 0 };
  for (const each of states) {
    clips.wanted += each.count;
    frames.wanted += each.frames;
    if (each.state === 'failed') clips.failed += each.count;
    if (each.state !== 'stored') continue;
    clips.stored += each.count;
    frames.stored += each.frames;
  }
  return {
    rows: { ...noRows, ...Object.fromEntries(rows.map((each) => [each.state, each.count])) },
    clips,
    frames,
  };
}

/** `Ledger.begunRows`. A row's clips are each counted once, as rendered for it or as reused. */
export async function countBegunRows(database: Database, id: string): Promise<number> {
  const [counted] = await database
    .select({ rows: count() })
    .from(video)
    .where(
      and(
        eq(video.campaign, id),
        eq(video.state, 'waiting'),
        sql`${video.clipsLeft} < ${video.clipsRendered} + ${video.clipsReused}`,
      ),
    );
  return counted?.rows ?? 0;
}
