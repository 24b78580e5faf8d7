import { sql } from 'drizzle-orm';
import { index, numeric, text } from 'drizzle-orm/pg-core';
import { moment, schema } from './schema.ts';

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
