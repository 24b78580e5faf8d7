import { createHash } from 'node:crypto';
import { and, eq, inArray, isNotNull, ne, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { canonicalJson } from '../../../video/story/canonical-json.ts';
import type { RowsEnded } from '../../core/clips.ts';
import type { RenderPicture } from '../../core/render-schema.ts';
import { query, type Database, type DatabaseAccess } from './database.ts';
import { clipsOf, lockClips, releaseContent } from './release-content.ts';
import { giveUpRemake, readRender } from './remakes.ts';
import { completeRender, type Completed, lockCampaigns, lockOwner } from './row-endings.ts';
import { campaign, customerLink, render, renderPlan } from './schema.ts';
import {
  clipUse,
  consent,
  demand,
  planTerms,
  recordChange,
  remake,
  renderSource,
  share,
} from './viewer-schema.ts';

type RenderRow = typeof render.$inferSelect;
type LinkRow = typeof customerLink.$inferSelect;

/** Other renders of an owner that ended and still hold something. */
const othersOf = (tx: Database, owner: string, id: string): Promise<RenderRow[]> =>
  tx
    .select()
    .from(render)
    .where(
      and(
        eq(render.linkOwner, owner),
        ne(render.id, id),
        eq(render.state, 'done'),
        or(isNotNull(render.key), sql`exists (select from ${remake} r where r.of = ${render.id})`),
      ),
    );

/** Locks the campaigns of renders, and those of their remakes. */
async function lockRenders(tx: Database, rows: readonly RenderRow[]): Promise<void> {
  const remakes = await tx
    .select({ campaign: render.campaign })
    .from(remake)
    .innerJoin(render, eq(render.id, remake.render))
    .where(
      inArray(
        remake.of,
        rows.map(({ id }) => id),
      ),
    );
  await lockCampaigns(tx, [...new Set([...rows, ...remakes].map((each) => each.campaign))]);
}

/**
 * Takes away everything that renders are made from and show, since a newer render has their link. Their rows stay, as
 * do the sessions of their viewers, which say what was watched. The campaigns are locked.
 */
async function emptyReplaced(tx: Database, rows: readonly RenderRow[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  for (const { render: made } of await tx.select().from(remake).where(inArray(remake.of, ids))) {
    await giveUpRemake(tx, made);
  }
  const keys = await clipsOf(tx, rows);
  // Viewers demand clips only while this is there, which they look at before they lock any.
  await tx.delete(renderSource).where(inArray(renderSource.render, ids));
  await tx.delete(renderPlan).where(inArray(renderPlan.render, ids));
  await lockClips(tx, keys);
  for (const table of [clipUse, demand, recordChange, consent] as const) {
    await tx.delete(table).where(inArray(table.render, ids));
  }
  await tx.update(render).set({ key: null, path: [], mix: null, coming: [] }).where(inArray(render.id, ids));
  await releaseContent(tx, keys, rows);
}

/** Where an order stands among those of an owner. */
type Order = Pick<LinkRow, 'number' | 'row'>;

const isNewer = (one: Order, other: Order): boolean =>
  one.number > other.number || (one.number === other.number && one.row > other.row);

async function orderOf(tx: Database, { campaign: id, row }: RenderRow): Promise<Order> {
  const [found] = await tx.select({ number: campaign.number }).from(campaign).where(eq(campaign.id, id));
  if (found === undefined) throw new Error(`Campaign ${id} of a render is missing.`);
  return { number: found.number, row };
}

async function readLink(tx: Database, owner: string): Promise<LinkRow | undefined> {
  const [found] = await tx.select().from(customerLink).where(eq(customerLink.owner, owner));
  return found;
}

/**
 * What an order makes for its customer: the video, where its links lead, and what it shows coarser. Another order that makes the same changes
 * nothing. Kept apart from the source, which viewers change.
 */
async function plannedKeyOf(tx: Database, { id, key, campaign: of }: RenderRow): Promise<string> {
  const [source] = await tx
    .select({ terms: planTerms.terms, record: renderSource.record, link: campaign.link })
    .from(renderSource)
    .innerJoin(planTerms, eq(planTerms.id, renderSource.terms))
    .innerJoin(campaign, eq(campaign.id, of))
    .where(eq(renderSource.render, id));
  const { linkFields = [], coarser } = source?.terms ?? {};
  const link = source?.link ?? undefined;
  const own = linkFields.map((name) => source?.record[name] ?? null);
  const isPlain = link === undefined && coarser === undefined && own.every((address) => address === null);
  if (isPlain) return key ?? '';
  // What viewers choose may show a field that the video itself does not.
  const terms = [link ?? null, own, ...(coarser === undefined ? [] : [coarser])];
  const hash = createHash('sha256').update(canonicalJson(terms));
  return `${key ?? ''} ${hash.digest('hex').slice(0, 32)}`;
}

/** The link that a render's owner has from now on: that of the first render, where it had one of its own. */
async function beginLink(
  tx: Database,
  owner: string,
  made: RenderRow,
  order: Order & Pick<LinkRow, 'plannedKey'>,
): Promise<void> {
  // Read once more: it may have been withdrawn or renewed since.
  const now = await readRender(tx, made.id);
  const first = await readRender(tx, owner);
  const { link = null, linkExpiresAt: expiresAt = null } = first ?? now ?? {};
  await tx.insert(customerLink).values({ owner, link, expiresAt, render: made.id, ...order });
}

/** The end of a render that another transaction changed in between. */
class Overtaken extends Error {}

/**
 * Ends a ready render and gives it the link of its owner, everywhere in this transaction, unless a newer order has it.
 * What it replaces is emptied. Where its record makes just what the link shows, be it with changes of the viewer, the
 * link stays where it is: their choices and corrections are kept.
 */
async function publish(
  tx: Database,
  id: string,
  owner: string,
  coming: readonly RenderPicture[],
): Promise<Completed> {
  await lockOwner(tx, owner);
  const before = await othersOf(tx, owner, id);
  const found = await readRender(tx, id);
  if (found !== undefined && before.length > 0) await lockRenders(tx, [...before, found]);
  const made = await readRender(tx, id);
  if (made?.state !== 'ready' || made.linkOwner !== owner) return completeRender(tx, id, coming, owner);
  const complete = async (): Promise<Completed> => {
    const completed = await completeRender(tx, id, coming, owner);
    // Nothing of this holds where it was cancelled, or ended by another worker, meanwhile.
    if (completed.ended.rows === 0) throw new Overtaken();
    return completed;
  };

  const order = await orderOf(tx, made);
  const link = await readLink(tx, owner);
  const others = await othersOf(tx, owner, id);
  const plannedKey = await plannedKeyOf(tx, made);
  if (link?.render === id) return complete();
  const takes =
    link === undefined || (isNewer(order, link) && !(link.plannedKey === plannedKey && others.length > 0));
  if (takes) {
    await tx
      .update(share)
      .set({ render: id })
      .where(eq(share.render, link?.render ?? owner));
    await emptyReplaced(tx, others);
    const completed = await complete();
    if (link === undefined) await beginLink(tx, owner, made, { ...order, plannedKey });
    else {
      await tx
        .update(customerLink)
        .set({ render: id, shownAt: sql`now()`, ...order, plannedKey })
        .where(eq(customerLink.owner, owner));
    }
    return completed;
  }
  const completed = await complete();
  const done = await readRender(tx, id);
  if (done !== undefined) await emptyReplaced(tx, [done]);
  if (isNewer(order, link)) {
    await tx.update(customerLink).set(order).where(eq(customerLink.owner, owner));
  }
  return completed;
}

/** `Renders.complete`. */
export async function endRender(
  { database, transaction }: Pick<DatabaseAccess, 'database' | 'transaction'>,
  id: string,
  coming: readonly RenderPicture[],
): Promise<RowsEnded> {
  for (;;) {
    const { ended, linkOwner } = await completeRender(database, id, coming, undefined);
    if (linkOwner === undefined) return ended;
    try {
      const published = await transaction((tx) => publish(tx, id, linkOwner, coming));
      if (published.linkOwner === undefined) return published.ended;
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
}

/** `Renders.keepLink` within a transaction. */
export async function keepLink(tx: Database, id: string): Promise<string | undefined> {
  const found = await readRender(tx, id);
  if (found === undefined) return undefined;
  if (found.linkOwner !== null) return found.linkOwner;
  await lockOwner(tx, id);
  await lockCampaigns(tx, [found.campaign]);
  await tx
    .update(render)
    .set({ linkOwner: id })
    .where(and(eq(render.id, id), ne(render.state, 'skipped')));
  const now = await readRender(tx, id);
  if (now === undefined || now.linkOwner === null) return undefined;
  if (now.state !== 'done') return id;
  await tx
    .insert(customerLink)
    .values({
      ...{ owner: id, link: now.link, expiresAt: now.linkExpiresAt, render: id },
      ...(await orderOf(tx, now)),
      ...{ shownAt: now.endedAt ?? new Date(), plannedKey: await plannedKeyOf(tx, now) },
    })
    .onConflictDoNothing();
  return id;
}

/** `Renders.relink` within a transaction. */
export async function relink(tx: Database, id: string, link: string | null): Promise<void> {
  const before = await readRender(tx, id);
  if (before === undefined) return;
  // Who gives the owner another video, or a link of its own, at this moment has ended after this.
  await lockOwner(tx, before.linkOwner ?? id);
  const found = await readRender(tx, id);
  if (found === undefined) return;
  const [kept] =
    found.linkOwner === null
      ? []
      : await tx
          .update(customerLink)
          .set({ link })
          .where(eq(customerLink.owner, found.linkOwner))
          .returning({ render: customerLink.render });
  if (kept === undefined) await tx.update(render).set({ link }).where(eq(render.id, id));
  await tx.delete(share).where(eq(share.render, kept?.render ?? id));
}

/** Owners of the links of a campaign's customers. */
const ownersIn = (of: string) =>
  sql`(select r.link_owner from ${render} r where r.campaign = ${of} and r.link_owner is not null)`;

/** 128 random bits, as the links that this process makes; a UUID alone has fewer. */
const randomLink = sql`translate(
    encode(substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) from 1 for 16), 'base64'),
    '+/=', '-_'
  )`;

/** `Renders.relinkCampaign` within a transaction. */
export async function relinkCampaign(tx: Database, of: string, what: 'renew' | 'withdraw'): Promise<void> {
  const link = what === 'renew' ? randomLink : sql`null`;
  await tx.execute(sql`update ${render} set link = ${link} where campaign = ${of} and state <> 'skipped'`);
  await tx.execute(sql`update ${customerLink} set link = ${link} where owner in ${ownersIn(of)}`);
  await tx.execute(
    sql`delete from ${share} where render in (select r.id from ${render} r where r.campaign = ${of})
          or render in (select l.render from ${customerLink} l where l.owner in ${ownersIn(of)})`,
  );
}

/** `Renders.expireLinks` within a transaction. */
export async function expireLinks(
  tx: Database,
  which: { readonly render: string } | { readonly campaign: string },
  at: Date | undefined,
): Promise<void> {
  const end = at === undefined ? sql`null` : sql`${at.toISOString()}::timestamptz`;
  const rows = 'render' in which ? sql`r.id = ${which.render}` : sql`r.campaign = ${which.campaign}`;
  if ('render' in which) {
    const found = await readRender(tx, which.render);
    if (found !== undefined) await lockOwner(tx, found.linkOwner ?? found.id);
  }
  // Renders first: who ends one of them, and begins its link, has ended after this.
  await tx.execute(
    sql`update ${render} r set link_expires_at = ${end} where ${rows} and r.state <> 'skipped'`,
  );
  await tx.execute(
    sql`update ${customerLink} set expires_at = ${end}
        where owner in (select r.link_owner from ${render} r where ${rows} and r.link_owner is not null)`,
  );
}

const idRow = z.object({ id: z.string() });

/**
 * `Campaigns.newestOf`.
 *
 * @param standing leaves out orders that failed or were cancelled.
 */
export async function newestOrder(
  database: Database,
  owner: string,
  standing = false,
): Promise<string | undefined> {
  const [ofRender, ofCampaign] = standing
    ? [
        sql` and r.state not in ('failed', 'cancelled')`,
        sql` and c.state not in ('failed', 'cancelled')
             and not exists (select from ${render} r where r.campaign = c.id)`,
      ]
    : [sql``, sql``];
  const [found] = await query(
    database,
    idRow,
    sql`select id from (
          select r.id, c.number, r."row" from ${render} r join ${campaign} c on c.id = r.campaign
            where r.link_owner = ${owner} and r.state <> 'skipped'${ofRender}
          union all
          select c.id, c.number, 1 as "row" from ${campaign} c where c.link_owner = ${owner}${ofCampaign}
        ) as ordered order by number desc, "row" desc limit 1`,
  );
  return found?.id;
}
