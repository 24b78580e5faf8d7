import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { usualDays } from '../../core/campaigns.ts';
import type { CampaignConversions, ConversionValue, GroupConversions } from '../../core/conversions.ts';
import { query, textArray, type Database } from './database.ts';
import { compared, conversion, tally, toCompare, viewer } from './measurement-schema.ts';
import { campaign, render } from './schema.ts';

/** Changes that are taken into account in one transaction. */
const atOnce = 2_000;

const renderRow = z.object({ render: z.string() });
const nullable = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined);
const groupOf = [z.boolean(), z.array(z.string()), nullable, nullable, nullable] as const;
const device = z.enum(['phone', 'tablet', 'desktop']);
const groupLine = z.tuple(groupOf);
const nameLine = z.tuple([...groupOf, z.string()]);
const sumLine = z.tuple([z.boolean(), z.string(), z.string(), z.number()]);
const tallyRow = z.object({
  of: z.enum(['group', 'name', 'sum']),
  line: z.string(),
  people: z.coerce.number(),
});

/** The days of a campaign's order. */
const ownDays = sql`coalesce((c.source::json -> 'measure' ->> 'days')::integer, ${usualDays})`;

/**
 * `lines`: in what each row of campaigns is counted, by `render`, `of` and `line`. Rows are those with a video, and
 * those of the control group.
 *
 * @param which of `r` and `c`.
 * @param days how long after the campaign's start what people did counts.
 */
const linesOf = (which: SQL, days: SQL): SQL => sql`
  terms as materialized (
    select c.id, c.created_at as start, c.created_at + ${days} * interval '1 day' as until
    from ${campaign} c where c.kind = 'campaign' and c.id in (select r.campaign from ${render} r where ${which})
  ), them as materialized (
    select r.id, r.person, c.start, c.until,
      jsonb_build_array(r.state = 'skipped', coalesce(r.segments, '{}'), r.variant, v.opened_on, v.device) as alike
    from ${render} r join terms c on c.id = r.campaign
    left join lateral (
      select w.opened_on, w.device from ${viewer} w
      where w.render = r.id and w.rights = 'owner' and w.opened_on is not null
      order by w.opened_on limit 1
    ) v on true
    where ${which} and (r.state = 'done' or (r.state = 'skipped' and r.skipped_for = 'holdout'))
  ), did as materialized (
    select id, alike, name, currency, trim_scale(sum(value)) as sum
    from (
      select them.id, them.alike, v.name, v.currency, v.value
      from them join ${conversion} v on v.person = them.person where v.at >= them.start and v.at < them.until
      union all
      select them.id, them.alike, v.name, v.currency, v.value
      from them join ${conversion} v on v.render = them.id
      where them.person is null and v.at >= them.start and v.at < them.until
    ) each
    group by id, alike, name, currency
  ), lines as (
    select id as render, 'group' as of, alike::text as line from them
    union all
    select distinct id, 'name', (alike || jsonb_build_array(name))::text from did
    union all
    select id, 'sum', jsonb_build_array(alike -> 0, name, currency, sum)::text from did where currency is not null
  )`;

/** Which people are alike, from lines and how many have each. */
function toConversions(found: readonly z.infer<typeof tallyRow>[]): CampaignConversions {
  const groups = new Map<string, GroupConversions & { readonly converted: Map<string, number> }>();
  const values: ConversionValue[] = [];
  const linesAs = <T>(of: 'group' | 'name' | 'sum', shape: z.ZodType<T>) =>
    found.flatMap((row) =>
      row.of === of ? { people: row.people, line: shape.parse(JSON.parse(row.line)) } : [],
    );
  for (const { people, line } of linesAs('group', groupLine)) {
    const [heldOut, segments, variant, day, on] = line;
    const first = day === undefined ? undefined : { day, device: device.parse(on) };
    groups.set(JSON.stringify(line), { heldOut, segments, variant, first, people, converted: new Map() });
  }
  for (const { people, line } of linesAs('name', nameLine)) {
    const [heldOut, segments, variant, day, on, name] = line;
    groups.get(JSON.stringify([heldOut, segments, variant, day, on]))?.converted.set(name, people);
  }
  for (const { people, line } of linesAs('sum', sumLine)) {
    const [heldOut, name, currency, sum] = line;
    values.push({ heldOut, name, currency, sum, people });
  }
  return { groups: [...groups.values()], values };
}

/** `Conversions.conversionsOf` from all rows of a campaign: what it costs grows with their number. */
export async function readRows(database: Database, id: string, days: number): Promise<CampaignConversions> {
  const found = await query(
    database,
    tallyRow,
    sql`with ${linesOf(sql`r.campaign = ${id}`, sql`${days}`)}
        select of, line, count(*) as people from lines group by of, line`,
  );
  return toConversions(found);
}

/** `Conversions.conversionsOf`. */
export async function readComparison(
  database: Database,
  id: string,
  days: number,
): Promise<CampaignConversions> {
  const [own] = await query(
    database,
    z.object({ days: z.number() }),
    sql`select ${ownDays} as days from ${campaign} c where c.id = ${id}`,
  );
  if (own?.days !== days) return readRows(database, id, days);
  const found = await query(
    database,
    tallyRow,
    sql`select t.of, t.line, t.people from ${tally} t where t.campaign = ${id} and t.people > 0`,
  );
  return toConversions(found);
}

/** Counts rows again. Two processes that count the same row wait for each other; lines of `tally` are locked last, in one order. */
export async function countRows(tx: Database, renders: readonly string[]): Promise<void> {
  const which = textArray(renders);
  await tx.execute(sql`
    insert into ${compared} (render, campaign, lines)
    select r.id, r.campaign, '{}' from ${render} r join ${campaign} c on c.id = r.campaign and c.kind = 'campaign'
    where r.id = any${which} and (r.state = 'done' or (r.state = 'skipped' and r.skipped_for = 'holdout'))
    order by r.id
    on conflict do nothing`);
  const locked = await query(
    tx,
    renderRow,
    sql`select k.render from ${compared} k where k.render = any${which} order by k.render for update`,
  );
  if (locked.length === 0) return;
  const ids = textArray(locked.map((row) => row.render));
  // A statement of its own: it sees what was committed before the lines were locked.
  await tx.execute(sql`
    with ${linesOf(sql`r.id = any${ids}`, ownDays)}, fresh as (
      select render, array_agg(of || ' ' || line) as lines from lines group by render
    ), counted as (
      select k.render, k.campaign, k.lines as before, coalesce(f.lines, '{}') as after
      from ${compared} k left join fresh f on f.render = k.render where k.render = any${ids}
    ), change as (
      select campaign, split_part(line, ' ', 1) as of, substr(line, strpos(line, ' ') + 1) as line, sum(people) as people
      from (
        select campaign, unnest(before) as line, -1 as people from counted
        union all
        select campaign, unnest(after), 1 from counted
      ) each
      group by campaign, each.line having sum(people) <> 0
    ), added as (
      insert into ${tally} as t (campaign, of, line, people)
      select campaign, of, line, people from change order by campaign, of, md5(line)
      on conflict (campaign, of, md5(line)) do update set people = t.people + excluded.people
    ), gone as (
      delete from ${compared} k using counted where k.render = counted.render and counted.after = '{}'
    )
    update ${compared} k set lines = counted.after from counted
    where k.render = counted.render and counted.after <> '{}' and counted.after <> counted.before`);
}

/** `Conversions.compare` within a transaction. Who waits for another one here finds what that one took gone. */
export async function compareRows(tx: Database): Promise<boolean> {
  const changed = await query(
    tx,
    renderRow,
    sql`with oldest as (
          select number from ${toCompare} order by number limit ${atOnce} for update
        ), taken as (
          delete from ${toCompare} t using oldest where t.number = oldest.number returning t.render, t.person
        )
        select t.render from taken t where t.render is not null
        union
        select r.id from ${render} r where r.person = any(array(select t.person from taken t where t.person is not null))`,
  );
  if (changed.length > 0) {
    await countRows(
      tx,
      changed.map((row) => row.render),
    );
  }
  const [left] = await query(
    tx,
    z.object({ waits: z.boolean() }),
    sql`select exists (select from ${toCompare}) as waits`,
  );
  return left?.waits === true;
}
