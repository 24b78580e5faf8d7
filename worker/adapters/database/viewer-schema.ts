import { sql } from 'drizzle-orm';
import { boolean, index, integer, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AnyRecord } from '../../../data/record.ts';
import type { ResolvedImages } from '../../../video/story/bind.ts';
import type { LogEntry } from '../../../video/story/engine/session.ts';
import type { Namespace } from '../../core/ports.ts';
import type { PlanTerms, RecordChange, ViewerRights } from '../../core/viewers.ts';
import { json, moment, schema, render } from './schema.ts';

/** What rows were planned with besides their records; all rows of a run share a line. */
export const planTerms = schema.table('plan_terms', {
  id: text('id').primaryKey(),
  terms: json<PlanTerms>('terms').notNull(),
});

/** What a render is made from: with it a viewer's path can be bound at any time. */
export const renderSource = schema.table(
  'render_source',
  {
    render: text('render')
      .primaryKey()
      .references(() => render.id, { onDelete: 'cascade' }),
    terms: text('terms').notNull(),
    record: json<AnyRecord>('record').notNull(),
    images: json<ResolvedImages>('images').notNull(),
  },
  /** Those that a withdrawn cut has touched are found by it. */
  (table) => [index('render_source_terms').on(table.terms)],
);

/** Which personal clips were made for which render, whether on its path or for a viewer's path. */
export const clipUse = schema.table(
  'clip_use',
  {
    clip: text('clip').notNull(),
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.clip, table.render] }), index('clip_use_render').on(table.render)],
);

/** Clips that a viewer is to see and that are not stored. A line is gone as soon as the clip is stored or has failed. */
export const demand = schema.table(
  'demand',
  {
    clip: text('clip').notNull(),
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    priority: integer('priority').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.clip, table.render] }), index('demand_render').on(table.render)],
);

/** A viewer's way through a video's story. */
export const session = schema.table(
  'session',
  {
    id: text('id').primaryKey(),
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    rights: text('rights').$type<ViewerRights>().notNull(),
    /** The random part of the link that it was opened by. */
    link: text('link').notNull(),
    /** Names the story that the log was written with. */
    story: text('story').notNull(),
    /** Lines of the log before this one belong to paths that could not be continued. */
    beginsAt: integer('begins_at').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('session_render').on(table.render),
    /** Anyone who has the original link continues where they were, on any device. */
    uniqueIndex('session_owner')
      .on(table.render)
      .where(sql`rights = 'owner'`),
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

/** Who was erased and does not come back with the next import. */
export const erasedPerson = schema.table('erased_person', {
  /** HMAC of the customer's id. */
  person: text('person').primaryKey(),
  erasedAt: moment('erased_at').notNull().defaultNow(),
});

/** Files that are to go. A line stays until nothing can put its file there any more. */
export const removal = schema.table(
  'removal',
  {
    namespace: text('namespace').$type<Namespace>().notNull(),
    name: text('name').notNull(),
    /** What was being made when its person was erased may be published once more until then. */
    watchUntil: moment('watch_until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.namespace, table.name] })],
);

/** What a viewer changed of a render's record. */
export const recordChange = schema.table(
  'record_change',
  {
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    /** The record's field. */
    name: text('name').notNull(),
    kind: text('kind').$type<RecordChange['kind']>().notNull(),
    /** What the sender said. */
    original: json<unknown>('original').notNull(),
  },
  (table) => [primaryKey({ columns: [table.render, table.name] })],
);

/** Answers that a viewer lets change the record. */
export const consent = schema.table(
  'consent',
  {
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    variable: text('variable').notNull(),
    agreedAt: moment('agreed_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.render, table.variable] })],
);

/** The link that a viewer has shared, for watching only. */
export const share = schema.table(
  'share',
  {
    render: text('render')
      .primaryKey()
      .references(() => render.id, { onDelete: 'cascade' }),
    /** Random, as that of the video itself. */
    link: text('link').notNull(),
  },
  (table) => [uniqueIndex('share_link').on(table.link)],
);

/** A render that is made again after its record was changed. The old files are gone as soon as this is written. */
export const remake = schema.table(
  'remake',
  {
    of: text('of')
      .primaryKey()
      .references(() => render.id, { onDelete: 'cascade' }),
    /** The row of the remake, in a campaign of its own. */
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    /** Whether its failure was reported to the webhook, so that its end is reported as well. */
    failureReported: boolean('failure_reported').notNull().default(false),
  },
  (table) => [uniqueIndex('remake_render').on(table.render)],
);
