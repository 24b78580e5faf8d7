import { and, asc, eq, gt, inArray, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { Renders, RenderState } from '../../core/renders.ts';
import type { RenderPicture, RenderWarning } from '../../core/render-schema.ts';
import { endRender, expireLinks, keepLink, relink, relinkCampaign } from './customer-links.ts';
import { deleteRender } from './empty-renders.ts';
import { query, textArray, type Database, type DatabaseAccess } from './database.ts';
import { findLinked, isLinked, readRenders, toRender } from './read-renders.ts';
import { submitRows } from './record-renders.ts';
import { replanRender } from './replan-render.ts';
import { searchRenders } from './search-renders.ts';
import { addOpenRows, failRender } from './row-endings.ts';
import { proof } from './cut-schema.ts';
import { clip, campaign, dependency, render, renderPlan } from './schema.ts';
import { demand, planTerms, remake, renderSource } from './viewer-schema.ts';

/** What jobs need of renders; few columns, since each row is read with them. */
const readRendersInWork = (database: Database, which: SQL | undefined) =>
  database
    .select({
      ...{ campaign: render.campaign, state: render.state, priority: render.priority, coming: render.coming },
      ...{ key: render.key, mix: render.mix, path: render.path, plan: renderPlan.plan },
      linkOwner: render.linkOwner,
      proofs: sql<readonly string[]>`to_jsonb(array(
        select p.id from ${proof} p where p.render = ${render.id} and p.state = 'open'))`,
      hasClipSound: sql<boolean>`exists (
        select from jsonb_array_elements(${render.path}::jsonb) step join ${clip} c on c.key = step->>'clip'
        where c.has_sound)`,
    })
    .from(render)
    .leftJoin(renderPlan, eq(renderPlan.render, render.id))
    .where(which);

/** Rows in these states, and those that have a remake: its state counts. */
const mayBeIn = (states: readonly RenderState['state'][]): SQL | undefined =>
  or(inArray(render.state, [...states]), sql`${render.id} = any(array(select r.of from ${remake} r))`);

type Outstanding = Awaited<ReturnType<Renders['outstanding']>>;

/** A page holds clips, renders or pictures, in this order; its cursor says which. */
const clipCursor = 'clip:';
const renderCursor = 'render:';
const pictureCursor = 'picture:';

const clipRow = z.object({ key: z.string(), priority: z.number(), last: z.string() });

/** `Renders.outstanding`. Lines of who waits exist for wanted clips only. */
async function readOutstanding(
  database: Database,
  after: string | undefined,
  limit: number,
): Promise<Outstanding> {
  const cursor = after ?? clipCursor;
  if (cursor.startsWith(clipCursor)) {
    const last = cursor.slice(clipCursor.length);
    // The page is cut before it is joined, so that its cost does not grow with the pages after it.
    const clips = await query(
      database,
      clipRow,
      sql`with page as materialized (
            select clip from (
              (select clip from ${dependency} where clip > ${last} group by clip order by clip limit ${limit})
              union
              (select clip from ${demand} where clip > ${last} group by clip order by clip limit ${limit})
            ) as either order by clip limit ${limit}
          ), waiter as (
            select page.clip, r.priority, r."row"
            from page join ${dependency} w on w.clip = page.clip join ${render} r on r.id = w.render
            union all
            select page.clip, w.priority, 0 from page join ${demand} w on w.clip = page.clip
          )
          select clip as key, min(priority)::int as priority, max(clip) over () as last
          from waiter group by clip order by min("row"), clip`,
    );
    const end = clips.length === limit ? clips[0]?.last : undefined;
    return {
      clips: clips.map(({ key, priority }) => ({ key, priority })),
      renders: [],
      pictures: [],
      next: end === undefined ? renderCursor : clipCursor + end,
    };
  }
  const ready = cursor.startsWith(renderCursor);
  const prefix = ready ? renderCursor : pictureCursor;
  const found = await database
    .select({ id: render.id, priority: render.priority })
    .from(render)
    .where(
      and(
        ready ? eq(render.state, 'ready') : sql`${render.coming} <> '[]'`,
        gt(render.id, cursor.slice(prefix.length)),
      ),
    )
    .orderBy(asc(render.id))
    .limit(limit);
  const end = found.length === limit ? found.at(-1) : undefined;
  const following = ready ? pictureCursor : undefined;
  return {
    clips: [],
    renders: ready ? found : [],
    pictures: ready ? [] : found,
    next: end === undefined ? following : prefix + end.id,
  };
}

/** What a video is made from. */
async function readSource(database: Database, of: string): ReturnType<Renders['source']> {
  const [found] = await database
    .select({
      source: { terms: planTerms.terms, record: renderSource.record, images: renderSource.images },
      ...{ link: campaign.link, kind: campaign.kind },
    })
    .from(renderSource)
    .innerJoin(planTerms, eq(planTerms.id, renderSource.terms))
    .innerJoin(render, eq(render.id, renderSource.render))
    .innerJoin(campaign, eq(campaign.id, render.campaign))
    .where(eq(renderSource.render, of));
  if (found === undefined) return undefined;
  const { source, link, kind } = found;
  return { ...source, link: link === null ? undefined : { to: link, personal: kind !== 'campaign' } };
}

/** The pictures to come, as they are kept, without some of them. */
const without = (pictures: readonly RenderPicture[]) =>
  sql<readonly RenderPicture[]>`(${render.coming}::jsonb - ${textArray(pictures)})::text`;

const isAbout = ({ code, field }: RenderWarning, picture: RenderPicture): boolean =>
  code === 'picture-unavailable' && field === picture;

/** Renders in SQL: one set of statements for PGlite and PostgreSQL. */
export function createRenders({ database, transaction, persist }: DatabaseAccess): Renders {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  // Each job reads with these, so their text is built once. They have no name, which a connection pooler in
  // transaction mode could not follow.
  const renderById = readRenders(database, eq(render.id, sql.placeholder('id'))).prepare('');
  const renderInWorkById = readRendersInWork(database, eq(render.id, sql.placeholder('id'))).prepare('');

  return {
    recordedRows: (id, rows) =>
      persist(async () => {
        const found = await database
          .select({ row: render.row })
          .from(render)
          .where(and(eq(render.campaign, id), inArray(render.row, [...rows])));
        return new Set(found.map(({ row }) => row));
      }),

    record: (id, renders, clips) => inTransaction((tx) => submitRows(tx, id, renders, clips)),

    find: (id) =>
      persist(async () => {
        const [found] = await renderById.execute({ id });
        return found && toRender(found);
      }),

    findPlanned: (id) =>
      persist(async () => {
        const [found] = await renderInWorkById.execute({ id });
        if (found === undefined) return undefined;
        const { campaign, key, mix, path, plan, linkOwner, hasClipSound, ...work } = found;
        const planned =
          plan === null || key === null || mix === null
            ? undefined
            : { id, campaign, key, mix, path, hasClipSound, ...plan };
        return { ...work, linkOwner: linkOwner ?? undefined, planned };
      }),

    findByLink: (link) =>
      persist(async () => {
        const [found] = await readRenders(database, isLinked(link));
        return found && toRender(found);
      }),

    linked: (link) => persist(() => findLinked(database, link)),

    relink: (id, link) => inTransaction((tx) => relink(tx, id, link ?? null)),
    relinkCampaign: (id, what) => inTransaction((tx) => relinkCampaign(tx, id, what)),
    expireLinks: (which, at) => inTransaction((tx) => expireLinks(tx, which, at)),
    keepLink: (id) => inTransaction((tx) => keepLink(tx, id)),
    search: (filter, cursor, limit) =>
      persist(() => {
        const read = async (which: SQL) => (await readRenders(database, which)).map(toRender);
        return searchRenders(database, read, filter, cursor, limit);
      }),
    source: (id) => persist(() => readSource(database, id)),

    list: (id, after, limit, states) =>
      persist(async () => {
        const found = await readRenders(
          database,
          and(eq(render.campaign, id), gt(render.row, after), states && mayBeIn(states)),
        )
          .orderBy(asc(render.row))
          .limit(limit);
        return found.map(toRender);
      }),

    listDone: (id, after, limit) =>
      persist(async () => {
        const found = await readRenders(
          database,
          and(eq(render.campaign, id), eq(render.state, 'done'), gt(render.ended, after)),
        )
          .orderBy(asc(render.ended))
          .limit(limit);
        return { rows: found.map(toRender), last: found.at(-1)?.row.ended ?? after };
      }),

    complete: (id, coming = []) => persist(() => endRender({ database, transaction }, id, coming)),

    fail: (id, code, message) => inTransaction((tx) => failRender(tx, id, code, message)),

    delete: (id) => inTransaction((tx) => deleteRender(tx, id)),

    replan: (id, terms, draft, clips) => inTransaction((tx) => replanRender(tx, id, terms, draft, clips)),

    reopen: (id) =>
      inTransaction(async (tx) => {
        const [now] = await tx
          .update(render)
          .set({ state: 'ready', endedAt: null, coming: [] })
          .where(and(eq(render.id, id), eq(render.state, 'done')))
          .returning({ campaign: render.campaign, warnings: render.warnings });
        if (now === undefined) return;
        await tx
          .update(render)
          .set({ warnings: now.warnings.filter(({ code }) => code !== 'picture-unavailable') })
          .where(eq(render.id, id));
        await addOpenRows(tx, now.campaign, 1);
      }),

    claimReport: (id) =>
      persist(async () => {
        const claimed = await database
          .update(render)
          .set({ reported: true })
          .where(and(eq(render.id, id), eq(render.reported, false)))
          .returning({ id: render.id });
        return claimed.length > 0;
      }),

    endPictures: ({ id, key }, pictures, warnings = []) => {
      const end = (on: Database) =>
        on
          .update(render)
          .set({ coming: without(pictures) })
          .where(and(eq(render.id, id), eq(render.key, key), sql`${render.coming} <> '[]'`))
          .returning({ warnings: render.warnings });
      if (warnings.length === 0) return persist(async () => void (await end(database)));
      return inTransaction(async (tx) => {
        const [now] = await end(tx);
        if (now === undefined) return;
        const others = now.warnings.filter((each) => !pictures.some((picture) => isAbout(each, picture)));
        await tx
          .update(render)
          .set({ warnings: [...others, ...warnings] })
          .where(eq(render.id, id));
      });
    },

    losePicture: ({ id, key }, picture) =>
      persist(async () => {
        await database
          .update(render)
          .set({ coming: sql`(${without([picture])}::jsonb || to_jsonb(array[${picture}::text]))::text` })
          .where(and(eq(render.id, id), eq(render.key, key), eq(render.state, 'done')));
      }),

    outstanding: (after, limit) => persist(() => readOutstanding(database, after, limit)),
  };
}
