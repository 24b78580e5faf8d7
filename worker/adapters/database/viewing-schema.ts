import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AnyRecord } from '../../../data/record.ts';
import type { ResolvedImages } from '../../../video/story/bind.ts';
import type { LogEntry } from '../../../video/story/engine/session.ts';
import type { PlanTerms, ViewerRights } from '../../core/viewings.ts';
import { json, moment, schema } from './columns.ts';
import { video } from './schema.ts';

/** What rows were planned with besides their records; all rows of a run share a line. */
export const planTerms = schema.table('plan_terms', {
  id: text('id').primaryKey(),
  terms: json<PlanTerms>('terms').notNull(),
});

/** What a video is made from: with it a viewer's walk can be bound at any time. */
export const viewing = schema.table('viewing', {
  video: text('video')
    .primaryKey()
    .references(() => video.id, { onDelete: 'cascade' }),
  terms: text('terms').notNull(),
  record: json<AnyRecord>('record').notNull(),
  images: json<ResolvedImages>('images').notNull(),
});

/** Which personal clips were made for which video, whether on its path or for a viewer's walk. */
export const clipUse = schema.table(
  'clip_use',
  {
    clip: text('clip').notNull(),
    video: text('video')
      .notNull()
      .references(() => video.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.clip, table.video] }), index('clip_use_video').on(table.video)],
);

/** Clips that a viewer is to see and that are not stored. A line is gone as soon as the clip is stored or has failed. */
export const wish = schema.table(
  'wish',
  {
    clip: text('clip').notNull(),
    video: text('video')
      .notNull()
      .references(() => video.id, { onDelete: 'cascade' }),
    priority: integer('priority').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.clip, table.video] }), index('wish_video').on(table.video)],
);

/** A viewer's way through a video's story. */
export const session = schema.table(
  'session',
  {
    id: text('id').primaryKey(),
    video: text('video')
      .notNull()
      .references(() => video.id, { onDelete: 'cascade' }),
    rights: text('rights').$type<ViewerRights>().notNull(),
    /** The random part of the link that it was opened by. */
    link: text('link').notNull(),
    /** Names the story that the log was written with. */
    story: text('story').notNull(),
    /** Lines of the log before this one belong to walks that could not be gone on with. */
    beginsAt: integer('begins_at').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
  },
  (table) => [
    index('session_video').on(table.video),
    /** Whoever has the original link goes on where they were, on any device. */
    uniqueIndex('session_owner')
      .on(table.video)
      .where(sql`rights = 'owner' and ended_at is null`),
  ],
);

/** Lines of sessions' logs. */
export const sessionEvent = schema.table(
  'session_event',
  {
    session: text('session')
      .notNull()
      .references(() => session.id, { onDelete: 'cascade' }),
    seq: integer('seq').notNull(),
    /** The player's name for it, so that it is taken once. */
    id: text('id').notNull(),
    entry: json<LogEntry>('entry').notNull(),
    at: moment('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.session, table.seq] }),
    uniqueIndex('session_event_id').on(table.session, table.id),
  ],
);
