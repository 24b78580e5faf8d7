import { sql } from 'drizzle-orm';
import { boolean, index, text } from 'drizzle-orm/pg-core';
import type { AnyRecord } from '../../../data/record.ts';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { ResolvedImages } from '../../../video/story/bind.ts';
import type { Format } from '../../../video/story/format.ts';
import type { Quality } from '../../core/campaigns.ts';
import { json, moment, schema } from './schema.ts';

/** What became of the pictures that records name. */
export const image = schema.table(
  'image',
  {
    urlKey: text('url_key').primaryKey(),
    hash: text('hash'),
    reason: text('reason'),
    fetchedAt: moment('fetched_at').notNull(),
    /** Whether a clip may show it. Others were only looked at, or cannot be had, and are forgotten soon. */
    needed: boolean('needed').notNull().default(true),
  },
  (table) => [
    index('image_hash').on(table.hash),
    index('image_unneeded')
      .on(table.fetchedAt)
      .where(sql`not needed`),
  ],
);

/** Pictures of single frames that clients want to see. They, and what they show, are forgotten soon. */
export const still = schema.table(
  'still',
  {
    /** HMAC of what was asked for. */
    id: text('id').primaryKey(),
    template: text('template').notNull(),
    format: text('format').$type<Format>().notNull(),
    quality: text('quality').$type<Quality>().notNull(),
    asOf: text('as_of').notNull(),
    record: json<AnyRecord>('record').notNull(),
    /** Of a record that is planned already; unset: the record is as the client sent it. */
    images: json<ResolvedImages>('images'),
    path: json<readonly string[]>('path'),
    scene: text('scene'),
    /** HMAC of the customer's id, and the render: an erasure finds it by them. */
    person: text('person'),
    render: text('render'),
    state: text('state').$type<'wanted' | 'stored' | 'failed'>().notNull().default('wanted'),
    /** Hashes of pictures that were fetched for it. */
    fetched: json<readonly string[]>('fetched')
      .notNull()
      .default(sql`'[]'`),
    code: text('code').$type<ErrorCode>(),
    message: text('message'),
    askedAt: moment('asked_at').notNull().defaultNow(),
  },
  (table) => [index('still_asked').on(table.askedAt)],
);
