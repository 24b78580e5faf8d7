import { eq, inArray, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ClipDraft, RowState } from '../../core/ledger.ts';
import type { Database } from './database.ts';
import { remake } from './people-schema.ts';
import { clip, video, waiting } from './schema.ts';

const made = alias(video, 'made');

/** How many clips of its own path a row waits for. Its other waits are for clips that only its page may need. */
const pathLeft = (row: typeof video | typeof made) =>
  sql<number>`case when ${row.state} = 'waiting' then (
      select count(*)::int from ${waiting} w
      where w.video = ${row.id} and strpos(${row.path}, to_json(w.clip)::text) > 0
    ) else 0 end`;

/** A clip within a JSON column. JSON in it is text, as in its table. */
interface ClipJson extends Omit<ClipDraft, 'inputs' | 'encoding' | 'stills'> {
  readonly inputs: string;
  readonly encoding: string;
  readonly stills: string;
}

const clipsOfPath = sql<readonly ClipJson[]>`(
    select coalesce(json_agg(json_build_object('key', c.key, 'template', c.template, 'scene', c.scene,
      'codeHash', c.code_hash, 'inputs', c.inputs, 'format', c.format, 'fps', c.fps,
      'durationInFrames', c.duration_in_frames, 'encoding', c.encoding, 'personal', c.personal, 'stills', c.stills)), '[]')
    from ${clip} c
    where c.key = any(array(select step->>'clip' from json_array_elements(${video.path}::json) step)))`;

export const fromClipJson = ({ inputs, encoding, stills, ...rest }: ClipJson): ClipDraft => ({
  ...rest,
  inputs: JSON.parse(inputs) as ClipDraft['inputs'],
  encoding: JSON.parse(encoding) as ClipDraft['encoding'],
  stills: JSON.parse(stills) as ClipDraft['stills'],
});

const columns = { film: video, made, filmPathLeft: pathLeft(video), madePathLeft: pathLeft(made) };

/** Rows, each with the one that its film is made anew as. */
export const readVideos = (database: Database, which: SQL | undefined) =>
  database
    .select(columns)
    .from(video)
    .leftJoin(remake, eq(remake.of, video.id))
    .leftJoin(made, eq(made.id, remake.video))
    .where(which);

/** The same with the clips of their paths. */
export const readVideosWithClips = (database: Database, which: SQL | undefined) =>
  database
    .select({ ...columns, clips: clipsOfPath })
    .from(video)
    .leftJoin(remake, eq(remake.of, video.id))
    .leftJoin(made, eq(made.id, remake.video))
    .where(which);

/** Rows in these states, and those that are told in another one since their film is made anew. */
export const mayBeIn = (states: readonly RowState['state'][]): SQL | undefined =>
  or(inArray(video.state, [...states]), sql`${video.id} = any(array(select r.of from ${remake} r))`);
