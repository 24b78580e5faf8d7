import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CampaignSource } from '../../core/campaigns.ts';
import { erasedFileName } from '../../core/renders.ts';
import { countRows } from './compared-rows.ts';
import { query, textArray, type Database } from './database.ts';
import { clipsOf, lockClips, releaseContent } from './release-content.ts';
import { giveUpRemake, readRender } from './remakes.ts';
import { endDependencies, lockCampaigns, lockOwner } from './row-endings.ts';
import { measurementRefusal, pageView, viewer, viewerEvent } from './measurement-schema.ts';
import { addVideosGone } from './viewer-events.ts';
import { still } from './picture-schema.ts';
import { proof } from './cut-schema.ts';
import { campaign, customerLink, render, renderPlan } from './schema.ts';
import { forgetStills } from './stills.ts';
import {
  clipUse,
  consent,
  demand,
  recordChange,
  remake,
  renderSource,
  session,
  sessionEvent,
  share,
} from './viewer-schema.ts';

type RenderRow = typeof render.$inferSelect;

/** A condition for a row that is about someone: all but those of people who were erased. */
export const isKept = sql`(${render.state} <> 'skipped' or ${render.skippedFor} is not null)`;

const withoutVideo = {
  key: null,
  path: [],
  mix: null,
  durationInFrames: 0,
  personal: false,
  warnings: [],
  segments: null,
  variant: null,
  coming: [],
  state: 'skipped',
  clipsLeft: 0,
  clipsRendered: 0,
  clipsReused: 0,
  code: null,
  message: null,
  link: null,
  linkExpiresAt: null,
  linkOwner: null,
} as const;

/** What is left of a row whose video was deleted: whose it was, so that an erasure of the person finds it. */
const deletedRow = { ...withoutVideo, skippedFor: 'deleted' } as const;

/** What is left of a row whose person was erased. */
export const erasedRow = {
  ...withoutVideo,
  fileName: sql`${erasedFileName(0).slice(0, -1)} || ${render.row}`,
  person: null,
  customerId: null,
  skippedFor: null,
} as const;

/** Takes away what videos are made from, and all that their viewers did and said. */
async function eraseSources(tx: Database, ids: readonly string[]) {
  const theirs = textArray(ids);
  for (const table of [clipUse, demand, recordChange, consent, share, proof] as const) {
    await tx.delete(table).where(sql`render = any${theirs}`);
  }
  await tx.delete(remake).where(sql`of = any${theirs} or render = any${theirs}`);
  const events = await tx
    .delete(sessionEvent)
    .where(sql`session in (select s.id from ${session} s where s.render = any${theirs})`)
    .returning({ seq: sessionEvent.seq });
  const sessions = await tx
    .delete(session)
    .where(sql`render = any${theirs}`)
    .returning({ id: session.id });
  return { sessions: sessions.length, events: events.length };
}

const countRow = z.object({ events: z.coerce.number() });

/** Deletes what is known of how videos were watched. @returns how many events. */
async function eraseWatching(tx: Database, ids: readonly string[]): Promise<number> {
  const theirs = textArray(ids);
  const [counted] = await query(
    tx,
    countRow,
    sql`select count(*) as events from ${viewerEvent} e join ${pageView} p on p.number = e.page_view
        join ${viewer} v on v.session = p.viewer where v.render = any${theirs}`,
  );
  for (const table of [viewer, measurementRefusal] as const)
    await tx.delete(table).where(sql`render = any${theirs}`);
  return counted?.events ?? 0;
}

type Rest = typeof deletedRow | typeof erasedRow;

/** Takes everything out of rows. @returns those that had not ended, be it a moment ago, and those that had a video. */
async function emptyRows(tx: Database, ids: readonly string[], rest: Rest) {
  const before = tx.$with('before').as(
    tx
      .select({ id: render.id, state: render.state })
      .from(render)
      .where(sql`${render.id} = any${textArray(ids)}`)
      .orderBy(render.id)
      .for('no key update'),
  );
  const rows = await tx
    .with(before)
    .update(render)
    .set({
      ...rest,
      endedAt: sql`case when ${before.state} in ('waiting', 'ready') then now() else ${render.endedAt} end`,
    })
    .from(before)
    .where(eq(render.id, before.id))
    .returning({ id: render.id, campaign: render.campaign, before: before.state });
  return {
    open: rows.filter(({ before: was }) => was === 'waiting' || was === 'ready'),
    withVideo: rows.filter(({ before: was }) => was === 'done'),
  };
}

/**
 * Takes away everything that renders are made from and show, and what their viewers did. What others need too stays.
 * Their campaigns are locked.
 *
 * @param rest what their rows say from now on.
 * @param imageKeys of the addresses of pictures that their records named.
 */
export async function emptyRenders(
  tx: Database,
  rows: readonly RenderRow[],
  rest: Rest,
  imageKeys: readonly string[],
) {
  const ids = rows.map(({ id }) => id);
  const keys = await clipsOf(tx, rows);
  // Viewers demand clips only while this is there, which they look at before they lock any.
  for (const table of [renderSource, renderPlan] as const) {
    await tx.delete(table).where(sql`render = any${textArray(ids)}`);
  }
  // Clips are locked before who waits for them, and these before videos.
  await lockClips(tx, keys);
  await endDependencies(tx, sql`w.render = any${textArray(ids)}`);
  const watched = await eraseSources(tx, ids);
  const { open, withVideo } = await emptyRows(tx, ids, rest);
  // After the rows: one that was ending at this moment has its link by now.
  await tx.delete(customerLink).where(sql`render = any${textArray(ids)}`);
  const events = await eraseWatching(tx, ids);
  // After the viewers: who counts them locks figures last.
  await addVideosGone(tx, withVideo);
  await countRows(tx, ids);
  const { clips, addresses } = await releaseContent(tx, keys, rows, imageKeys);
  return { watched: { ...watched, events: watched.events + events }, open, clips, images: addresses };
}

/** `Renders.delete` within a transaction. */
export async function deleteRender(tx: Database, id: string): Promise<boolean> {
  const before = await readRender(tx, id);
  if (before === undefined) return false;
  // Who gives the link of its owner to another render at this moment has ended after this.
  await lockOwner(tx, before.linkOwner ?? id);
  const remakes = await tx
    .select({ id: render.id, campaign: render.campaign })
    .from(remake)
    .innerJoin(render, eq(render.id, remake.render))
    .where(eq(remake.of, id));
  await lockCampaigns(tx, [before.campaign, ...remakes.map((each) => each.campaign)]);
  const row = await readRender(tx, id);
  if (row?.state !== 'done' && row?.state !== 'failed') return false;
  for (const made of remakes) await giveUpRemake(tx, made.id);
  await emptyRenders(tx, [row], deletedRow, []);
  await forgetStills(tx, eq(still.render, id));
  const source: CampaignSource = { kind: 'erased' };
  await tx
    .update(campaign)
    .set({ source, message: null, linkOwner: null, link: null })
    .where(and(eq(campaign.id, row.campaign), eq(campaign.kind, 'render')));
  return true;
}
