import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TablesBackend, tableBackends } from './tables-bench.ts';

describe.each(tableBackends)('whether anyone needs content on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  it.each([
    ['the same video', 'render_key', sql`select from bespoke.render r where r.key = t.text`],
    ['the same sound', 'render_mix', sql`select from bespoke.render r where r.mix = t.text`],
    [
      'a picture',
      'clip_images',
      sql`select from bespoke.clip c where bespoke.image_hashes(c.inputs) @> array[t.text]`,
    ],
    ['an address of a picture', 'image_hash', sql`select from bespoke.image i where i.hash = t.text`],
  ])('is found for %s without a search through all of them', async (_what, index, found) => {
    const plan = await db.connection.transaction(async (tx) => {
      // The tables are small here.
      await tx.execute(sql`set local enable_seqscan = off`);
      return tx.execute(
        sql`explain select t.text from unnest(array['x', 'y']) as t(text) where not exists (${found})`,
      );
    });
    expect(JSON.stringify(plan)).toContain(index);
  });
});
