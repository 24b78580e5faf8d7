import { and, eq, inArray, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { ClipDraft } from '../../core/clips.ts';
import {
  erasedRender,
  type Renders,
  type RowPlan,
  type RenderState,
  type NewRender,
} from '../../core/renders.ts';
import { jsonRows, query, textArray, type Database } from './database.ts';
import { erasedAmong } from './people.ts';
import { addOpenRows, lockCampaigns } from './row-endings.ts';
import { campaign, clip, dependency, render, renderPlan } from './schema.ts';
import { clipUse, demand, planTerms, renderSource } from './viewer-schema.ts';

const keyRow = z.object({ key: z.string() });
const keySet = (rows: readonly { readonly key: string }[]): ReadonlySet<string> =>
  new Set(rows.map(({ key }) => key));

/**
 * Locks clips in the order of their keys, and inserts those that are not known. The update that never happens locks
 * them: one that is being forgotten at this moment is inserted again.
 *
 * @returns keys of those that were not known before.
 */
async function insertClips(
  tx: Database,
  of: string,
  drafts: readonly ClipDraft[],
): Promise<ReadonlySet<string>> {
  const rows = drafts.map((draft) => ({
    ...draft,
    inputs: JSON.stringify(draft.inputs),
    encoding: JSON.stringify(draft.encoding),
    stills: JSON.stringify(draft.stills),
  }));
  const inserted = await query(
    tx,
    keyRow,
    sql`insert into ${clip} (key, template, scene, code_hash, inputs, format, fps, duration_in_frames,
          encoding, personal, stills, state, campaign)
        select key, template, scene, "codeHash", inputs, format, fps, "durationInFrames",
          encoding, personal, stills, 'wanted', ${of}
        from jsonb_to_recordset(${jsonRows(rows)}) as draft(key text, template text, scene text,
          "codeHash" text, inputs text, format text, fps float8, "durationInFrames" int,
          encoding text, personal bool, stills text)
        order by key
        on conflict (key) do update set state = excluded.state where false
        returning key`,
  );
  return keySet(inserted);
}

/** States of clips for rows that want them now. */
export interface ClipStates {
  /** Nobody renders them yet, or any more. */
  readonly begun: ReadonlySet<string>;
  /** Those of them that were never recorded before. */
  readonly recorded: ReadonlySet<string>;
  readonly stored: ReadonlySet<string>;
}

/**
 * Makes clips wanted, unless they are stored, and locks them: nobody can
 * complete one before those who wait for it are written.
 *
 * @param of campaign that is the first to want those that nobody did; empty for a viewer.
 */
export async function wantClips(
  tx: Database,
  of: string,
  keys: ReadonlySet<string>,
  drafts: readonly ClipDraft[],
): Promise<ClipStates> {
  const inserted = await insertClips(
    tx,
    of,
    drafts.filter(({ key }) => keys.has(key)),
  );
  const locked = await tx
    .select({ key: clip.key, state: clip.state })
    .from(clip)
    .where(sql`${clip.key} = any${textArray(keys)}`);
  if (locked.length < keys.size) throw new Error('A row needs a clip that was not recorded with it.');
  const known = locked.filter(({ key }) => !inserted.has(key));
  const wanted = known.filter(({ state }) => state === 'wanted');
  const keysOfWanted = textArray(keySet(wanted));
  const awaited = keySet(
    await union(
      tx
        .select({ key: dependency.clip })
        .from(dependency)
        .where(sql`${dependency.clip} = any${keysOfWanted}`),
      tx
        .select({ key: demand.clip })
        .from(demand)
        .where(sql`${demand.clip} = any${keysOfWanted}`),
    ),
  );
  const again = known.filter(
    ({ key, state }) => state === 'failed' || (state === 'wanted' && !awaited.has(key)),
  );
  await tx
    .update(clip)
    .set({ state: 'wanted', campaign: of, code: null, message: null })
    .where(sql`${clip.key} = any${textArray(keySet(again))}`);
  return {
    begun: new Set([...inserted, ...keySet(again)]),
    recorded: inserted,
    stored: keySet(known.filter(({ state }) => state === 'stored')),
  };
}

/** Remembers for whom personal clips are made. */
export async function recordClipUse(
  tx: Database,
  uses: readonly { readonly clip: string; readonly render: string }[],
): Promise<void> {
  if (uses.length === 0) return;
  await tx.execute(
    sql`insert into ${clipUse} (clip, render)
        select clip, render from jsonb_to_recordset(${jsonRows(uses)}) as used(clip text, render text)
        on conflict do nothing`,
  );
}

/** Keeps what videos are made from. */
async function recordSources(tx: Database, drafts: readonly NewRender[]): Promise<void> {
  const rows = drafts.flatMap(({ id, source: made }) => (made === undefined ? [] : [{ id, ...made }]));
  if (rows.length === 0) return;
  const terms = new Map(rows.map((row) => [row.terms.id, row.terms]));
  await tx
    .insert(planTerms)
    .values(Array.from(terms, ([id, each]) => ({ id, terms: each })))
    .onConflictDoNothing();
  const lines = rows.map((row) => ({
    render: row.id,
    terms: row.terms.id,
    record: JSON.stringify(row.record),
    images: JSON.stringify(row.images),
  }));
  await tx.execute(
    sql`insert into ${renderSource} (render, terms, record, images)
        select render, terms, record, images
        from jsonb_to_recordset(${jsonRows(lines)}) as line(render text, terms text, record text, images text)`,
  );
}

type Planned = NewRender & { readonly plan: Extract<RowPlan, { readonly state: 'planned' }> };

/** Every clip that a video waits for. */
const clipsOf = ({ plan }: Planned): ReadonlySet<string> =>
  new Set([...plan.path.map((step) => step.clip), ...(plan.beside ?? [])]);

const isPlanned = (draft: NewRender): draft is Planned => draft.plan.state === 'planned';
interface RenderLine {
  readonly id: string;
  readonly state: RenderState['state'];
  readonly [column: string]: unknown;
}

const withoutClips = { path: '[]', clipsLeft: 0, clipsRendered: 0, clipsReused: 0 };

/** A clip counts as rendered for the first row that needs it, as reused for all others. */
function toRenderLines(
  drafts: readonly NewRender[],
  { begun, stored }: ClipStates,
  cancelled: boolean,
): { readonly videos: readonly RenderLine[]; readonly waits: readonly { clip: string; render: string }[] } {
  const unclaimed = new Set(begun);
  const waits: { clip: string; render: string }[] = [];
  const renders = drafts.map((draft): RenderLine => {
    const { id, row, fileName, priority, link, person, plan } = draft;
    const common = { id, row, fileName, priority, link, person, warnings: JSON.stringify(draft.warnings) };
    if (plan.state === 'erased') {
      return { ...common, ...withoutClips, state: 'skipped' };
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
      waits.push({ clip: key, render: id });
    }
    return {
      ...common,
      ...plan,
      path: JSON.stringify(plan.path),
      assembly: JSON.stringify(plan.assembly),
      state: clipsLeft === 0 ? 'ready' : 'waiting',
      clipsLeft,
      clipsRendered,
      clipsReused: clips.size - clipsRendered,
    };
  });
  return { videos: renders, waits };
}

async function insertRenders(tx: Database, of: string, lines: readonly RenderLine[]): Promise<void> {
  await tx.execute(
    sql`with line as (
          select * from jsonb_to_recordset(${jsonRows(lines)}) as line(id text, "row" int, "fileName" text, priority int,
            key text, path text, mix text, assembly text, "durationInFrames" int, person text, personal bool, warnings text,
            state text, "clipsLeft" int, "clipsRendered" int, "clipsReused" int, code text, message text,
            link text)
        ), inserted as (
          insert into ${render} (id, campaign, "row", file_name, priority, key, path, mix, duration_in_frames,
            person, personal, warnings, state, clips_left, clips_rendered, clips_reused, code,
            message, link, ended_at)
          select id, ${of}, "row", "fileName", priority, key, path, mix, coalesce("durationInFrames", 0),
            person, coalesce(personal, false), warnings, state,
            "clipsLeft", "clipsRendered", "clipsReused", code, message, link,
            case when state not in ('waiting', 'ready') then now() end
          from line order by "row"
        )
        insert into ${renderPlan} (render, plan) select id, assembly from line where assembly is not null`,
  );
}

async function isCancelled(tx: Database, id: string): Promise<boolean> {
  const [found] = await tx
    .select({ cancelledAt: campaign.cancelledAt })
    .from(campaign)
    .where(eq(campaign.id, id));
  return found !== undefined && found.cancelledAt !== null;
}

/** `Renders.record` within a transaction. */
export async function submitRows(
  tx: Database,
  id: string,
  drafts: readonly NewRender[],
  clips: readonly ClipDraft[],
): ReturnType<Renders['record']> {
  await lockCampaigns(tx, [id]);
  const cancelled = await isCancelled(tx, id);
  const rows = drafts.map(({ row }) => row);
  const recorded = await tx
    .select({ row: render.row })
    .from(render)
    .where(and(eq(render.campaign, id), inArray(render.row, rows)));
  const recordedRows = new Set(recorded.map(({ row }) => row));
  const erased = await erasedAmong(
    tx,
    drafts.flatMap(({ person }) => person ?? []),
  );
  const fresh = drafts
    .filter(({ row }) => !recordedRows.has(row))
    .map((draft) => (erased.has(draft.person ?? '') ? erasedRender(draft) : draft))
    .toSorted((a, b) => a.row - b.row);
  let begun: ReadonlySet<string> = new Set();
  let inserted: ReadonlySet<string> = new Set();
  if (fresh.length > 0) {
    const planned = cancelled ? [] : fresh.filter(isPlanned);
    const keys = new Set(planned.flatMap((draft) => [...clipsOf(draft)]));
    const states = await wantClips(tx, id, keys, clips);
    begun = states.begun;
    inserted = states.recorded;
    const { videos: renders, waits } = toRenderLines(fresh, states, cancelled);
    await insertRenders(tx, id, renders);
    await tx.execute(
      sql`insert into ${dependency} (clip, render)
          select clip, render from jsonb_to_recordset(${jsonRows(waits)}) as wait(clip text, render text)`,
    );
    if (!cancelled) {
      await recordSources(tx, fresh);
      const personal = new Set(clips.flatMap((each) => (each.personal ? [each.key] : [])));
      const uses = planned.flatMap((draft) =>
        [...clipsOf(draft)]
          .filter((key) => personal.has(key))
          .map((key) => ({ clip: key, render: draft.id })),
      );
      await recordClipUse(tx, uses);
    }
    const open = renders.filter(({ state }) => state === 'waiting' || state === 'ready');
    await addOpenRows(tx, id, open.length);
  }

  // First rows first, so that they are finished first. Asked of the tables, so that a repeated call after a lost answer still says what to queue.
  const ids = textArray(drafts.map((draft) => draft.id));
  const wanted = await tx
    .select({ clip: dependency.clip })
    .from(dependency)
    .innerJoin(render, eq(render.id, dependency.render))
    .where(sql`${dependency.render} = any${ids}`)
    .groupBy(dependency.clip)
    .orderBy(sql`min(${render.row})`, dependency.clip);
  const ready = await tx
    .select({ id: render.id })
    .from(render)
    .where(and(sql`${render.id} = any${ids}`, eq(render.state, 'ready')))
    .orderBy(render.row);
  const keys = wanted.map((each) => each.clip);
  return {
    clips: keys,
    renders: ready.map((each) => each.id),
    begun: keys.filter((key) => begun.has(key)),
    recorded: keys.filter((key) => inserted.has(key)),
  };
}
