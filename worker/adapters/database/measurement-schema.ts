import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  numeric,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Format } from '../../../video/story/format.ts';
import type { Device, EventContent } from '../../core/viewer-events.ts';
import type { ViewerRights } from '../../core/viewers.ts';
import { json, moment, render, schema } from './schema.ts';

/** What people did, as clients report it. Also of people who are in no campaign: one may come later. */
export const conversion = schema.table(
  'conversion',
  {
    /** HMAC: neither the client's key nor an id is kept. */
    key: text('key').primaryKey(),
    /** HMAC of the customer's id. */
    person: text('person'),
    /** In place of the person where nobody said whose render it is. */
    render: text('render'),
    name: text('name').notNull(),
    /** A decimal, so that a sum does not depend on the order in which its parts came. */
    value: numeric('value', { mode: 'number' }),
    currency: text('currency'),
    at: moment('at').notNull(),
    receivedAt: moment('received_at').notNull().defaultNow(),
  },
  (table) => [
    index('conversion_person')
      .on(table.person, table.at)
      .where(sql`person is not null`),
    index('conversion_render')
      .on(table.render, table.at)
      .where(sql`render is not null`),
  ],
);

/**
 * Who watches a video: its owner, or one guest. What figures are divided by is copied, so that it is the same whenever
 * they are counted. Whoever adds events or counts holds its line.
 */
export const viewer = schema.table(
  'viewer',
  {
    session: text('session').primaryKey(),
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    campaign: text('campaign').notNull(),
    rights: text('rights').$type<ViewerRights>().notNull(),
    template: text('template').notNull(),
    format: text('format').$type<Format>().notNull(),
    fps: doublePrecision('fps').notNull(),
    filmFrames: integer('film_frames').notNull(),
    segments: text('segments').array().notNull(),
    variant: text('variant'),
    /** Whether events came since it was counted. */
    isBehind: boolean('is_behind').notNull(),
    /** The last event that the campaign's figures contain. */
    countedTo: bigint('counted_to', { mode: 'number' }).notNull().default(0),
    /** Of the first opening by a person: its day in UTC, and the device. */
    openedOn: text('opened_on'),
    device: text('device').$type<Device>(),
    /** The last event that was sent to webhooks. */
    reportedTo: bigint('reported_to', { mode: 'number' }).notNull().default(0),
  },
  (table) => [
    index('viewer_render').on(table.render),
    index('viewer_campaign').on(table.campaign, table.session),
    index('viewer_behind')
      .on(table.campaign, table.session)
      .where(sql`is_behind`),
  ],
);

/** One opening of a page. */
export const pageView = schema.table(
  'page_view',
  {
    number: bigserial('number', { mode: 'number' }).primaryKey(),
    viewer: text('viewer')
      .notNull()
      .references(() => viewer.session, { onDelete: 'cascade' }),
    /** The page's own name for it. */
    page: text('page').notNull(),
    openedAt: moment('opened_at').notNull(),
    device: text('device').$type<Device>().notNull(),
  },
  (table) => [uniqueIndex('page_view_page').on(table.viewer, table.page)],
);

/** What happened on pages, as it came: lines are added, and go with their person. */
export const viewerEvent = schema.table(
  'viewer_event',
  {
    pageView: bigint('page_view', { mode: 'number' })
      .notNull()
      .references(() => pageView.number, { onDelete: 'cascade' }),
    seq: integer('seq').notNull(),
    /** Rises within a viewer as events are added. */
    number: bigserial('number', { mode: 'number' }).notNull(),
    ms: bigint('ms', { mode: 'number' }).notNull(),
    content: json<EventContent>('content').notNull(),
  },
  (table) => [primaryKey({ columns: [table.pageView, table.seq] })],
);

/** What viewers did in a campaign, added up. It stays when a person is erased: it names nobody. */
export const figure = schema.table(
  'figure',
  {
    campaign: text('campaign').notNull(),
    name: text('name').notNull(),
    value: bigint('value', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.campaign, table.name] })],
);

/**
 * Rows whose place in the comparison of their campaign may have changed: those that this names, and all of this person.
 * Triggers add lines, in the transaction that changes a row, a conversion or a first opening; counting deletes them.
 */
export const toCompare = schema.table('to_compare', {
  number: bigserial('number', { mode: 'number' }).primaryKey(),
  render: text('render'),
  person: text('person'),
});

/** The lines of `tally` in which a row of a campaign is counted. Who counts a row locks its line. */
export const compared = schema.table('compared', {
  render: text('render').primaryKey(),
  campaign: text('campaign').notNull(),
  lines: text('lines').array().notNull(),
});

/** How many people of a campaign are alike in what they are compared by and in what they did. */
export const tally = schema.table(
  'tally',
  {
    campaign: text('campaign').notNull(),
    of: text('of').$type<'group' | 'name' | 'sum'>().notNull(),
    /** What they have in common, as a JSON array. */
    line: text('line').notNull(),
    people: bigint('people', { mode: 'number' }).notNull(),
  },
  // What people have in common may be too long for an index.
  (table) => [uniqueIndex('tally_line').on(table.campaign, table.of, sql`md5(line)`)],
);

/** Viewers who do not want to be counted. */
export const measurementRefusal = schema.table(
  'measurement_refusal',
  {
    session: text('session').primaryKey(),
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
  },
  (table) => [index('measurement_refusal_render').on(table.render)],
);
