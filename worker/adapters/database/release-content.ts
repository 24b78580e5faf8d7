import { and, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import {
  clipFiles,
  contentFiles,
  imageHashes,
  recordingHashes,
  speechHashes,
  stillName,
} from '../../core/clips.ts';
import type { Namespace } from '../../core/ports.ts';
import { renderFiles } from '../../core/renders.ts';
import { jsonRows, query, textArray, type Database } from './database.ts';
import { image, still } from './picture-schema.ts';
import { campaign, clip, render } from './schema.ts';
import { clipUse, removal } from './viewer-schema.ts';

/** For how long a job that began before may still publish what it made. */
const watch = sql`interval '1 hour'`;

/** A file that nobody needs any more. */
export interface Doomed {
  readonly namespace: Namespace;
  readonly name: string;
  /** Whether a job may be at it right now. */
  readonly inWork: boolean;
}

/** Notes files that are to be removed. */
export async function noteRemovals(tx: Database, files: readonly Doomed[]): Promise<void> {
  await tx.execute(
    sql`insert into ${removal} (namespace, name, watch_until)
        select namespace, name, now() + case when bool_or("inWork") then ${watch} else interval '0' end
        from jsonb_to_recordset(${jsonRows(files)}) as file(namespace text, name text, "inWork" bool)
        group by namespace, name
        on conflict (namespace, name) do update set watch_until = greatest(excluded.watch_until, removal.watch_until)`,
  );
}

/** Clips that show a picture, or say something. @param hash an expression. */
const showing = (hash: SQL): SQL =>
  sql`select from ${clip} c where bespoke.image_hashes(c.inputs) @> array[${hash}]`;

/** Keeps files that are needed again: equal content has one name, whichever person it is about. */
export async function keepNeeded(database: Database): Promise<void> {
  const stem = sql`split_part(r.name, '.', 1)`;
  await database.execute(
    sql`delete from ${removal} r where case r.namespace
          when 'stills' then exists (select from ${clip} c where c.key = split_part(${stem}, '-', 1))
            or exists (select from ${still} s where s.id = ${stem})
          when 'clips' then exists (select from ${clip} c where c.key = ${stem})
          when 'images' then exists (select from ${image} i where i.hash = ${stem})
            or exists (${showing(stem)})
          when 'speech' then exists (select from ${image} i where i.hash = ${stem})
            or exists (${showing(stem)})
          when 'mixes' then exists (select from ${render} v where v.mix = ${stem})
          when 'inputs' then exists (select from ${campaign} c where position(r.name in c.source) > 0)
          else exists (select from ${render} v where v.key = ${stem})
        end`,
  );
}

const textRow = z.object({ text: z.string() });

/** Which of these texts are in no line of what is asked. @param found finds one, named `t.text`. */
async function unmentioned(tx: Database, texts: Iterable<string>, found: SQL): Promise<readonly string[]> {
  const rows = await query(
    tx,
    textRow,
    sql`select t.text from unnest(${textArray(new Set(texts))}) as t(text) where not exists (${found})`,
  );
  return rows.map(({ text }) => text);
}

const filesOfImages = (hashes: readonly string[]): readonly Doomed[] =>
  hashes.flatMap((hash) => contentFiles(hash).map((file) => ({ ...file, inWork: false })));

/** For how long a picture is kept that no clip was made with: longer than it is taken for current. */
const unneededFor = sql`interval '2 days'`;
const unneededAtOnce = 1_000;

/** Forgets pictures that were only looked at, and that cannot be had, when they are too old to be used. */
export async function forgetUnneededImages(tx: Database): Promise<void> {
  const forgotten = await query(
    tx,
    z.object({ hash: z.string().nullable() }),
    sql`delete from ${image} where url_key in (
          select url_key from ${image} where not needed and fetched_at < now() - ${unneededFor}
          order by fetched_at limit ${unneededAtOnce} for update skip locked
        ) returning hash`,
  );
  const unused = await unmentioned(
    tx,
    forgotten.flatMap(({ hash }) => hash ?? []),
    sql`${showing(sql`t.text`)} union all select from ${image} i where i.hash = t.text`,
  );
  await noteRemovals(tx, filesOfImages(unused));
}

/** Forgets pictures that were fetched for stills, unless a clip shows them or is being planned with them. */
export async function forgetImagesOfStills(
  tx: Database,
  hashes: readonly string[],
): Promise<readonly Doomed[]> {
  const unused = await unmentioned(
    tx,
    hashes,
    sql`${showing(sql`t.text`)} union all select from ${image} i where i.hash = t.text and i.needed`,
  );
  await tx.delete(image).where(sql`${image.hash} = any${textArray(unused)}`);
  return filesOfImages(unused);
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
  const unused = await unmentioned(tx, candidates, showing(sql`t.text`));
  const forgotten = await tx
    .delete(image)
    .where(or(sql`${image.urlKey} = any${textArray(urlKeys)}`, sql`${image.hash} = any${textArray(unused)}`))
    .returning({ urlKey: image.urlKey });
  return {
    files: filesOfImages(unused),
    addresses: forgotten.length,
  };
}

/** Every clip that these rows show, or that was made for their viewers. */
export async function clipsOf(
  tx: Database,
  rows: readonly Pick<typeof render.$inferSelect, 'id' | 'path'>[],
): Promise<ReadonlySet<string>> {
  const used = await tx
    .select({ clip: clipUse.clip })
    .from(clipUse)
    .where(sql`${clipUse.render} = any${textArray(rows.map(({ id }) => id))}`);
  return new Set([...rows.flatMap(({ path }) => path), ...used].map((each) => each.clip));
}

/** Locks clips in the order of their keys, as everybody does who changes several. */
export async function lockClips(tx: Database, keys: Iterable<string>): Promise<void> {
  await tx
    .select({ key: clip.key })
    .from(clip)
    .where(sql`${clip.key} = any${textArray(keys)}`)
    .orderBy(clip.key)
    .for('update');
}

/** Forgets personal clips that no other video shows. They are locked. */
async function forgetClips(
  tx: Database,
  keys: Iterable<string>,
): Promise<{
  readonly keys: readonly string[];
  readonly files: readonly Doomed[];
  readonly hashes: readonly string[];
}> {
  const personal = await tx
    .select({
      ...{ key: clip.key, inputs: clip.inputs, state: clip.state, stills: clip.stills },
      hasSound: clip.hasSound,
    })
    .from(clip)
    .where(and(sql`${clip.key} = any${textArray(keys)}`, clip.personal));
  const unused = new Set(
    await unmentioned(
      tx,
      personal.map(({ key }) => key),
      sql`select from ${clipUse} u where u.clip = t.text`,
    ),
  );
  const gone = personal.filter(({ key }) => unused.has(key));
  await tx.delete(clip).where(sql`${clip.key} = any${textArray(unused)}`);
  return {
    keys: gone.map(({ key }) => key),
    files: gone.flatMap(({ key, state, stills, hasSound }): readonly Doomed[] => {
      const inWork = state === 'wanted';
      const { video, ...sounds } = clipFiles(key);
      // A clip that is being drawn may turn out to play something.
      const files = hasSound || inWork ? [video, ...Object.values(sounds)] : [video];
      return [
        ...files.map((name): Doomed => ({ namespace: 'clips', name, inWork })),
        // A picture may be taken from the clip at any time.
        ...stills.map((still): Doomed => ({
          namespace: 'stills',
          name: stillName(key, still),
          inWork: true,
        })),
      ];
    }),
    hashes: gone.flatMap(({ inputs }) => [
      ...imageHashes(inputs),
      ...speechHashes(inputs),
      ...recordingHashes(inputs),
    ]),
  };
}

type Rows = readonly Pick<typeof render.$inferSelect, 'key' | 'mix' | 'state' | 'coming'>[];

/** The files of videos that nobody else has, be it of the same name and plan. */
export async function filesOfRenders(tx: Database, rows: Rows): Promise<readonly Doomed[]> {
  const inWork = rows.some(
    ({ state, coming }) => state === 'waiting' || state === 'ready' || coming.length > 0,
  );
  const keys = await unmentioned(
    tx,
    rows.flatMap(({ key }) => key ?? []),
    sql`select from ${render} r where r.key = t.text`,
  );
  const mixes = await unmentioned(
    tx,
    rows.flatMap(({ mix }) => mix ?? []),
    sql`select from ${render} r where r.mix = t.text`,
  );
  return [
    ...keys.flatMap((key): readonly Doomed[] => {
      const files = renderFiles(key);
      return [
        { namespace: 'videos', name: files.video, inWork },
        { namespace: 'posters', name: files.poster, inWork },
        { namespace: 'teasers', name: files.teaser, inWork },
        { namespace: 'captions', name: files.captions, inWork },
      ];
    }),
    ...mixes.map((mix): Doomed => ({ namespace: 'mixes', name: `${mix}.m4a`, inWork })),
  ];
}

/**
 * Forgets the personal clips, pictures and files that only these renders needed, and notes the files for removal. The
 * clips are locked; the renders, if there are any, name them no more.
 *
 * @param imageKeys of addresses of pictures that are forgotten even where another clip shows the picture.
 * @returns keys of the clips, and how many addresses of pictures, that were forgotten.
 */
export async function releaseContent(
  tx: Database,
  clips: Iterable<string>,
  rows: Rows,
  imageKeys: readonly string[] = [],
): Promise<{ readonly clips: readonly string[]; readonly addresses: number }> {
  const gone = await forgetClips(tx, clips);
  const images = await forgetImages(tx, gone.hashes, imageKeys);
  await noteRemovals(tx, [...(await filesOfRenders(tx, rows)), ...gone.files, ...images.files]);
  return { clips: gone.keys, addresses: images.addresses };
}
