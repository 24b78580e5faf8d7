import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './worker/adapters/database/schema.ts',
  out: './worker/adapters/database/migrations',
});
