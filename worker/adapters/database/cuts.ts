import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { CutRecord, Cuts, Proof } from '../../core/cuts.ts';
import { cut, proof } from './cut-schema.ts';
import { jsonRows, query, type Database, type DatabaseAccess } from './database.ts';
import { campaign, render } from './schema.ts';
import { planTerms, remake, renderSource } from './viewer-schema.ts';

const toRecord = ({ withdrawnAt, frame, ...row }: typeof cut.$inferSelect): CutRecord => ({
  ...{ id: row.id, template: row.template, scene: row.scene, proven: row.proven },
  withdrawn: withdrawnAt === null ? undefined : { at: withdrawnAt, frame: frame ?? 0 },
});

/** Records proofs that are to be made, with their cuts; their renders are recorded. */
export async function recordProofs(tx: Database, proofs: readonly Proof[]): Promise<void> {
  if (proofs.length === 0) return;
  const lines = jsonRows(proofs);
  await tx.execute(
    sql`with line as (
          select * from jsonb_to_recordset(${lines}) as line(id text, cut text, template text, scene text, node text, render text)
        ), known as (
          insert into ${cut} (id, template, scene) select distinct cut, template, scene from line order by cut
          on conflict do nothing
        )
        insert into ${proof} as p (id, cut, render, node)
        select distinct on (id) id, cut, render, node from line order by id, render
        -- The render for which it was to be made may have failed.
        on conflict (id) do update set render = excluded.render where p.state = 'open'`,
  );
}

const touchedRow = z.object({ render: z.string(), campaign: z.string() });
const idRow = z.object({ id: z.string() });
const withdrawnRow = z.object({ scene: z.string(), touched: z.coerce.number() });
const countsRow = z.object({ proven: z.coerce.number(), open: z.coerce.number() });

/** A condition for a render `r`: no change of its viewer is being made. */
const isSettled = sql`not exists (select from ${remake} m where m.of = r.id)`;

/** Longer than planning takes from reading which cuts are withdrawn to recording its rows. */
const unrecorded = sql`interval '1 hour'`;

/** Cuts and their proofs in SQL: one set of statements for PGlite and PostgreSQL. */
export function createCuts({ database, transaction, persist }: DatabaseAccess): Cuts {
  const list = (template: string | undefined) =>
    database
      .select()
      .from(cut)
      .where(template === undefined ? undefined : eq(cut.template, template))
      .orderBy(desc(cut.createdAt), cut.id);

  return {
    withdrawn: () =>
      persist(async () => {
        const found = await database.select({ id: cut.id }).from(cut).where(isNotNull(cut.withdrawnAt));
        return new Set(found.map(({ id }) => id));
      }),

    list: (template) => persist(async () => (await list(template)).map(toRecord)),

    ofCampaign: (id) =>
      persist(async () => {
        const [counts] = await query(
          database,
          countsRow,
          sql`select count(*) filter (where p.state = 'proven') as proven,
                count(*) filter (where p.state = 'open' and k.withdrawn_at is null
                  and r.state in ('waiting', 'ready', 'done') and ${isSettled}) as open
              from ${render} r join ${proof} p on p.render = r.id join ${cut} k on k.id = p.cut
              where r.campaign = ${id}`,
        );
        const withdrawn = await query(
          database,
          withdrawnRow,
          sql`select k.scene, case when k.settled_at is not null then 0 else (
                select count(*) from ${renderSource} s join ${render} r on r.id = s.render
                where r.campaign = c.id and r.state in ('waiting', 'ready', 'done') and ${isSettled}
                  and s.terms = any(array(select t.id from ${planTerms} t where position(k.id in t.terms) > 0))
              ) end as touched
              from ${cut} k join ${campaign} c on c.id = ${id}
              where k.template = c.template and k.withdrawn_at >= c.created_at order by k.scene`,
        );
        return {
          proven: counts?.proven ?? 0,
          open: counts?.open ?? 0,
          touched: withdrawn.reduce((sum, { touched }) => sum + touched, 0),
          withdrawn: [...new Set(withdrawn.map(({ scene }) => scene))],
        };
      }),

    findProof: (id) =>
      persist(async () => {
        const [found] = await database
          .select({
            ...{ id: proof.id, cut: proof.cut, template: cut.template, scene: cut.scene },
            ...{ render: proof.render, node: proof.node },
          })
          .from(proof)
          .innerJoin(cut, eq(cut.id, proof.cut))
          .where(and(eq(proof.id, id), eq(proof.state, 'open'), isNull(cut.withdrawnAt)));
        return found;
      }),

    endProof: (id, how) =>
      persist(async () => {
        if (how === 'dropped') {
          await database.delete(proof).where(and(eq(proof.id, id), eq(proof.state, 'open')));
          return;
        }
        await database.execute(
          sql`with ended as (
                update ${proof} set state = 'proven' where id = ${id} and state = 'open' returning cut
              )
              update ${cut} k set proven = k.proven + 1 from ended where k.id = ended.cut`,
        );
      }),

    openProofs: (limit) =>
      persist(async () => {
        const found = await query(
          database,
          idRow,
          sql`select p.id from ${proof} p join ${render} r on r.id = p.render
                join ${cut} k on k.id = p.cut
              where p.state = 'open' and k.withdrawn_at is null and r.state = 'done' and ${isSettled} limit ${limit}`,
        );
        return found.map(({ id }) => id);
      }),

    withdraw: (id, frame) =>
      persist(() =>
        transaction(async (tx) => {
          const withdrawn = await tx
            .update(cut)
            .set({ withdrawnAt: sql`now()`, frame })
            .where(and(eq(cut.id, id), isNull(cut.withdrawnAt)))
            .returning({ id: cut.id });
          await tx.delete(proof).where(and(eq(proof.cut, id), eq(proof.state, 'open')));
          return withdrawn.length > 0;
        }),
      ),

    unsettled: () =>
      persist(async () => {
        const found = await database
          .select()
          .from(cut)
          .where(and(isNotNull(cut.withdrawnAt), isNull(cut.settledAt)));
        return found.map(toRecord);
      }),

    touched: (id, after, limit) =>
      persist(() =>
        query(
          database,
          touchedRow,
          sql`select r.id as render, r.campaign from ${renderSource} s join ${render} r on r.id = s.render
              where s.terms = any(array(select t.id from ${planTerms} t where position(${id} in t.terms) > 0))
                and r.state in ('waiting', 'ready', 'done') and r.id > ${after} and ${isSettled}
              order by r.id limit ${limit}`,
        ),
      ),

    settle: (id) =>
      persist(async () => {
        await database
          .update(cut)
          .set({ settledAt: sql`now()` })
          .where(and(eq(cut.id, id), sql`${cut.withdrawnAt} < now() - ${unrecorded}`));
      }),
  };
}
