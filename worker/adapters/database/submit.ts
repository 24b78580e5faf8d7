import { and, eq, inArray, sql } from 'drizzle-orm';
import { nothingButTheRow } from '../../core/erased-row.ts';
import type { ClipDraft, Ledger, RowPlan, RowState, VideoDraft } from '../../core/ledger.ts';
import type { Database } from './database.ts';
import { erasedAmong } from './erased-people.ts';
import { jsonRows, textArray } from './json-rows.ts';
import { order, video, waiting } from './schema.ts';
import { addOpenRows, lockCampaigns } from './video-endings.ts';
import { recordClipUse, wantClips, type ClipStanding } from './want-clips.ts';
import { recordViewings } from './viewing-rows.ts';

type Planned = VideoDraft & { readonly plan: Extract<RowPlan, { readonly state: 'planned' }> };

/** Every clip that a video waits for. */
const clipsOf = ({ plan }: Planned): ReadonlySet<string> =>
  new Set([...plan.path.map((step) => step.clip), ...(plan.beside ?? [])]);

const isPlanned = (draft: VideoDraft): draft is Planned => draft.plan.state === 'planned';
interface VideoLine {
  readonly id: string;
  readonly state: RowState['state'];
  readonly [column: string]: unknown;
}

const withoutClips = { path: '[]', clipsLeft: 0, clipsRendered: 0, clipsReused: 0 };

/** A clip counts as rendered for the first row that wants it, as reused for all others. */
function toVideoLines(
  drafts: readonly VideoDraft[],
  { begun, stored }: ClipStanding,
  cancelled: boolean,
): { readonly videos: readonly VideoLine[]; readonly waits: readonly { clip: string; video: string }[] } {
  const unclaimed = new Set(begun);
  const waits: { clip: string; video: string }[] = [];
  const videos = drafts.map((draft): VideoLine => {
    const { id, row, fileName, priority, link, person, plan } = draft;
    const common = { id, row, fileName, priority, link, person, warnings: JSON.stringify(draft.warnings) };
    if (plan.state === 'erased') {
      return { ...common, ...withoutClips, state: 'skipped', erased: true };
    }
    if (cancelled) return { ...common, ...withoutClips, state: 'cancelled' };
    if (plan.state !== 'planned') {
      return { ...common, ...withoutClips, ...plan };
    }
    const clips = clipsOf({ ...draft, plan });
    let clipsLeft = 0;
    let clipsRendered = 0;
    for (const key of clips) {
      if (unclaimed.delete(key)) clipsRendered += 1;
      if (stored.has(key)) continue;
      clipsLeft += 1;
      waits.push({ clip: key, video: id });
    }
    return {
      ...common,
      ...plan,
      path: JSON.stringify(plan.path),
      state: clipsLeft === 0 ? 'ready' : 'waiting',
      clipsLeft,
      clipsRendered,
      clipsReused: clips.size - clipsRendered,
    };
  });
  return { videos, waits };
}

async function insertVideos(tx: Database, campaign: string, lines: readonly VideoLine[]): Promise<void> {
  await tx.execute(
    sql`insert into ${video} (id, campaign, "row", file_name, priority, key, path, mix, duration_in_frames,
          person, personal, warnings, state, erased, clips_left, clips_rendered, clips_reused, code,
          message, link, ended_at)
        select id, ${campaign}, "row", "fileName", priority, key, path, mix, coalesce("durationInFrames", 0),
          person, coalesce(personal, false), warnings, state, coalesce(erased, false),
          "clipsLeft", "clipsRendered", "clipsReused", code, message, link, case when state not in ('waiting', 'ready') then now() end
        from jsonb_to_recordset(${jsonRows(lines)}) as line(id text, "row" int, "fileName" text, priority int,
          key text, path text, mix text, "durationInFrames" int, person text, personal bool, warnings text, state text,
          erased bool, "clipsLeft" int, "clipsRendered" int, "clipsReused" int, code text, message text,
          link text)
        order by "row"`,
  );
}

/** Whether the campaign is an order that was cancelled. */
async function isCancelled(tx: Database, campaign: string): Promise<boolean> {
  const [found] = await tx
    .select({ cancelledAt: order.cancelledAt })
    .from(order)
    .where(eq(order.campaign, campaign));
  return found !== undefined && found.cancelledAt !== null;
}

/** `Ledger.submit` within a transaction. */
export async function submitRows(
  tx: Database,
  campaign: string,
  drafts: readonly VideoDraft[],
  clips: readonly ClipDraft[],
): ReturnType<Ledger['submit']> {
  await lockCampaigns(tx, [campaign]);
  const cancelled = await isCancelled(tx, campaign);
  const rows = drafts.map(({ row }) => row);
  const recorded = await tx
    .select({ row: video.row })
    .from(video)
    .where(and(eq(video.campaign, campaign), inArray(video.row, rows)));
  const recordedRows = new Set(recorded.map(({ row }) => row));
  const erased = await erasedAmong(
    tx,
    drafts.flatMap(({ person }) => person ?? []),
  );
  const fresh = drafts
    .filter(({ row }) => !recordedRows.has(row))
    .map((draft) => (erased.has(draft.person ?? '') ? nothingButTheRow(draft) : draft))
    .toSorted((a, b) => a.row - b.row);
  let begun: ReadonlySet<string> = new Set();
  let inserted: ReadonlySet<string> = new Set();
  if (fresh.length > 0) {
    const planned = cancelled ? [] : fresh.filter(isPlanned);
    const keys = new Set(planned.flatMap((draft) => [...clipsOf(draft)]));
    const standing = await wantClips(tx, campaign, keys, clips);
    begun = standing.begun;
    inserted = standing.recorded;
    const { videos, waits } = toVideoLines(fresh, standing, cancelled);
    await insertVideos(tx, campaign, videos);
    await tx.execute(
      sql`insert into ${waiting} (clip, video)
          select clip, video from jsonb_to_recordset(${jsonRows(waits)}) as wait(clip text, video text)`,
    );
    if (!cancelled) {
      await recordViewings(tx, fresh);
      const personal = new Set(clips.flatMap((each) => (each.personal ? [each.key] : [])));
      const uses = planned.flatMap((draft) =>
        [...clipsOf(draft)].filter((key) => personal.has(key)).map((key) => ({ clip: key, video: draft.id })),
      );
      await recordClipUse(tx, uses);
    }
    const open = videos.filter(({ state }) => state === 'waiting' || state === 'ready');
    await addOpenRows(tx, campaign, open.length);
  }

  // First rows first, so that they are finished first. Asked of the tables, so that a repeated call after a lost answer still says what to queue.
  const ids = textArray(drafts.map(({ id }) => id));
  const wanted = await tx
    .select({ clip: waiting.clip })
    .from(waiting)
    .innerJoin(video, eq(video.id, waiting.video))
    .where(sql`${waiting.video} = any${ids}`)
    .groupBy(waiting.clip)
    .orderBy(sql`min(${video.row})`, waiting.clip);
  const ready = await tx
    .select({ id: video.id })
    .from(video)
    .where(and(sql`${video.id} = any${ids}`, eq(video.state, 'ready')))
    .orderBy(video.row);
  const keys = wanted.map((each) => each.clip);
  return {
    clips: keys,
    videos: ready.map(({ id }) => id),
    begun: keys.filter((key) => begun.has(key)),
    recorded: keys.filter((key) => inserted.has(key)),
  };
}
