import { defineConfig } from 'drizzle-kit';

/** Functions and triggers at the ends of 0000 and 0004 are written by hand: generating these again loses them. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './worker/adapters/database/*schema.ts',
  out: './worker/adapters/database/migrations',
});
