import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { textArray } from './json-rows.ts';
import { erasedPerson } from './people-schema.ts';

/** `People.erased`. */
export async function erasedAmong(
  database: Database,
  people: readonly string[],
): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set();
  const found = await database
    .select({ person: erasedPerson.person })
    .from(erasedPerson)
    .where(sql`${erasedPerson.person} = any${textArray(people)}`);
  return new Set(found.map(({ person }) => person));
}
