import { customType, pgSchema, timestamp } from 'drizzle-orm/pg-core';

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
