import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { Format } from '../../../video/story/format.ts';
import type { PathStep, RowState } from '../../core/ledger.ts';
import type { Encoding } from '../../core/ports.ts';
import type { VideoWarning } from '../../core/video.ts';

/** All tables are named with it, since the embedded database's search path belongs to the queue. */
export const schema = pgSchema('bespoke');

/** Kept as text: `jsonb` refuses characters that a customer's cell may well hold. */
const json = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text) => JSON.parse(text) as T,
  })(name);

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One row: what holds for the whole deployment. */
export const deployment = schema.table('deployment', {
  id: integer('id').primaryKey(),
  secretFingerprint: text('secret_fingerprint').notNull(),
});

export const campaign = schema.table(
  'campaign',
  {
    id: text('id').primaryKey(),
    identity: text('identity').notNull(),
    template: text('template').notNull(),
    format: text('format').$type<Format>().notNull(),
    asOf: text('as_of').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    uniqueIndex('campaign_unfinished')
      .on(table.identity)
      .where(sql`finished_at is null`),
  ],
);

export const clip = schema.table(
  'clip',
  {
    key: text('key').primaryKey(),
    template: text('template').notNull(),
    scene: text('scene').notNull(),
    codeHash: text('code_hash').notNull(),
    inputs: json<Readonly<Record<string, unknown>>>('inputs').notNull(),
    format: text('format').$type<Format>().notNull(),
    fps: doublePrecision('fps').notNull(),
    durationInFrames: integer('duration_in_frames').notNull(),
    encoding: json<Encoding>('encoding').notNull(),
    personal: boolean('personal').notNull(),
    state: text('state').$type<'wanted' | 'stored' | 'failed'>().notNull(),
    /** The campaign that was the first to want it, since it was last unwanted. */
    campaign: text('campaign').notNull(),
    bytes: bigint('bytes', { mode: 'number' }),
    renderMs: integer('render_ms'),
    code: text('code').$type<ErrorCode>(),
    message: text('message'),
  },
  (table) => [
    index('clip_campaign').on(table.campaign, table.state),
    index('clip_speed')
      .on(table.template, table.scene)
      .where(sql`render_ms is not null`),
  ],
);

export const video = schema.table(
  'video',
  {
    id: text('id').primaryKey(),
    campaign: text('campaign')
      .notNull()
      .references(() => campaign.id),
    row: integer('row').notNull(),
    fileName: text('file_name').notNull(),
    priority: integer('priority').notNull(),
    key: text('key'),
    path: json<readonly PathStep[]>('path').notNull(),
    mix: text('mix'),
    durationInFrames: integer('duration_in_frames').notNull(),
    personal: boolean('personal').notNull(),
    warnings: json<readonly VideoWarning[]>('warnings').notNull(),
    state: text('state').$type<RowState['state']>().notNull(),
    clipsLeft: integer('clips_left').notNull(),
    clipsRendered: integer('clips_rendered').notNull(),
    clipsReused: integer('clips_reused').notNull(),
    code: text('code').$type<ErrorCode>(),
    message: text('message'),
    delivered: boolean('delivered').notNull().default(false),
    /** Orders rows by when they ended; given when they are recorded, and anew when they are done. */
    ended: bigserial('ended', { mode: 'number' }).notNull(),
  },
  (table) => [
    uniqueIndex('video_row').on(table.campaign, table.row),
    index('video_state').on(table.campaign, table.state),
    index('video_ready')
      .on(table.id)
      .where(sql`state = 'ready'`),
    index('video_undelivered')
      .on(table.campaign, table.ended)
      .where(sql`not delivered and state in ('done', 'skipped')`),
  ],
);

/** Which video waits for which clip. A line is gone as soon as the clip is stored or the video ended. */
export const waiting = schema.table(
  'waiting',
  {
    clip: text('clip').notNull(),
    video: text('video').notNull(),
  },
  (table) => [primaryKey({ columns: [table.clip, table.video] }), index('waiting_video').on(table.video)],
);

/** What a destination holds, by file name. */
export const delivery = schema.table(
  'delivery',
  {
    destination: text('destination').notNull(),
    fileName: text('file_name').notNull(),
    key: text('key').notNull(),
  },
  (table) => [primaryKey({ columns: [table.destination, table.fileName] })],
);

export const image = schema.table('image', {
  urlKey: text('url_key').primaryKey(),
  hash: text('hash'),
  reason: text('reason'),
  fetchedAt: moment('fetched_at').notNull(),
});
