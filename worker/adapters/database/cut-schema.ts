import { sql } from 'drizzle-orm';
import { index, integer, text } from 'drizzle-orm/pg-core';
import { moment, render, schema } from './schema.ts';

/** Cuts of scenes that renders were planned with. */
export const cut = schema.table(
  'cut',
  {
    /** HMAC of the scene, its code and the parts. */
    id: text('id').primaryKey(),
    template: text('template').notNull(),
    scene: text('scene').notNull(),
    /** How many parts were drawn again for a row and came out the same. */
    proven: integer('proven').notNull().default(0),
    /** Set when one came out differently, with its first frame that did. */
    withdrawnAt: moment('withdrawn_at'),
    frame: integer('frame'),
    /** Since when no render is planned with a withdrawn one. */
    settledAt: moment('settled_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    index('cut_template').on(table.template),
    index('cut_withdrawn')
      .on(table.id)
      .where(sql`withdrawn_at is not null`),
  ],
);

/** Parts that are drawn again with all that a row's record says. */
export const proof = schema.table(
  'proof',
  {
    id: text('id').primaryKey(),
    cut: text('cut').notNull(),
    render: text('render')
      .notNull()
      .references(() => render.id, { onDelete: 'cascade' }),
    /** Of the story, which shows the part. */
    node: text('node').notNull(),
    state: text('state').$type<'open' | 'proven'>().notNull().default('open'),
  },
  (table) => [
    index('proof_render').on(table.render),
    index('proof_open')
      .on(table.cut)
      .where(sql`state = 'open'`),
  ],
);
