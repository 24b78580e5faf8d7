import { boolean, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Shelf } from '../../core/ports.ts';
import type { RecordChange } from '../../core/viewer-data.ts';
import { json, moment, schema } from './columns.ts';
import { video } from './schema.ts';

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
    shelf: text('shelf').$type<Shelf>().notNull(),
    name: text('name').notNull(),
    /** What was being made when its person was erased may be published once more until then. */
    watchUntil: moment('watch_until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.shelf, table.name] })],
);

/** What a viewer changed of the record that their film is made from. */
export const recordChange = schema.table(
  'record_change',
  {
    video: text('video')
      .notNull()
      .references(() => video.id, { onDelete: 'cascade' }),
    /** The record's field. */
    name: text('name').notNull(),
    kind: text('kind').$type<RecordChange['kind']>().notNull(),
    /** What the sender said. */
    original: json<unknown>('original').notNull(),
  },
  (table) => [primaryKey({ columns: [table.video, table.name] })],
);

/** Answers that a viewer lets change the record. */
export const consent = schema.table(
  'consent',
  {
    video: text('video')
      .notNull()
      .references(() => video.id, { onDelete: 'cascade' }),
    variable: text('variable').notNull(),
    agreedAt: moment('agreed_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.video, table.variable] })],
);

/** The link that a viewer has shared, for watching only. */
export const share = schema.table(
  'share',
  {
    video: text('video')
      .primaryKey()
      .references(() => video.id, { onDelete: 'cascade' }),
    /** Random, as that of the video itself. */
    link: text('link').notNull(),
  },
  (table) => [uniqueIndex('share_link').on(table.link)],
);

/** A film that is made anew after its record was changed. The old one is gone as soon as this is written. */
export const remake = schema.table(
  'remake',
  {
    of: text('of')
      .primaryKey()
      .references(() => video.id, { onDelete: 'cascade' }),
    /** The row of a campaign of its own that the new film is. */
    video: text('video')
      .notNull()
      .references(() => video.id, { onDelete: 'cascade' }),
    /** Whether the film’s sender was told that it could not be made, so that its end is told as well. */
    failureTold: boolean('failure_told').notNull().default(false),
  },
  (table) => [uniqueIndex('remake_video').on(table.video)],
);
