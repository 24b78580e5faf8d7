import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { SettledRemakes } from '../../core/viewers.ts';
import type { WebhookEvent } from '../../core/webhooks.ts';
import { query, type Database } from './database.ts';
import { filesOfRenders, lockClips, noteRemovals, releaseContent } from './release-content.ts';
import { endDependencies, lockCampaigns } from './row-endings.ts';
import { campaign, render, renderPlan } from './schema.ts';
import { clipUse, remake } from './viewer-schema.ts';

type RenderRow = typeof render.$inferSelect;

const nothing: SettledRemakes = { failed: [], owed: [], coming: [] };

/** Reads a row by its id. */
export async function readRender(tx: Database, id: string): Promise<RenderRow | undefined> {
  const [found] = await tx.select().from(render).where(eq(render.id, id));
  return found;
}

async function clipsUsed(tx: Database, id: string): Promise<readonly string[]> {
  const used = await tx.select({ clip: clipUse.clip }).from(clipUse).where(eq(clipUse.render, id));
  return used.map((each) => each.clip);
}

/** Removes a remake's row and campaign. */
async function removeRow(tx: Database, { id, campaign: of }: RenderRow): Promise<void> {
  await endDependencies(tx, sql`w.render = ${id}`);
  await tx.delete(render).where(eq(render.id, id));
  await tx.delete(campaign).where(eq(campaign.id, of));
}

/** Gives up a remake, with what only it would have shown. */
export async function giveUpRemake(tx: Database, id: string): Promise<void> {
  const row = await readRender(tx, id);
  if (row === undefined) return;
  const keys = await clipsUsed(tx, id);
  await lockClips(tx, keys);
  await removeRow(tx, row);
  await releaseContent(tx, keys, [row]);
}

/** Longer than any process takes from the campaign of a remake to the line in `remake`. */
export const unrecorded = sql`interval '10 minutes'`;

/** Rows of remakes without a line in `remake`: nothing will ever show or erase them. */
export async function orphanedRemakes(database: Database): Promise<readonly string[]> {
  const found = await database
    .select({ id: render.id })
    .from(render)
    .innerJoin(campaign, eq(campaign.id, render.id))
    .where(
      sql`${campaign.kind} = 'remake' and ${campaign.createdAt} < now() - ${unrecorded}
          and not exists (select from ${remake} r where r.render = ${render.id})`,
    );
  return found.map(({ id }) => id);
}

/** Takes a render's files away, since it has a remake: from now on nobody sees it. */
export async function withdrawRender(tx: Database, row: RenderRow): Promise<void> {
  await tx.update(render).set({ key: null, path: [], mix: null, coming: [] }).where(eq(render.id, row.id));
  await tx.delete(renderPlan).where(eq(renderPlan.render, row.id));
  await noteRemovals(tx, await filesOfRenders(tx, [row]));
}

/** Takes clips away from a video, and their files where no other one shows them. */
export async function dropClips(tx: Database, id: string, keys: readonly string[]): Promise<void> {
  await lockClips(tx, keys);
  await tx.delete(clipUse).where(and(eq(clipUse.render, id), inArray(clipUse.clip, [...keys])));
  await releaseContent(tx, keys, []);
}

const idRow = z.object({ id: z.string() });

/** Owes the webhooks of a single render one message more. @returns the deliveries to queue. */
async function oweWebhook(tx: Database, of: string, event: WebhookEvent): Promise<readonly string[]> {
  const [owing] = await tx
    .update(campaign)
    .set({ round: sql`${campaign.round} + 1` })
    .where(and(eq(campaign.id, of), eq(campaign.kind, 'render')))
    .returning({ round: campaign.round });
  if (owing === undefined) return [];
  const owed = await query(
    tx,
    idRow,
    sql`select id from bespoke.owe_messages(${of}, ${owing.round}, null, ${event}) as owed(id)`,
  );
  return owed.map(({ id }) => id);
}

/** Puts a remake that is done in the place of its render. If its failure was reported, its end is reported too. */
async function adopt(
  tx: Database,
  row: RenderRow,
  made: RenderRow,
  failureSent: boolean,
): Promise<SettledRemakes> {
  const { key, path, mix, durationInFrames, personal, coming } = made;
  const isPicture = ({ code }: (typeof made.warnings)[number]): boolean => code === 'picture-unavailable';
  const warnings = [...row.warnings.filter((each) => !isPicture(each)), ...made.warnings.filter(isPicture)];
  await lockClips(tx, await clipsUsed(tx, made.id));
  await tx
    .update(render)
    .set({ key, path, mix, durationInFrames, personal, coming, warnings })
    .where(eq(render.id, row.id));
  await tx.execute(
    sql`insert into ${clipUse} (clip, render) select clip, ${row.id} from ${clipUse} where render = ${made.id}
        on conflict do nothing`,
  );
  await tx.delete(renderPlan).where(eq(renderPlan.render, row.id));
  await tx.update(renderPlan).set({ render: row.id }).where(eq(renderPlan.render, made.id));
  await removeRow(tx, made);
  return {
    failed: [],
    owed: failureSent ? await oweWebhook(tx, row.campaign, 'render.done') : [],
    coming: coming.length > 0 ? [{ id: row.id, priority: row.priority }] : [],
  };
}

/** Looks at the end of a remake, with the locks of both campaigns. */
export async function settleRemake(tx: Database, id: string): Promise<SettledRemakes> {
  const [found] = await tx.select().from(remake).where(eq(remake.render, id));
  const [made, row] = found === undefined ? [] : [await readRender(tx, id), await readRender(tx, found.of)];
  if (made === undefined || row === undefined || row.state === 'skipped') return nothing;
  await lockCampaigns(tx, [made.campaign, row.campaign]);
  const now = await readRender(tx, id);
  const [line] = await tx.select().from(remake).where(eq(remake.render, id));
  if (now === undefined || line === undefined) return nothing;
  if (now.state === 'done') return adopt(tx, row, now, line.failureReported);
  if (now.state !== 'failed' || line.failureReported) return nothing;
  const failureReported = tx
    .$with('reported')
    .as(
      tx
        .update(remake)
        .set({ failureReported: true })
        .where(eq(remake.render, id))
        .returning({ render: remake.render }),
    );
  await tx
    .with(failureReported)
    .update(campaign)
    .set({ state: 'finished', endedAt: sql`now()` })
    .where(eq(campaign.id, now.campaign));
  return {
    failed: [{ render: row.id, code: now.code ?? 'internal' }],
    owed: await oweWebhook(tx, row.campaign, 'render.failed'),
    coming: [],
  };
}

/** Rows whose end is to be looked at by `settleRemake`. */
export async function endedRemakes(
  database: Database,
  ids: readonly string[] | undefined,
): Promise<readonly string[]> {
  const found = await database
    .select({ id: remake.render })
    .from(remake)
    .innerJoin(render, eq(render.id, remake.render))
    .where(
      and(
        or(eq(render.state, 'done'), and(eq(render.state, 'failed'), eq(remake.failureReported, false))),
        ids && inArray(remake.render, [...ids]),
      ),
    );
  return found.map(({ id }) => id);
}
