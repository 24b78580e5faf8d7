import { and, eq, inArray, not, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { ClipDraft, Clips, RowsEnded } from '../../core/clips.ts';
import type { Priority } from '../../core/ports.ts';
import { formatSchema } from '../../../video/story/story-schema.ts';
import { jsonRows, query, textArray, type Database, type DatabaseAccess } from './database.ts';
import { recordClipUse, wantClips } from './record-renders.ts';
import { forgetUnneededImages } from './release-content.ts';
import { countEnded, endsNow, endDependencies, lockCampaigns, noneEnded } from './row-endings.ts';
import { needImages, readImages, writeImages } from './image-memory.ts';
import { clip, render, dependency } from './schema.ts';
import { clipUse, renderSource, demand } from './viewer-schema.ts';

type ClipRow = typeof clip.$inferSelect;

/** The draft as it was handed in. */
function toClipDraft(row: ClipRow): ClipDraft {
  const { state, campaign, bytes, renderMs, hasSound, code, message, ...draft } = row;
  return draft;
}

/**
 * Locks videos in the order of their ids, as everybody does who changes several.
 *
 * @returns those that wait, and continue to wait until this transaction says otherwise.
 */
async function lockRenders(tx: Database, ids: readonly string[]): Promise<readonly string[]> {
  const locked = await tx
    .select({ id: render.id, state: render.state })
    .from(render)
    .where(sql`${render.id} = any${textArray(ids)}`)
    .orderBy(render.id)
    .for('no key update');
  return locked.filter(({ state }) => state === 'waiting').map(({ id }) => id);
}

const releasedRow = z.object({ id: z.string(), priority: z.number() });

/** `Clips.complete`. */
async function completeClip(
  database: Database,
  key: string,
  { bytes, renderMs }: { readonly bytes: number | undefined; readonly renderMs: number | undefined },
): Promise<{ readonly released: readonly { readonly id: string; readonly priority: Priority }[] }> {
  const ms = renderMs === undefined ? null : Math.round(renderMs);
  return {
    released: await query(
      database,
      releasedRow,
      sql`select id, priority from bespoke.complete_clip(${key}, ${bytes ?? null}, ${ms})`,
    ),
  };
}

/** `Clips.fail` within a transaction. */
async function failClip(tx: Database, key: string, code: ErrorCode, message: string): Promise<RowsEnded> {
  const failed = await tx
    .update(clip)
    .set({ state: 'failed', code, message })
    .where(and(eq(clip.key, key), eq(clip.state, 'wanted')))
    .returning({ key: clip.key });
  if (failed.length === 0) return noneEnded;
  await tx.delete(demand).where(eq(demand.clip, key));
  const lines = await tx
    .select({ render: dependency.render })
    .from(dependency)
    .where(eq(dependency.clip, key));
  const ids = lines.map((line) => line.render);
  await endDependencies(tx, sql`w.render = any${textArray(ids)}`);
  const waits = await lockRenders(tx, ids);
  const ended = await tx
    .update(render)
    .set({ state: 'failed', code, message, ...endsNow })
    .where(sql`${render.id} = any${textArray(waits)}`)
    .returning({ campaign: render.campaign });
  return countEnded(tx, ended);
}

/** `Clips.revive` within a transaction. */
async function reviveClips(tx: Database, id: string, keys: readonly string[]): Promise<void> {
  const lost = [...new Set(keys)].sort();
  const [known] = await tx.select({ campaign: render.campaign }).from(render).where(eq(render.id, id));
  // Else a cancelling that has looked for those who wait already would not see this one begin to.
  if (known !== undefined) await lockCampaigns(tx, [known.campaign]);
  await tx
    .select({ key: clip.key })
    .from(clip)
    .where(sql`${clip.key} = any${textArray(lost)}`)
    .orderBy(clip.key)
    .for('no key update');
  const [ready] = await tx
    .select({ campaign: render.campaign })
    .from(render)
    .where(and(eq(render.id, id), eq(render.state, 'ready')))
    .for('no key update');
  if (ready === undefined || lost.length === 0) return;
  await tx
    .update(clip)
    .set({ state: 'wanted', campaign: ready.campaign, code: null, message: null })
    .where(inArray(clip.key, lost));
  await tx
    .insert(dependency)
    .values(lost.map((key) => ({ clip: key, render: id })))
    .onConflictDoNothing();
  await tx.update(render).set({ state: 'waiting', clipsLeft: lost.length }).where(eq(render.id, id));
}

const demandRow = z.object({ key: z.string(), priority: z.number() });

/** Clips that one viewer can wait for; a viewer who needs more has passed the first of them. */
const mostDemands = 16;

/** `Clips.demand` within a transaction. */
async function demandClips(
  tx: Database,
  of: string,
  demands: Parameters<Clips['demand']>[1],
): ReturnType<Clips['demand']> {
  const drafts = new Map(demands.map((each) => [each.clip.key, each.clip]));
  const urgency = new Map<string, number>();
  for (const { clip: draft, priority } of demands) {
    urgency.set(draft.key, Math.min(priority, urgency.get(draft.key) ?? priority));
  }
  const keys = new Set(drafts.keys());
  if (keys.size === 0) return [];
  const [kept] = await tx
    .select({ render: renderSource.render })
    .from(renderSource)
    .where(eq(renderSource.render, of))
    .for('key share');
  // Erased, or begun before it was known what videos are made from.
  if (kept === undefined) return [];
  const { stored } = await wantClips(tx, '', keys, [...drafts.values()]);
  const personal = [...drafts.values()].filter((draft) => draft.personal);
  await recordClipUse(
    tx,
    personal.map(({ key }) => ({ clip: key, render: of })),
  );
  const open = [...urgency].flatMap(([key, priority]) => (stored.has(key) ? [] : [{ key, priority }]));
  if (open.length === 0) return [];
  const demanded = await query(
    tx,
    demandRow,
    sql`insert into ${demand} (clip, render, priority, created_at)
        select key, ${of}, priority, clock_timestamp()
        from jsonb_to_recordset(${jsonRows(open)}) as open(key text, priority int)
        order by key
        on conflict (clip, render) do update
        set priority = least(demand.priority, excluded.priority), created_at = clock_timestamp()
        returning clip as key, priority`,
  );
  await tx.execute(
    sql`delete from ${demand} where render = ${of} and clip in (
          select clip from ${demand} where render = ${of}
          order by created_at desc, clip offset ${mostDemands})`,
  );
  return demanded;
}

const keyRow = z.object({ key: z.string() });

/** `Clips.keepFor`. Clips are locked, so that none of them is forgotten with whom it was made for. */
async function keepClips(
  database: Database,
  of: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const there = await query(
    database,
    keyRow,
    sql`with named as (
          select c.key from ${clip} c
          where c.key = any${textArray(keys)} and c.state = 'stored'
            and exists (select from ${renderSource} v where v.render = ${of})
          order by c.key for key share of c
        ), used as (
          insert into ${clipUse} (clip, render) select key, ${of} from named
          where not exists (select from ${clipUse} u where u.clip = named.key and u.render = ${of})
          on conflict do nothing
        )
        select key from named`,
  );
  return new Set(there.map(({ key }) => key));
}

/** `Clips.stateFor`. */
async function readClipState(database: Database, of: string, key: string): ReturnType<Clips['stateFor']> {
  const used = database
    .select({ clip: clipUse.clip })
    .from(clipUse)
    .where(and(eq(clipUse.clip, key), eq(clipUse.render, of)));
  const [found] = await database
    .select({ state: clip.state })
    .from(clip)
    .where(and(eq(clip.key, key), or(not(clip.personal), sql`exists ${used}`)));
  return found?.state;
}

/** `Clips.lose`. */
async function loseClip(database: Database, key: string): Promise<void> {
  await database
    .update(clip)
    .set({ state: 'wanted' })
    .where(and(eq(clip.key, key), eq(clip.state, 'stored')));
}

const speedRow = z.object({
  template: z.string(),
  scene: z.string(),
  format: formatSchema,
  scale: z.number(),
  framesPerSecond: z.number(),
  bytesPerFrame: z.number(),
});

/** Clips in SQL: one set of statements for PGlite and PostgreSQL. */
export function createClips({ database, transaction, persist }: DatabaseAccess): Clips {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  // Each job reads with these, so their text is built once. They have no name, which a connection pooler in
  // transaction mode could not follow.
  const wantedByKey = database
    .select()
    .from(clip)
    .where(
      and(
        eq(clip.key, sql.placeholder('key')),
        eq(clip.state, 'wanted'),
        sql`(exists (select from ${dependency} w where w.clip = ${clip.key})
          or exists (select from ${demand} v where v.clip = ${clip.key}))`,
      ),
    )
    .prepare('');

  return {
    find: (keys) =>
      persist(async () => {
        const found = await database
          .select()
          .from(clip)
          .where(sql`${clip.key} = any${textArray(keys)}`);
        const byKey = new Map(found.map((row) => [row.key, toClipDraft(row)]));
        return keys.flatMap((key) => byKey.get(key) ?? []);
      }),

    findWanted: (key) =>
      persist(async () => {
        const [found] = await wantedByKey.execute({ key });
        return found && toClipDraft(found);
      }),

    states: (keys) =>
      persist(async () => {
        const found = await database
          .select({ key: clip.key, state: clip.state })
          .from(clip)
          .where(sql`${clip.key} = any${textArray(keys)}`);
        return new Map(found.map(({ key, state }) => [key, state]));
      }),

    addSound: (key) =>
      persist(async () => {
        await database.update(clip).set({ hasSound: true }).where(eq(clip.key, key));
      }),

    soundingScenes: (template) =>
      persist(async () => {
        const found = await database
          .selectDistinct({ scene: clip.scene })
          .from(clip)
          .where(and(eq(clip.template, template), clip.hasSound));
        return new Set(found.map(({ scene }) => scene));
      }),

    sounding: (keys) =>
      persist(async () => {
        const found = await database
          .select({ key: clip.key })
          .from(clip)
          .where(and(sql`${clip.key} = any${textArray(keys)}`, clip.hasSound));
        return new Set(found.map(({ key }) => key));
      }),

    awaited: (of, keys) =>
      persist(async () => {
        const found = await database
          .selectDistinct({ key: clip.key, scene: clip.scene })
          .from(dependency)
          .innerJoin(clip, eq(clip.key, dependency.clip))
          .innerJoin(render, eq(render.id, dependency.render))
          .where(
            and(
              sql`${dependency.clip} = any${textArray(keys)}`,
              'render' in of ? eq(render.id, of.render) : eq(render.campaign, of.campaign),
            ),
          );
        return new Map(found.map(({ key, scene }) => [key, scene]));
      }),

    stored: (keys) =>
      persist(async () => {
        const found = await database
          .select({ key: clip.key })
          .from(clip)
          .where(and(sql`${clip.key} = any${textArray(keys)}`, eq(clip.state, 'stored')));
        return new Set(found.map(({ key }) => key));
      }),

    complete: (key, made) => persist(() => completeClip(database, key, made)),

    fail: (key, code, message) => inTransaction((tx) => failClip(tx, key, code, message)),

    revive: (id, keys) => inTransaction((tx) => reviveClips(tx, id, keys)),

    lose: (key) => persist(() => loseClip(database, key)),

    addStill: (key, still) =>
      persist(async () => {
        const one = JSON.stringify([still]);
        const known = await database
          .update(clip)
          .set({
            stills: sql`case when ${clip.stills}::jsonb @> ${one}::jsonb then ${clip.stills}
              else (${clip.stills}::jsonb || ${one}::jsonb)::text end`,
          })
          .where(eq(clip.key, key))
          .returning({ key: clip.key });
        return known.length > 0;
      }),

    demand: (id, demands) => inTransaction((tx) => demandClips(tx, id, demands)),

    keepFor: (id, keys) => persist(() => keepClips(database, id, keys)),

    stateFor: (id, key) => persist(() => readClipState(database, id, key)),

    sceneSpeeds: (template) =>
      persist(() =>
        query(
          database,
          speedRow,
          sql`select template, scene, format, (encoding::jsonb->>'scale')::float8 as scale,
                sum(duration_in_frames)::float8 * 1000 / greatest(sum(render_ms), 1) as "framesPerSecond",
                sum(bytes)::float8 / sum(duration_in_frames) as "bytesPerFrame"
              from ${clip}
              where template = ${template} and render_ms is not null and bytes is not null
              group by 1, 2, 3, 4`,
        ),
      ),

    images: (urlKeys) => persist(() => readImages(database, urlKeys)),

    needImages: (urlKeys) => persist(() => needImages(database, urlKeys)),

    rememberImages: (images) => persist(() => writeImages(database, images)),

    forgetUnneededImages: () => inTransaction(forgetUnneededImages),
  };
}
