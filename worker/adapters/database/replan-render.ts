import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ClipDraft } from '../../core/clips.ts';
import type { Renders } from '../../core/renders.ts';
import type { Database } from './database.ts';
import { clipsPlanned, recordClipUse, wantClips } from './record-renders.ts';
import { clipsOf, lockClips, releaseContent } from './release-content.ts';
import { readRender } from './remakes.ts';
import {
  addOpenRows,
  countEnded,
  endDependencies,
  endsNow,
  lockCampaigns,
  noneEnded,
} from './row-endings.ts';
import { dependency, render, renderPlan } from './schema.ts';
import { clipUse, planTerms, remake, renderSource } from './viewer-schema.ts';

type Draft = Parameters<Renders['replan']>[2];

/** Whether a render is as it was read: planned with these terms, and with no change of its viewer being made. */
async function isAsRead(tx: Database, id: string, terms: string): Promise<boolean> {
  const [source] = await tx
    .select({ terms: renderSource.terms })
    .from(renderSource)
    .where(eq(renderSource.render, id));
  const remakes = await tx.select({ of: remake.of }).from(remake).where(eq(remake.of, id));
  return source?.terms === terms && remakes.length === 0;
}

const withoutPlan = { key: null, path: [], mix: null, coming: [], clipsLeft: 0 };

/** `Renders.replan` within a transaction. */
export async function replanRender(
  tx: Database,
  id: string,
  terms: string,
  { plan, source }: Draft,
  drafts: readonly ClipDraft[],
): ReturnType<Renders['replan']> {
  const found = await readRender(tx, id);
  if (found === undefined) return undefined;
  await lockCampaigns(tx, [found.campaign]);
  const before = await readRender(tx, id);
  if (before === undefined || !['waiting', 'ready', 'done'].includes(before.state)) return undefined;
  if (!(await isAsRead(tx, id, terms))) return undefined;
  const wasOpen = before.state !== 'done';
  const old = await clipsOf(tx, [before]);
  const wanted = plan.state === 'planned' ? clipsPlanned(plan) : new Set<string>();
  await lockClips(tx, [...old, ...wanted]);
  const states = await wantClips(tx, before.campaign, wanted, drafts);
  await endDependencies(tx, sql`w.render = ${id}`);
  const outdated = [...old].filter((key) => !wanted.has(key));
  await tx.delete(clipUse).where(and(eq(clipUse.render, id), inArray(clipUse.clip, outdated)));
  if (plan.state !== 'planned') {
    const failure = plan.state === 'failed' ? { code: plan.code, message: plan.message } : {};
    await tx
      .update(render)
      .set({ ...withoutPlan, ...failure, state: 'failed', ...endsNow })
      .where(eq(render.id, id));
    await tx.delete(renderPlan).where(eq(renderPlan.render, id));
    await releaseContent(tx, outdated, [before]);
    return { clips: [], ready: false, ended: wasOpen ? await countEnded(tx, [before]) : noneEnded };
  }
  const personal = new Set(drafts.flatMap((each) => (each.personal ? [each.key] : [])));
  const missing = [...wanted].filter((key) => !states.stored.has(key));
  const { key, path, mix, assembly, durationInFrames } = plan;
  const rendered = [...wanted].filter((each) => states.begun.has(each)).length;
  // It keeps when it was done, if it was: so its links stay, and say that it is being made.
  await tx
    .update(render)
    .set({
      ...{ key, path, mix, durationInFrames, personal: plan.personal, coming: [] },
      warnings: before.warnings.filter(({ code }) => code !== 'picture-unavailable'),
      state: missing.length === 0 ? 'ready' : 'waiting',
      ...{ clipsLeft: missing.length, clipsRendered: rendered, clipsReused: wanted.size - rendered },
    })
    .where(eq(render.id, id));
  await tx
    .insert(renderPlan)
    .values({ render: id, plan: assembly })
    .onConflictDoUpdate({ target: renderPlan.render, set: { plan: assembly } });
  if (source !== undefined) {
    const { id: name } = source.terms;
    await tx.insert(planTerms).values({ id: name, terms: source.terms }).onConflictDoNothing();
    await tx.update(renderSource).set({ terms: name }).where(eq(renderSource.render, id));
  }
  if (missing.length > 0) await tx.insert(dependency).values(missing.map((clip) => ({ clip, render: id })));
  await recordClipUse(
    tx,
    [...wanted].flatMap((clip) => (personal.has(clip) ? [{ clip, render: id }] : [])),
  );
  await releaseContent(tx, outdated, [before]);
  if (!wasOpen) await addOpenRows(tx, before.campaign, 1);
  return { clips: missing, ready: missing.length === 0, ended: noneEnded };
}
