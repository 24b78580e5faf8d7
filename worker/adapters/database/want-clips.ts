import { eq, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { ClipDraft, Ledger } from '../../core/ledger.ts';
import { query, type Database } from './database.ts';
import { jsonRows, textArray } from './json-rows.ts';
import { clip, waiting } from './schema.ts';
import { clipUse, viewing, wish } from './viewing-schema.ts';

const keyRow = z.object({ key: z.string() });
const wishRow = z.object({ key: z.string(), priority: z.number() });
const keySet = (rows: readonly { readonly key: string }[]): ReadonlySet<string> =>
  new Set(rows.map(({ key }) => key));

/** @returns keys of those that were not known before. Locks are taken in the order of keys. */
async function insertClips(
  tx: Database,
  campaign: string,
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
          encoding, personal, stills, 'wanted', ${campaign}
        from jsonb_to_recordset(${jsonRows(rows)}) as draft(key text, template text, scene text,
          "codeHash" text, inputs text, format text, fps float8, "durationInFrames" int,
          encoding text, personal bool, stills text)
        order by key
        on conflict (key) do nothing
        returning key`,
  );
  return keySet(inserted);
}

/** Where clips stand for rows that want them now. */
export interface ClipStanding {
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
 * @param campaign that is the first to want those that nobody did; empty for a viewer.
 */
export async function wantClips(
  tx: Database,
  campaign: string,
  keys: ReadonlySet<string>,
  drafts: readonly ClipDraft[],
): Promise<ClipStanding> {
  const inserted = await insertClips(
    tx,
    campaign,
    drafts.filter(({ key }) => keys.has(key)),
  );
  const locked = await tx
    .select({ key: clip.key, state: clip.state })
    .from(clip)
    .where(sql`${clip.key} = any${textArray(keys)}`)
    .orderBy(clip.key)
    .for('no key update');
  if (locked.length < keys.size) throw new Error('A row wants a clip that was not handed in.');
  const known = locked.filter(({ key }) => !inserted.has(key));
  const wanted = known.filter(({ state }) => state === 'wanted');
  const keysOfWanted = textArray(keySet(wanted));
  const awaited = keySet(
    await union(
      tx
        .select({ key: waiting.clip })
        .from(waiting)
        .where(sql`${waiting.clip} = any${keysOfWanted}`),
      tx
        .select({ key: wish.clip })
        .from(wish)
        .where(sql`${wish.clip} = any${keysOfWanted}`),
    ),
  );
  const again = known.filter(
    ({ key, state }) => state === 'failed' || (state === 'wanted' && !awaited.has(key)),
  );
  await tx
    .update(clip)
    .set({ state: 'wanted', campaign, code: null, message: null })
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
  uses: readonly { readonly clip: string; readonly video: string }[],
): Promise<void> {
  if (uses.length === 0) return;
  await tx.execute(
    sql`insert into ${clipUse} (clip, video)
        select clip, video from jsonb_to_recordset(${jsonRows(uses)}) as used(clip text, video text)
        on conflict do nothing`,
  );
}

/** Clips that one viewer can wait for; whoever wants more has left the first of them behind. */
const mostWishes = 16;

/** `Ledger.wish` within a transaction. */
export async function wishClips(
  tx: Database,
  video: string,
  wishes: Parameters<Ledger['wish']>[1],
): ReturnType<Ledger['wish']> {
  const drafts = new Map(wishes.map((each) => [each.clip.key, each.clip]));
  const urgency = new Map<string, number>();
  for (const { clip: draft, priority } of wishes) {
    urgency.set(draft.key, Math.min(priority, urgency.get(draft.key) ?? priority));
  }
  const keys = new Set(drafts.keys());
  if (keys.size === 0) return [];
  const [kept] = await tx
    .select({ video: viewing.video })
    .from(viewing)
    .where(eq(viewing.video, video))
    .for('key share');
  // Erased, or begun before it was known what videos are made from.
  if (kept === undefined) return [];
  const { stored } = await wantClips(tx, '', keys, [...drafts.values()]);
  const personal = [...drafts.values()].filter((draft) => draft.personal);
  await recordClipUse(
    tx,
    personal.map(({ key }) => ({ clip: key, video })),
  );
  const open = [...urgency].flatMap(([key, priority]) => (stored.has(key) ? [] : [{ key, priority }]));
  if (open.length === 0) return [];
  const wished = await query(
    tx,
    wishRow,
    sql`insert into ${wish} (clip, video, priority, created_at)
        select key, ${video}, priority, clock_timestamp()
        from jsonb_to_recordset(${jsonRows(open)}) as open(key text, priority int)
        order by key
        on conflict (clip, video) do update
        set priority = least(wish.priority, excluded.priority), created_at = clock_timestamp()
        returning clip as key, priority`,
  );
  await tx.execute(
    sql`delete from ${wish} where video = ${video} and clip in (
          select clip from ${wish} where video = ${video}
          order by created_at desc, clip offset ${mostWishes})`,
  );
  return wished;
}
