import { primaryKey, text } from 'drizzle-orm/pg-core';
import type { Shelf } from '../../core/ports.ts';
import { moment, schema } from './columns.ts';

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
