import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ClipDraft } from '../../core/clips.ts';
import {
  erasedRender,
  type Renders,
  type RowPlan,
  type RenderState,
  type NewRender,
} from '../../core/renders.ts';
import type { PlanTerms } from '../../core/viewers.ts';
import { recordProofs } from './cuts.ts';
import { jsonRows, query, textArray, type Database } from './database.ts';
import { lockCampaigns } from './row-endings.ts';
import { campaign, clip, dependency, render, renderPlan } from './schema.ts';
import { clipUse, demand, erasedPerson, planTerms, renderSource } from './viewer-schema.ts';

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
  const byKey = new Map<string, ClipDraft>();
  for (const draft of drafts) {
    // A path can show a clip twice, once without the pictures that are needed of it.
    if (draft.stills.length > 0 || !byKey.has(draft.key)) byKey.set(draft.key, draft);
  }
  const rows = Array.from(byKey.values(), (draft) => ({
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

const noClips: ClipStates = { begun: new Set(), recorded: new Set(), stored: new Set() };

const clipStateRow = keyRow.extend({ state: z.enum(['wanted', 'stored', 'failed']), awaited: z.boolean() });

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
  if (keys.size === 0) return noClips;
  const inserted = await insertClips(
    tx,
    of,
    drafts.filter(({ key }) => keys.has(key)),
  );
  // One waiter is looked up, in the order of its index: the cost does not grow with how many wait for a clip.
  const states = await query(
    tx,
    clipStateRow,
    sql`select c.key, c.state, waiter.render is not null as awaited
        from ${clip} c left join lateral (
          (select w.render from ${dependency} w where w.clip = c.key order by w.render limit 1)
          union all
          (select d.render from ${demand} d where d.clip = c.key order by d.render limit 1)
          limit 1
        ) waiter on true
        where c.key = any${textArray(keys)}`,
  );
  if (states.length < keys.size) throw new Error('A row needs a clip that was not recorded with it.');
  const known = states.filter(({ key }) => !inserted.has(key));
  const again = keySet(
    known.filter(({ state, awaited }) => state === 'failed' || (state === 'wanted' && !awaited)),
  );
  if (again.size > 0) {
    await tx
      .update(clip)
      .set({ state: 'wanted', campaign: of, code: null, message: null })
      .where(sql`${clip.key} = any${textArray(again)}`);
  }
  return {
    begun: new Set([...inserted, ...again]),
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

type Planned = NewRender & { readonly plan: Extract<RowPlan, { readonly state: 'planned' }> };

/** Every clip that a video waits for. */
export const clipsPlanned = ({ path, beside = [] }: Planned['plan']): ReadonlySet<string> =>
  new Set([...path.map((step) => step.clip), ...beside]);

const isPlanned = (draft: NewRender): draft is Planned => draft.plan.state === 'planned';
interface RenderLine {
  readonly id: string;
  readonly state: RenderState['state'];
  readonly [column: string]: unknown;
}

const withoutClips = { path: '[]', clipsLeft: 0, clipsRendered: 0, clipsReused: 0 };

/** A clip that a render needs. */
interface NeedLine {
  readonly clip: string;
  readonly render: string;
  readonly stored: boolean;
  readonly personal: boolean;
}

/** A clip counts as rendered for the first row that needs it, as reused for all others. */
function toLines(
  drafts: readonly NewRender[],
  { begun, stored }: ClipStates,
  personal: ReadonlySet<string>,
): { readonly renders: readonly RenderLine[]; readonly needs: readonly NeedLine[] } {
  const unclaimed = new Set(begun);
  const needs: NeedLine[] = [];
  const renders = drafts.map((draft): RenderLine => {
    const { id, row, fileName, priority, link, linkOwner, person, customerId, plan, source } = draft;
    const common = {
      ...{ id, row, fileName, priority, link, linkOwner, person, customerId },
      warnings: JSON.stringify(draft.warnings),
      ...{ segments: draft.segments, variant: draft.variant },
      ...(source !== undefined && {
        terms: source.terms.id,
        record: JSON.stringify(source.record),
        images: JSON.stringify(source.images),
      }),
    };
    if (plan.state === 'erased') return { ...common, ...withoutClips, state: 'skipped' };
    if (plan.state === 'held-out') {
      // A link that the customer has shows what it showed.
      const withoutLink = { link: undefined, linkOwner: undefined };
      return { ...common, ...withoutClips, ...withoutLink, state: 'skipped', skippedFor: 'holdout' };
    }
    if (plan.state !== 'planned') {
      return { ...common, ...withoutClips, ...plan };
    }
    const clips = clipsPlanned(plan);
    let clipsLeft = 0;
    let clipsRendered = 0;
    for (const key of clips) {
      if (unclaimed.delete(key)) clipsRendered += 1;
      if (!stored.has(key)) clipsLeft += 1;
      needs.push({ clip: key, render: id, stored: stored.has(key), personal: personal.has(key) });
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
  return { renders, needs };
}

/**
 * Records renders with their sources and dependencies, and counts those that are open: the last lock, which is taken
 * when the renders are inserted.
 */
async function insertRenders(
  tx: Database,
  of: string,
  lines: readonly RenderLine[],
  needs: readonly NeedLine[],
  terms: readonly PlanTerms[],
): Promise<void> {
  const open = lines.filter(({ state }) => state === 'waiting' || state === 'ready').length;
  const termLines = terms.map((each) => ({ id: each.id, terms: JSON.stringify(each) }));
  await tx.execute(
    sql`with line as (
          select * from jsonb_to_recordset(${jsonRows(lines)}) as line(id text, "row" int, "fileName" text, priority int,
            key text, path text, mix text, assembly text, "durationInFrames" int, person text, personal bool, warnings text,
            state text, "clipsLeft" int, "clipsRendered" int, "clipsReused" int, code text, message text,
            "skippedFor" text, link text, "linkOwner" text, "customerId" text, segments text[], variant text, terms text, record text, images text)
        ), need as (
          select * from jsonb_to_recordset(${jsonRows(needs)}) as need(clip text, render text, stored bool, personal bool)
        ), inserted as (
          insert into ${render} (id, campaign, "row", file_name, priority, key, path, mix, duration_in_frames,
            person, personal, warnings, state, clips_left, clips_rendered, clips_reused, code,
            message, skipped_for, link, link_owner, customer_id, segments, variant, ended_at)
          select id, ${of}, "row", "fileName", priority, key, path, mix, coalesce("durationInFrames", 0),
            person, coalesce(personal, false), warnings, state,
            "clipsLeft", "clipsRendered", "clipsReused", code, message, "skippedFor", link,
            "linkOwner", "customerId", segments, variant,
            case when state not in ('waiting', 'ready') then now() end
          from line order by "row" returning 1
        ), planned as (
          insert into ${renderPlan} (render, plan) select id, assembly from line where assembly is not null
        ), known as (
          insert into ${planTerms} (id, terms)
          select id, terms from jsonb_to_recordset(${jsonRows(termLines)}) as terms(id text, terms text)
          on conflict do nothing
        ), source as (
          insert into ${renderSource} (render, terms, record, images)
          select id, terms, record, images from line where terms is not null
        ), waiting as (
          insert into ${dependency} (clip, render) select clip, render from need where not stored
        ), used as (
          insert into ${clipUse} (clip, render) select clip, render from need where personal
        )
        update ${campaign} set open_rows = open_rows + ${open}::int
          where id = ${of} and ${open}::int > 0 and (select count(*) from inserted) > 0`,
  );
}

const foundRow = z.object({
  cancelled: z.boolean(),
  stopped: z.boolean(),
  recorded: z.array(z.number()),
  erased: z.array(z.string()),
});

/** Reads what decides about rows, with the lock of their campaign. */
async function readKnown(
  tx: Database,
  id: string,
  drafts: readonly NewRender[],
): Promise<{
  readonly cancelled: boolean;
  readonly stopped: boolean;
  readonly recorded: ReadonlySet<number>;
  readonly erased: ReadonlySet<string>;
}> {
  const rows = textArray(drafts.map(({ row }) => String(row)));
  const people = textArray(drafts.flatMap(({ person }) => person ?? []));
  const [found] = await query(
    tx,
    foundRow,
    sql`select exists (select from ${campaign} where id = ${id} and cancelled_at is not null) as cancelled,
          exists (select from ${campaign} where id = ${id} and state = 'failed') as stopped,
          to_jsonb(array(
            select "row" from ${render} where campaign = ${id} and "row" = any(${rows}::int[])
          )) as recorded,
          to_jsonb(array(select person from ${erasedPerson} where person = any${people})) as erased`,
  );
  if (found === undefined) throw new Error('A query without tables returned no row.');
  return { ...found, recorded: new Set(found.recorded), erased: new Set(found.erased) };
}

const todoRow = z.object({ kind: z.enum(['clip', 'render']), id: z.string() });

/**
 * What these rows need to be queued, first rows first, so that they are finished first. It is read from the tables, so
 * that a repetition after a lost answer returns it too.
 */
async function readTodo(
  tx: Database,
  drafts: readonly NewRender[],
): Promise<{ readonly clips: readonly string[]; readonly renders: readonly string[] }> {
  const todo = await query(
    tx,
    todoRow,
    sql`with mine as (
          select id, "row", state from ${render} where id = any${textArray(drafts.map(({ id }) => id))}
        )
        select 'clip' as kind, w.clip as id, min(mine."row") as "row"
          from ${dependency} w join mine on mine.id = w.render group by w.clip
        union all select 'render', id, "row" from mine where state = 'ready'
        order by "row", id`,
  );
  const idsOf = (kind: 'clip' | 'render'): readonly string[] =>
    todo.filter((each) => each.kind === kind).map(({ id }) => id);
  return { clips: idsOf('clip'), renders: idsOf('render') };
}

/** `Renders.record` within a transaction. */
export async function submitRows(
  tx: Database,
  id: string,
  drafts: readonly NewRender[],
  clips: readonly ClipDraft[],
): ReturnType<Renders['record']> {
  await lockCampaigns(tx, [id]);
  const { cancelled, stopped, recorded, erased } = await readKnown(tx, id, drafts);
  const fresh = drafts
    .filter(({ row }) => !stopped && !recorded.has(row))
    .map((draft) => {
      if (draft.person !== undefined && erased.has(draft.person)) return erasedRender(draft);
      const isCancelled = cancelled && draft.plan.state !== 'erased';
      return isCancelled ? { ...draft, plan: { state: 'cancelled' } as const, source: undefined } : draft;
    })
    .toSorted((a, b) => a.row - b.row);
  let states = noClips;
  if (fresh.length > 0) {
    const keys = new Set(fresh.filter(isPlanned).flatMap((draft) => [...clipsPlanned(draft.plan)]));
    states = await wantClips(tx, id, keys, clips);
    const personal = new Set(clips.flatMap((each) => (each.personal ? [each.key] : [])));
    const { renders, needs } = toLines(fresh, states, personal);
    const terms = new Map(
      fresh.flatMap(({ source }) => (source === undefined ? [] : [[source.terms.id, source.terms]])),
    );
    await insertRenders(tx, id, renders, needs, [...terms.values()]);
    await recordProofs(
      tx,
      fresh.filter(isPlanned).flatMap(({ proofs = [] }) => proofs),
    );
  }
  const todo = await readTodo(tx, drafts);
  return {
    ...todo,
    begun: todo.clips.filter((key) => states.begun.has(key)),
    recorded: todo.clips.filter((key) => states.recorded.has(key)),
  };
}
