import { and, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { erasedFileName } from '../../core/erased-row.ts';
import { imageHashes } from '../../core/image-hashes.ts';
import type { OrderSource } from '../../core/orders.ts';
import type { Erased, Subject } from '../../core/people.ts';
import { videoFiles } from '../../core/video.ts';
import { query, type Database } from './database.ts';
import { jsonRows, textArray } from './json-rows.ts';
import { campaign, clip, delivery, idempotency, image, order, video, webhookDelivery } from './schema.ts';
import { noteRemovals, type Doomed } from './removals.ts';
import { clipUse, session, viewing, wish } from './viewing-schema.ts';
import { endsNow, endWaiting, lockCampaigns } from './video-endings.ts';

/** A video's rows of a subject. */
export const theirVideos = (subject: Subject): SQL =>
  'person' in subject ? eq(video.person, subject.person) : eq(video.id, subject.video);

/** A subject's single renders. */
export const theirRenders = (subject: Subject): SQL | undefined =>
  and(
    eq(order.kind, 'render'),
    'person' in subject ? eq(order.person, subject.person) : eq(order.campaign, subject.video),
  );

const textRow = z.object({ text: z.string() });

/** Which of these texts stand in no line of what is asked. @param found finds one, named `t.text`. */
async function unmentioned(tx: Database, texts: Iterable<string>, found: SQL): Promise<readonly string[]> {
  const rows = await query(
    tx,
    textRow,
    sql`select t.text from unnest(${textArray(new Set(texts))}) as t(text) where not exists (${found})`,
  );
  return rows.map(({ text }) => text);
}

/** Forgets pictures that no clip shows any more. @returns their files. */
async function forgetImages(
  tx: Database,
  hashes: readonly string[],
  urlKeys: readonly string[],
): Promise<{ readonly files: readonly Doomed[]; readonly addresses: number }> {
  const remembered = await tx
    .select({ hash: image.hash })
    .from(image)
    .where(sql`${image.urlKey} = any${textArray(urlKeys)}`);
  const candidates = [...hashes, ...remembered.flatMap(({ hash }) => hash ?? [])];
  const unused = await unmentioned(
    tx,
    candidates,
    sql`select from ${clip} c where position(t.text in c.inputs) > 0`,
  );
  const forgotten = await tx
    .delete(image)
    .where(or(sql`${image.urlKey} = any${textArray(urlKeys)}`, sql`${image.hash} = any${textArray(unused)}`))
    .returning({ urlKey: image.urlKey });
  return {
    files: unused.map((hash) => ({ shelf: 'images', name: `${hash}.jpg`, inWork: false })),
    addresses: forgotten.length,
  };
}

/** Locks the campaigns that may hold, or be about to record, a row of the subject. */
async function lockTheirCampaigns(tx: Database, subject: Subject): Promise<void> {
  const rows = await tx.select({ id: video.campaign }).from(video).where(theirVideos(subject));
  const orders = await tx.select({ id: order.campaign }).from(order).where(theirRenders(subject));
  // Who records rows at this moment has looked before this person was barred, or sees it.
  const open =
    'person' in subject
      ? await tx.select({ id: campaign.id }).from(campaign).where(isNull(campaign.finishedAt))
      : [];
  await lockCampaigns(tx, [...new Set([...rows, ...orders, ...open].map(({ id }) => id))]);
}

/** Takes the records of single renders away, with what their clients said of them. */
async function eraseRenders(tx: Database, subject: Subject) {
  const source: OrderSource = { kind: 'erased' };
  const renders = await tx
    .update(order)
    .set({ source, metadata: {}, webhookUrl: null, message: null, person: null })
    .where(theirRenders(subject))
    .returning({ id: order.campaign });
  const ids = renders.map(({ id }) => id);
  const keys = await tx
    .delete(idempotency)
    .where(inArray(idempotency.order, ids))
    .returning({ key: idempotency.key });
  const webhooks = await tx
    .delete(webhookDelivery)
    .where(inArray(webhookDelivery.order, ids))
    .returning({ id: webhookDelivery.id });
  return { records: ids.length, idempotencyKeys: keys.length, webhooks: webhooks.length };
}

/** Forgets personal clips that no other video shows. */
async function eraseClips(tx: Database, keys: ReadonlySet<string>) {
  const personal = await tx
    .select({ key: clip.key, inputs: clip.inputs, state: clip.state })
    .from(clip)
    .where(and(sql`${clip.key} = any${textArray(keys)}`, clip.personal));
  const unused = new Set(
    await unmentioned(
      tx,
      personal.map(({ key }) => key),
      sql`select from ${video} v where v.personal and position(t.text in v.path) > 0
          union all select from ${clipUse} u where u.clip = t.text`,
    ),
  );
  const gone = personal.filter(({ key }) => unused.has(key));
  await tx.delete(clip).where(sql`${clip.key} = any${textArray(unused)}`);
  return {
    keys: gone.map(({ key }) => key),
    files: gone.map(({ key, state }): Doomed => ({
      shelf: 'clips',
      name: `${key}.mp4`,
      inWork: state === 'wanted',
    })),
    hashes: gone.flatMap(({ inputs }) => imageHashes(inputs)),
  };
}

type Rows = readonly Pick<typeof video.$inferSelect, 'key' | 'mix' | 'state'>[];

/** The files of videos that nobody else has, be it of the same name and plan. */
async function filesOfVideos(tx: Database, rows: Rows): Promise<readonly Doomed[]> {
  const inWork = rows.some(({ state }) => state === 'waiting' || state === 'ready');
  const keys = await unmentioned(
    tx,
    rows.flatMap(({ key }) => key ?? []),
    sql`select from ${video} v where v.key = t.text`,
  );
  const mixes = await unmentioned(
    tx,
    rows.flatMap(({ mix }) => mix ?? []),
    sql`select from ${video} v where v.mix = t.text`,
  );
  return [
    ...keys.flatMap((key): readonly Doomed[] => {
      const files = videoFiles(key);
      return [
        { shelf: 'videos', name: files.video, inWork },
        { shelf: 'posters', name: files.poster, inWork },
        { shelf: 'teasers', name: files.teaser, inWork },
        { shelf: 'captions', name: files.captions, inWork },
      ];
    }),
    ...mixes.map((mix): Doomed => ({ shelf: 'mixes', name: `${mix}.m4a`, inWork })),
  ];
}

/** What is left of a row whose person was erased. */
const emptied = {
  fileName: sql`${erasedFileName(0).slice(0, -1)} || ${video.row}`,
  key: null,
  path: [],
  mix: null,
  durationInFrames: 0,
  person: null,
  personal: false,
  warnings: [],
  state: 'skipped',
  erased: true,
  delivered: true,
  clipsLeft: 0,
  clipsRendered: 0,
  clipsReused: 0,
  code: null,
  message: null,
  link: null,
} as const;

/** `People.erase` within a transaction. */
export async function erasePerson(
  tx: Database,
  subject: Subject,
  imageKeys: readonly string[],
): Promise<Erased> {
  await lockTheirCampaigns(tx, subject);
  const rows = await tx
    .select()
    .from(video)
    .where(and(theirVideos(subject), eq(video.erased, false)));
  const ids = rows.map(({ id }) => id);
  const used = await tx
    .select({ clip: clipUse.clip })
    .from(clipUse)
    .where(sql`${clipUse.video} = any${textArray(ids)}`);
  const keys = new Set([
    ...rows.flatMap(({ path }) => path.map((step) => step.clip)),
    ...used.map((use) => use.clip),
  ]);
  // Clips are locked before who waits for them, and these before videos.
  await tx
    .select({ key: clip.key })
    .from(clip)
    .where(sql`${clip.key} = any${textArray(keys)}`)
    .orderBy(clip.key)
    .for('update');
  await endWaiting(tx, sql`w.video = any${textArray(ids)}`);
  for (const table of [wish, clipUse, viewing, session]) {
    await tx.delete(table).where(sql`${table.video} = any${textArray(ids)}`);
  }
  const handedOver = await tx
    .delete(delivery)
    .where(
      sql`(file_name, key) in (select "fileName", key from jsonb_to_recordset(${jsonRows(rows)})
            as line("fileName" text, key text))`,
    )
    .returning({ key: delivery.key });
  await tx
    .update(video)
    .set(emptied)
    .where(sql`${video.id} = any${textArray(ids)}`);
  const open = rows.filter(({ state }) => state === 'waiting' || state === 'ready');
  await tx
    .update(video)
    .set(endsNow)
    .where(sql`${video.id} = any${textArray(open.map(({ id }) => id))}`);

  const renders = await eraseRenders(tx, subject);
  const clips = await eraseClips(tx, keys);
  const images = await forgetImages(tx, clips.hashes, imageKeys);
  await noteRemovals(tx, [...(await filesOfVideos(tx, rows)), ...clips.files, ...images.files]);
  return {
    counts: {
      videos: rows.length,
      ...renders,
      clips: clips.keys.length,
      images: images.addresses,
      handedOver: handedOver.length,
    },
    campaigns: [...new Set(rows.map((row) => row.campaign))],
    rowsEnded: open.length,
    clips: clips.keys,
    videos: open.map(({ id }) => id),
  };
}
