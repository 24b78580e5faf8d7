import { defineConfig } from 'drizzle-kit';

/** The functions at the end of the first migration are written by hand: generating it again loses them. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './worker/adapters/database/*schema.ts',
  out: './worker/adapters/database/migrations',
});
