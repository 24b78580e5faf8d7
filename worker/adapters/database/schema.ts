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
import type { SkipReason } from '../../../data/csv/write-tables.ts';
import type { ErrorCode } from '../../../errors/catalogue.ts';
import type { CampaignLink } from '../../../video/story/engine/graph.ts';
import type { Format } from '../../../video/story/format.ts';
import type { Still } from '../../../video/story/path.ts';
import type { CampaignSource, CampaignState, LinkPreview, Quality } from '../../core/campaigns.ts';
import type { Scope } from '../../core/keys.ts';
import type { Encoding } from '../../core/ports.ts';
import type { AssemblyPlan, PathStep, RenderState } from '../../core/renders.ts';
import type { RenderPicture, RenderWarning } from '../../core/render-schema.ts';
import type { WebhookEvent } from '../../core/webhooks.ts';

/** All tables are named with it, since the embedded database's search path belongs to the queue. */
export const schema = pgSchema('bespoke');

/** Kept as text: `jsonb` refuses characters that a customer's cell may well hold. */
export const json = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text) => JSON.parse(text) as T,
  })(name);

/** A point in time. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One row: what holds for the whole deployment. */
export const deployment = schema.table('deployment', {
  id: integer('id').primaryKey(),
  secretFingerprint: text('secret_fingerprint').notNull(),
  /** Of every worker, and in every key; unset until the first worker has started. */
  engineVersion: text('engine_version'),
});

/** Processes that take jobs. A line is gone when its worker has stopped, and says nothing when it is old. */
export const worker = schema.table('worker', {
  id: text('id').primaryKey(),
  engineVersion: text('engine_version').notNull(),
  seenAt: moment('seen_at').notNull().defaultNow(),
});

/** Renders from one input with one template. Anyone who records its rows, or changes it but for its end, holds `lock_campaigns`. */
export const campaign = schema.table(
  'campaign',
  {
    id: text('id').primaryKey(),
    /** Sorts lists by age; two of one moment differ in it. */
    number: bigserial('number', { mode: 'number' }).notNull(),
    /** A single render's row has the campaign's id. So has that of a remake, which takes the place of another row. */
    kind: text('kind').$type<'campaign' | 'render' | 'remake'>().notNull(),
    template: text('template').notNull(),
    format: text('format').$type<Format>().notNull(),
    quality: text('quality').$type<Quality>().notNull(),
    asOf: text('as_of').notNull(),
    priority: integer('priority').notNull(),
    source: json<CampaignSource | { readonly kind: 'remake'; readonly of: string }>('source').notNull(),
    /** HMAC of the id of the customer whom a single render is about. */
    person: text('person'),
    /** The client's own id for that customer. */
    customerId: text('customer_id'),
    /** The client's own id for what it ordered. */
    externalId: text('external_id'),
    /** Names the links of its customers: the same in each order that replaces their videos. */
    linkKey: text('link_key'),
    /** Of a single render whose link is kept from order to order; see `customerLink`. */
    linkOwner: text('link_owner'),
    /** Whether the previews of its pages may show something personal. */
    preview: text('preview').$type<LinkPreview>(),
    /** In place of the template's own links. */
    link: json<CampaignLink>('link'),
    rows: integer('rows').notNull(),
    /** Recorded rows that have not ended: each transaction that opens or ends rows counts them here, as its last lock. */
    openRows: integer('open_rows').notNull().default(0),
    webhookUrl: text('webhook_url'),
    /** Whether webhooks also get a message for each row. */
    rowEvents: boolean('row_events').notNull().default(false),
    /** Whether webhooks also get what viewers do. */
    viewerEvents: boolean('viewer_events').notNull().default(false),
    metadata: json<Readonly<Record<string, string>>>('metadata').notNull(),
    state: text('state').$type<CampaignState['state']>().notNull(),
    /** Raised by each retry, so that each end is reported once. */
    round: integer('round').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
    cancelledAt: moment('cancelled_at'),
    endedAt: moment('ended_at'),
    code: text('code').$type<ErrorCode>(),
    message: text('message'),
  },
  (table) => [
    index('campaign_kind').on(table.kind, table.number),
    index('campaign_person')
      .on(table.person)
      .where(sql`person is not null`),
    index('campaign_number').on(table.number),
    index('campaign_external_id')
      .on(table.externalId)
      .where(sql`external_id is not null`),
    index('campaign_link_owner')
      .on(table.linkOwner)
      .where(sql`link_owner is not null`),
    index('campaign_open')
      .on(table.number)
      .where(sql`state in ('planning', 'rendering')`),
  ],
);

/** Requests that must not be repeated by accident. */
export const idempotency = schema.table(
  'idempotency',
  {
    apiKey: text('api_key').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    campaign: text('campaign').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.apiKey, table.key] }),
    index('idempotency_age').on(table.createdAt),
  ],
);

export const apiKey = schema.table('api_key', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  scopes: json<readonly Scope[]>('scopes').notNull(),
  hash: text('hash').notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
  revokedAt: moment('revoked_at'),
});

/** Where messages about all orders go. Its secrets are made from the deployment's, its id and a version. */
export const webhookEndpoint = schema.table('webhook_endpoint', {
  id: text('id').primaryKey(),
  url: text('url').notNull(),
  description: text('description').notNull(),
  events: text('events').array().$type<WebhookEvent[]>().notNull(),
  /** Of its secret; raised by each rotation. */
  version: integer('version').notNull().default(1),
  /** Until when the secret before signs too. */
  previousUntil: moment('previous_until'),
  createdAt: moment('created_at').notNull().defaultNow(),
});

/** Messages that are owed to webhooks; written in the transaction that ends a campaign or a row. */
export const webhookDelivery = schema.table(
  'webhook_delivery',
  {
    id: text('id').primaryKey(),
    number: bigserial('number', { mode: 'number' }).notNull(),
    campaign: text('campaign').notNull(),
    /** Of the campaign's `round`: one message for each end. */
    round: integer('round').notNull(),
    /** The row that it is about; unset for the campaign as a whole, or a single render. */
    render: text('render'),
    /** Unset for the address that the order named. */
    endpoint: text('endpoint'),
    event: text('event').$type<WebhookEvent>().notNull(),
    /** Of a message about a viewer: their session, and which of their events it reports. */
    viewer: text('viewer'),
    eventsAfter: bigint('events_after', { mode: 'number' }),
    eventsTo: bigint('events_to', { mode: 'number' }),
    url: text('url').notNull(),
    state: text('state').$type<'pending' | 'delivered' | 'failed'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: moment('next_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
    lastAnswer: text('last_answer'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('webhook_delivery_number').on(table.number),
    uniqueIndex('webhook_delivery_message').on(
      table.campaign,
      table.round,
      sql`coalesce(render, '')`,
      sql`coalesce(endpoint, '')`,
      sql`coalesce(events_to, 0)`,
    ),
    index('webhook_delivery_state').on(table.state, table.number),
    index('webhook_delivery_render')
      .on(table.render)
      .where(sql`render is not null`),
    /** Row messages: those that nobody has tried to send, and those that are due. */
    index('webhook_delivery_untried')
      .on(table.campaign, table.number)
      .where(sql`render is not null and state = 'pending' and attempts = 0`),
    index('webhook_delivery_due')
      .on(table.nextAt)
      .where(sql`render is not null and state = 'pending'`),
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
    /** Pictures of it that are kept, or will be when it is drawn. */
    stills: json<readonly Still[]>('stills')
      .notNull()
      .default(sql`'[]'`),
    state: text('state').$type<'wanted' | 'stored' | 'failed'>().notNull(),
    /** The campaign that was the first to want it, since it was last unwanted. */
    campaign: text('campaign').notNull(),
    bytes: bigint('bytes', { mode: 'number' }),
    renderMs: integer('render_ms'),
    /** Whether its components play something. */
    hasSound: boolean('has_sound').notNull().default(false),
    code: text('code').$type<ErrorCode>(),
    message: text('message'),
  },
  (table) => [
    index('clip_campaign').on(table.campaign, table.state),
    index('clip_sound')
      .on(table.template, table.scene)
      .where(sql`has_sound`),
    index('clip_speed')
      .on(table.template, table.scene)
      .where(sql`render_ms is not null`),
  ],
);

export const render = schema.table(
  'render',
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
    /** HMAC of the customer's id. */
    person: text('person'),
    /** The client's own id for that customer. */
    customerId: text('customer_id'),
    personal: boolean('personal').notNull(),
    warnings: json<readonly RenderWarning[]>('warnings').notNull(),
    state: text('state').$type<RenderState['state']>().notNull(),
    clipsLeft: integer('clips_left').notNull(),
    clipsRendered: integer('clips_rendered').notNull(),
    clipsReused: integer('clips_reused').notNull(),
    /** Names of the audience segments that its record was in when it was planned. */
    segments: text('segments').array(),
    /** Name of the variant of the story that it was assigned to, in a campaign that compares several. */
    variant: text('variant'),
    /** Why it is skipped; unset: its person was erased. */
    skippedFor: text('skipped_for').$type<Exclude<SkipReason, 'erased'>>(),
    code: text('code').$type<ErrorCode>(),
    message: text('message'),
    /** Pictures of a done video that are still to be made. */
    coming: json<readonly RenderPicture[]>('coming')
      .notNull()
      .default(sql`'[]'`),
    /** Whether the licence service knows of it. */
    reported: boolean('reported').notNull().default(false),
    /** Random; public addresses are made from it, unless `customerLink` has those of its owner. */
    link: text('link'),
    /** When the link ends, where someone has said so. */
    linkExpiresAt: moment('link_expires_at'),
    /** Whose link shows it; see `customerLink`. Unset for a render that has a link of its own. */
    linkOwner: text('link_owner'),
    /** Set in a row that waits or is ready: it was done, and is made again. */
    endedAt: moment('ended_at'),
    /** Sorts rows by when they ended; given when they are recorded, and again when they are done. */
    ended: bigserial('ended', { mode: 'number' }).notNull(),
  },
  (table) => [
    uniqueIndex('render_row').on(table.campaign, table.row),
    uniqueIndex('render_link').on(table.link),
    index('render_person')
      .on(table.person)
      .where(sql`person is not null`),
    index('render_link_owner')
      .on(table.linkOwner)
      .where(sql`link_owner is not null`),
    // Whether another render has the same video, or the same sound, is asked whenever one of them goes.
    index('render_key')
      .on(table.key)
      .where(sql`key is not null`),
    index('render_mix')
      .on(table.mix)
      .where(sql`mix is not null`),
    index('render_state').on(table.campaign, table.state, table.row),
    index('render_ready')
      .on(table.id)
      .where(sql`state = 'ready'`),
    index('render_coming')
      .on(table.id)
      .where(sql`coming <> '[]'`),
    index('render_done')
      .on(table.campaign, table.ended)
      .where(sql`state = 'done'`),
  ],
);

/** The link of a customer in a campaign: it stays when a newer render takes the place of the one that it shows. */
export const customerLink = schema.table(
  'customer_link',
  {
    /** HMAC of link key and customer; or the id of the first render, where neither was named. */
    owner: text('owner').primaryKey(),
    /** Random, as that of a render; unset while it is withdrawn. */
    link: text('link'),
    /** When it ends, where someone has said so. */
    expiresAt: moment('expires_at'),
    /** What it shows. */
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    /** Since when. */
    shownAt: moment('shown_at').notNull().defaultNow(),
    /** The newest order that ended: its campaign's number, and its row. */
    number: bigint('number', { mode: 'number' }).notNull(),
    row: integer('row').notNull(),
    /** What that order's record makes, without what a viewer changed since. */
    plannedKey: text('planned_key').notNull(),
  },
  (table) => [
    uniqueIndex('customer_link_link').on(table.link),
    index('customer_link_render').on(table.render),
  ],
);

/** What joining a render's clips needs besides them. Apart from the render, whose line is written again with each state. */
export const renderPlan = schema.table('render_plan', {
  render: text('render')
    .primaryKey()
    .references(() => render.id, { onDelete: 'cascade' }),
  plan: json<AssemblyPlan>('plan').notNull(),
});

/** Which video waits for which clip. A line is gone as soon as the clip is stored or the video ended. */
export const dependency = schema.table(
  'dependency',
  {
    clip: text('clip').notNull(),
    render: text('render').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clip, table.render] }),
    index('dependency_render').on(table.render),
  ],
);
