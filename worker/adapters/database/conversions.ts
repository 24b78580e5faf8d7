import { asc, eq, inArray, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { type Conversion, type Conversions } from '../../core/conversions.ts';
import type { Subject } from '../../core/people.ts';
import { jsonRows, query, textArray, type Database, type DatabaseAccess } from './database.ts';
import { isKept } from './empty-renders.ts';
import { compareRows, readComparison } from './compared-rows.ts';
import { conversion } from './measurement-schema.ts';
import { campaign, render } from './schema.ts';
import { erasedPerson } from './viewer-schema.ts';

/** Apart from other advisory locks: who adds conversions shares it, who erases a person has it alone. */
const erasureLock = 4_213_077_123;

const ownerRow = z.object({ render: z.string(), person: z.string().nullable() });
const addedRow = z.object({ kept: z.coerce.number(), added: z.coerce.number() });
/** Single renders that wait for their row. */
const isUnrecorded = (id: SQL): SQL =>
  sql`c.id = ${id} and c.kind = 'render' and not exists (select from ${render} r where r.id = c.id)`;

const isErasedSource = sql`c.source = ${JSON.stringify({ kind: 'erased' })}`;

async function addConversions(tx: Database, conversions: readonly Conversion[]): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${erasureLock})`);
  // A statement of its own: it sees who was suppressed while this one waited.
  const [counted] = await query(
    tx,
    addedRow,
    sql`with given as (
          select * from jsonb_to_recordset(${jsonRows(conversions)})
            as g(key text, person text, render text, name text, value numeric, currency text, at timestamptz)
        ), kept as (
          select * from given g
          where case
            when g.person is not null
            then not exists (select from ${erasedPerson} e where e.person = g.person)
            else exists (select from ${render} where ${render.id} = g.render and ${isKept})
              or exists (select from ${campaign} c
                         where ${isUnrecorded(sql`g.render`)} and not ${isErasedSource})
          end
        ), added as (
          insert into ${conversion} (key, person, render, name, value, currency, at)
          select key, person, render, name, value, currency, at from kept order by key
          on conflict do nothing
          returning 1
        )
        select (select count(*) from kept) as kept, (select count(*) from added) as added`,
  );
  return (counted?.kept ?? 0) - (counted?.added ?? 0);
}

/** Conversions of a subject. @param renders the subject's rows, where no customer is known. */
const theirs = (subject: Subject, renders: readonly string[]): SQL | undefined =>
  'person' in subject
    ? eq(conversion.person, subject.person)
    : or(eq(conversion.render, subject.render), inArray(conversion.render, [...renders]));

/**
 * Deletes a subject's conversions, within the transaction that erases the subject.
 *
 * @returns how many.
 */
export async function eraseConversions(
  tx: Database,
  subject: Subject,
  renders: readonly string[],
): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(${erasureLock})`);
  const [deleted] = await query(
    tx,
    z.object({ conversions: z.coerce.number() }),
    sql`with gone as (delete from ${conversion} where ${theirs(subject, renders)} returning 1)
        select count(*) as conversions from gone`,
  );
  return deleted?.conversions ?? 0;
}

/** Conversions in SQL: one set of statements for PGlite and PostgreSQL. */
export function createConversions({ database, transaction, persist }: DatabaseAccess): Conversions {
  return {
    owners: (renders) =>
      persist(async () => {
        const asked = textArray(renders);
        const found = await query(
          database,
          ownerRow,
          sql`select r.id as render, r.person from ${render} r where r.id = any${asked}
              union all
              select c.id, c.person from ${campaign} c
              where c.id = any${asked} and ${isUnrecorded(sql`c.id`)}`,
        );
        return found.map(({ render: id, person }) => ({ render: id, person: person ?? undefined }));
      }),

    add: (conversions) =>
      conversions.length === 0
        ? Promise.resolve(0)
        : persist(() => transaction((tx) => addConversions(tx, conversions))),

    countKnown: (people) =>
      persist(async () => {
        const [counted] = await query(
          database,
          z.object({ known: z.coerce.number() }),
          sql`select count(*) as known from unnest(${textArray(people)}) as asked(person)
              where exists (select from ${render} r where r.person = asked.person)
                or exists (select from ${campaign} c where c.person = asked.person)`,
        );
        return counted?.known ?? 0;
      }),

    of: (subject) =>
      persist(async () => {
        const found = await database
          .select()
          .from(conversion)
          .where(theirs(subject, []))
          .orderBy(asc(conversion.at), asc(conversion.key));
        return found.map(({ key: _key, person, render: of, value, currency, ...kept }) => ({
          ...kept,
          person: person ?? undefined,
          render: of ?? undefined,
          value: value ?? undefined,
          currency: currency ?? undefined,
        }));
      }),

    compare: () => persist(() => transaction(compareRows)),

    conversionsOf: (id, days) => persist(() => readComparison(database, id, days)),
  };
}
