import { and, count, eq, inArray, not, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { RenderPicture } from '../../core/render-schema.ts';
import type { RowsEnded } from '../../core/clips.ts';
import { jsonRows, query, textArray, type Database } from './database.ts';
import { campaign, render, dependency } from './schema.ts';

/** Forgets what videos wait for. @param which a condition on `w`, the lines, and `r`, their renders. */
export async function endDependencies(tx: Database, which: SQL): Promise<void> {
  await tx.execute(
    sql`with line as (
          select w.clip, w.render from ${dependency} w join ${render} r on r.id = w.render
          where ${which} order by w.clip, w.render for update of w
        )
        delete from ${dependency} using line
        where ${dependency.clip} = line.clip and ${dependency.render} = line.render`,
  );
}

/** A condition for a row that has not ended. */
const isOpen = inArray(render.state, ['waiting', 'ready']);

/** What `update` is to say of rows that end by it. */
export const endsNow = { endedAt: sql`now()` };

export const noneEnded: RowsEnded = { rows: 0, campaigns: [], over: [], remakes: [] };

const countedRow = z.object({
  campaign: z.string(),
  remake: z.boolean(),
  over: z.boolean(),
  owing: z.boolean(),
});

/** Which campaigns are over, which owe messages about rows, and which are remakes: of a remake nothing else matters. */
function sortCampaigns(rows: readonly z.infer<typeof countedRow>[]): Omit<RowsEnded, 'rows'> {
  const ids = (which: typeof rows): readonly string[] => which.map((row) => row.campaign);
  const owing = ids(rows.filter((row) => row.owing));
  return {
    campaigns: ids(rows),
    over: ids(rows.filter(({ remake, over }) => over && !remake)),
    remakes: ids(rows.filter(({ remake }) => remake)),
    ...(owing.length > 0 && { owing }),
  };
}

/** Counts rows that this transaction has ended, and takes them from what is open in their campaigns: its last locks. */
export async function countEnded(
  tx: Database,
  ended: readonly { readonly campaign: string }[],
): Promise<RowsEnded> {
  const counts = new Map<string, number>();
  for (const { campaign: id } of ended) counts.set(id, (counts.get(id) ?? 0) + 1);
  if (counts.size === 0) return noneEnded;
  const counted = await query(
    tx,
    countedRow,
    sql`with line as (
          select c.id, e.rows from ${campaign} c
          join jsonb_to_recordset(${jsonRows(Array.from(counts, ([id, rows]) => ({ id, rows })))})
            as e(id text, rows int) on e.id = c.id
          order by c.id for no key update of c
        )
        update ${campaign} c set open_rows = c.open_rows - line.rows from line where line.id = c.id
        returning c.id as campaign, c.kind = 'remake' as remake, c.open_rows = 0 and c.state = 'rendering' as over,
          c.row_events as owing`,
  );
  return { rows: ended.length, ...sortCampaigns(counted) };
}

const completedRow = z.object({
  campaign: z.string().nullable(),
  ended: z.boolean(),
  remake: z.boolean().nullable(),
  over: z.boolean().nullable(),
  owing: z.boolean().nullable(),
  link_owner: z.string().nullable(),
});

/** What ending a ready render has brought about. */
export interface Completed {
  readonly ended: RowsEnded;
  /** Whose link it takes, where that is another owner than was said: then nothing has happened. */
  readonly linkOwner: string | undefined;
}

/** Ends a ready render whose link has this owner, or one of its own where none is given. */
export async function completeRender(
  database: Database,
  id: string,
  coming: readonly RenderPicture[],
  owner: string | undefined,
): Promise<Completed> {
  const [done] = await query(
    database,
    completedRow,
    sql`select campaign, ended, remake, over, owing, link_owner
        from bespoke.complete_render(${id}, ${JSON.stringify(coming)}, ${owner ?? null})`,
  );
  if (done === undefined) return { ended: noneEnded, linkOwner: undefined };
  const { campaign: of, remake, over, owing } = done;
  if (of === null) return { ended: noneEnded, linkOwner: done.link_owner ?? undefined };
  const counted = { campaign: of, remake: remake === true, over: over === true, owing: owing === true };
  return { ended: { rows: done.ended ? 1 : 0, ...sortCampaigns([counted]) }, linkOwner: undefined };
}

/** `Renders.fail` within a transaction. Where the row had ended before, the answer may have been lost: it is given again. */
export async function failRender(
  tx: Database,
  id: string,
  code: ErrorCode,
  message: string,
): Promise<RowsEnded> {
  await endDependencies(tx, sql`w.render = ${id}`);
  const ended = await tx
    .update(render)
    .set({ state: 'failed', code, message, ...endsNow })
    .where(and(eq(render.id, id), isOpen))
    .returning({ campaign: render.campaign });
  if (ended.length > 0) return countEnded(tx, ended);
  const before = await tx
    .select({
      campaign: campaign.id,
      kind: campaign.kind,
      openRows: campaign.openRows,
      state: campaign.state,
      owing: campaign.rowEvents,
    })
    .from(render)
    .innerJoin(campaign, eq(campaign.id, render.campaign))
    .where(and(eq(render.id, id), not(isOpen)));
  const counted = before.map(({ campaign: of, kind, openRows, state, owing }) => ({
    ...{ campaign: of, owing },
    remake: kind === 'remake',
    over: openRows === 0 && state === 'rendering',
  }));
  return { rows: 0, ...sortCampaigns(counted) };
}

/**
 * Excludes others who record rows of these campaigns, or cancel, retry or change one. It is taken before any lock of
 * a clip, a dependency or a render. A line in `campaign` is the last lock, since anyone who ends a row counts it there.
 */
export async function lockCampaigns(tx: Database, ids: readonly string[]): Promise<void> {
  await tx.execute(sql`select bespoke.lock_campaigns(${textArray(ids)})`);
}

/** Excludes others who order for a customer's link, or change what it shows. It is taken before the lock of any campaign. */
export const lockOwner = (tx: Database, owner: string): Promise<void> => lockCampaigns(tx, [`link ${owner}`]);

/** Counts rows of a campaign that this transaction has opened, or ended: its last lock. */
export async function addOpenRows(tx: Database, id: string, rows: number): Promise<void> {
  if (rows === 0) return;
  await tx
    .update(campaign)
    .set({ openRows: sql`${campaign.openRows} + ${rows}` })
    .where(eq(campaign.id, id));
}

/** Ends all open rows of a campaign in one way. Its lock is held. */
export async function endOpenRenders(
  tx: Database,
  id: string,
  end:
    | { readonly state: 'cancelled' }
    | { readonly state: 'failed'; readonly code: ErrorCode; readonly message: string },
): Promise<void> {
  await endDependencies(tx, sql`r.campaign = ${id}`);
  const ended = tx.$with('ended').as(
    tx
      .update(render)
      .set({ ...end, ...endsNow })
      .where(and(eq(render.campaign, id), isOpen))
      .returning({ id: render.id }),
  );
  const [counted] = await tx.with(ended).select({ rows: count() }).from(ended);
  await addOpenRows(tx, id, -(counted?.rows ?? 0));
}
