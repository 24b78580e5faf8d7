import { eq, sql } from 'drizzle-orm';
import type { VideoDraft } from '../../core/ledger.ts';
import type { Viewing } from '../../core/viewings.ts';
import type { Database } from './database.ts';
import { jsonRows } from './json-rows.ts';
import { planTerms, viewing } from './viewing-schema.ts';

/** Keeps what videos are made from. */
export async function recordViewings(tx: Database, drafts: readonly VideoDraft[]): Promise<void> {
  const rows = drafts.flatMap(({ id, viewing: made }) => (made === undefined ? [] : [{ id, ...made }]));
  if (rows.length === 0) return;
  const terms = new Map(rows.map((row) => [row.terms.id, row.terms]));
  await tx
    .insert(planTerms)
    .values(Array.from(terms, ([id, each]) => ({ id, terms: each })))
    .onConflictDoNothing();
  const lines = rows.map((row) => ({
    video: row.id,
    terms: row.terms.id,
    record: JSON.stringify(row.record),
    images: JSON.stringify(row.images),
  }));
  await tx.execute(
    sql`insert into ${viewing} (video, terms, record, images)
        select video, terms, record, images
        from jsonb_to_recordset(${jsonRows(lines)}) as line(video text, terms text, record text, images text)`,
  );
}

/** What a video is made from. */
export async function readViewing(database: Database, video: string): Promise<Viewing | undefined> {
  const [found] = await database
    .select({ terms: planTerms.terms, record: viewing.record, images: viewing.images })
    .from(viewing)
    .innerJoin(planTerms, eq(planTerms.id, viewing.terms))
    .where(eq(viewing.video, video));
  return found;
}
