import { inArray, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { errors } from '../../../errors/messages.ts';
import type { FoundRender, Render, RenderFilter, Renders } from '../../core/renders.ts';
import { query, textArray, type Database } from './database.ts';
import { campaign, render } from './schema.ts';

/** Where a page ends: an order, and a row of it. */
interface Place {
  readonly number: number;
  readonly row: number;
}

function parsePlace(cursor: string): Place {
  const [, number, row] = /^(\d{1,15})-(\d{1,9})$/.exec(cursor) ?? [];
  if (number === undefined || row === undefined) throw errors.cursorInvalid();
  return { number: Number(number), row: Number(row) };
}

const foundRow = z.object({
  number: z.coerce.number(),
  campaign: z.string(),
  render: z.string().nullable(),
  row: z.number(),
});

/** Conditions on `c`, a campaign, and `r`, its render. */
function conditions(filter: RenderFilter, after: Place | undefined): SQL {
  const { states, person, externalId, linkKey, metadata = {}, since, before } = filter;
  const all: SQL[] = [sql`c.kind <> 'remake' and (r.id is not null or c.kind = 'render')`];
  // The state of one that is not recorded is that of its campaign, which the reader looks at.
  if (states !== undefined) all.push(sql`(r.id is null or r.state = any${textArray(states)})`);
  if (filter.campaign !== undefined) all.push(sql`c.id = ${filter.campaign}`);
  if (externalId !== undefined) all.push(sql`c.external_id = ${externalId}`);
  if (linkKey !== undefined) all.push(sql`c.link_key = ${linkKey}`);
  if (person !== undefined) {
    const theirs = sql`select campaign from ${render} where person = ${person}
      union select id from ${campaign} where person = ${person}`;
    all.push(sql`c.id in (${theirs}) and (r.person = ${person} or (r.id is null and c.person = ${person}))`);
  }
  if (since !== undefined) all.push(sql`c.created_at >= ${since.toISOString()}::timestamptz`);
  if (before !== undefined) all.push(sql`c.created_at < ${before.toISOString()}::timestamptz`);
  for (const [name, value] of Object.entries(metadata)) {
    all.push(sql`c.metadata::jsonb ->> ${name} = ${value}`);
  }
  if (after !== undefined) {
    all.push(sql`c.number <= ${after.number} and (c.number < ${after.number} or r."row" > ${after.row})`);
  }
  return sql.join(all, sql` and `);
}

/**
 * `Renders.search`.
 *
 * @param read reads the renders of a condition.
 */
export async function searchRenders(
  database: Database,
  read: (which: SQL) => Promise<readonly Render[]>,
  filter: RenderFilter,
  cursor: string | undefined,
  limit: number,
): ReturnType<Renders['search']> {
  const after = cursor === undefined ? undefined : parsePlace(cursor);
  const found = await query(
    database,
    foundRow,
    sql`select c.number, c.id as campaign, r.id as render, coalesce(r."row", 1) as "row"
        from ${campaign} c left join ${render} r on r.campaign = c.id
        where ${conditions(filter, after)}
        order by c.number desc, "row" limit ${limit}`,
  );
  const last = found.length < limit ? undefined : found.at(-1);
  const next = last && `${last.number}-${last.row}`;
  if (found.length === 0) return { found: [], next };
  const ids = found.flatMap((each) => each.render ?? []);
  const entries = new Map((await read(inArray(render.id, ids))).map((entry) => [entry.id, entry]));
  const complete = found.flatMap((each): readonly FoundRender[] => {
    const entry = each.render === null ? undefined : entries.get(each.render);
    // It was retried or removed meanwhile.
    if (each.render !== null && entry === undefined) return [];
    return [{ campaign: each.campaign, entry, cursor: `${each.number}-${each.row}` }];
  });
  return { found: complete, next };
}
