import { asc, eq, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import {
  mostPages,
  type Contribute,
  type Contribution,
  type CountedViewer,
  type PageEvent,
  type PageView,
  type ViewerEvents,
  type Watching,
} from '../../core/viewer-events.ts';
import { mostGuests } from '../../core/viewers.ts';
import { jsonRows, query, textArray, type Database, type DatabaseAccess } from './database.ts';
import { figure, measurementRefusal, pageView, tally, viewer, viewerEvent } from './measurement-schema.ts';
import { campaign, clip, render, webhookDelivery, webhookEndpoint } from './schema.ts';

/** Most viewers of one person's videos that are read. */
const mostRead = 10_000;

const countRow = z.object({ kept: z.coerce.number() });

/**
 * `ViewerEvents.add` in one statement. It waits for who erases the render at this moment, and then adds nothing; the
 * viewer's line is locked before events get their numbers.
 */
const addEvents = (
  { session, render: of, rights, fps }: Parameters<ViewerEvents['add']>[0],
  { page, openedAt, device, events }: PageView,
): SQL => sql`
  with present as (
    select r.* from ${render} r where r.id = ${of} and r.state <> 'skipped' for share
  ), who as (
    insert into ${viewer} as v
      (session, render, campaign, rights, template, format, fps, film_frames, segments, variant, is_behind)
    select ${session}, r.id, r.campaign, ${rights}, c.template, c.format, ${fps}::float8, r.duration_in_frames, coalesce(r.segments, '{}'), r.variant, true
    from present r join ${campaign} c on c.id = r.campaign
    where not exists (select from ${measurementRefusal} m where m.session = ${session})
      and (${rights} = 'owner' or exists (select from ${viewer} k where k.session = ${session})
        or (select count(*) from ${viewer} o where o.render = ${of} and o.rights = 'play') < ${mostGuests})
    on conflict (session) do update set is_behind = true
    returning v.session
  ), place as (
    insert into ${pageView} as p (viewer, page, opened_at, device)
    select who.session, ${page},
      greatest(${openedAt.toISOString()}::timestamptz, (select r.ended_at from present r)),
      ${device}
    from who
    where (select count(*) from ${pageView} o where o.viewer = ${session} and o.page <> ${page}) < ${mostPages}
    on conflict (viewer, page) do update set page = excluded.page
    returning p.number
  ), added as (
    insert into ${viewerEvent} (page_view, seq, ms, content)
    select place.number, e.seq, e.ms, e.content
    from place, jsonb_to_recordset(${jsonRows(
      events.map(({ seq, ms, content }) => ({ seq, ms, content: JSON.stringify(content) })),
    )}) as e(seq integer, ms bigint, content text)
    order by e.seq
    on conflict do nothing
  )
  select case when exists (select from place) then ${events.length}::int else 0 end as kept`;

const viewerColumns = {
  session: viewer.session,
  campaign: viewer.campaign,
  render: viewer.render,
  rights: viewer.rights,
  template: viewer.template,
  format: viewer.format,
  fps: viewer.fps,
  filmFrames: viewer.filmFrames,
  segments: viewer.segments,
  variant: viewer.variant,
};

type ViewerRow = Omit<CountedViewer, 'variant'> & { readonly variant: string | null };

const toViewer = ({ variant, ...row }: ViewerRow): CountedViewer => ({
  ...row,
  variant: variant ?? undefined,
});

/** An event with its number. */
interface NumberedEvent extends PageEvent {
  readonly number: number;
}

interface NumberedPage extends Omit<PageView, 'events'> {
  readonly events: readonly NumberedEvent[];
}

/** Pages of some viewers with all their events, by session. */
async function readPages(
  database: Database,
  sessions: readonly string[],
): Promise<ReadonlyMap<string, readonly NumberedPage[]>> {
  const rows = await database
    .select({
      session: pageView.viewer,
      page: pageView.page,
      openedAt: pageView.openedAt,
      device: pageView.device,
      seq: viewerEvent.seq,
      number: viewerEvent.number,
      ms: viewerEvent.ms,
      content: viewerEvent.content,
    })
    .from(pageView)
    .innerJoin(viewerEvent, eq(viewerEvent.pageView, pageView.number))
    .where(sql`${pageView.viewer} = any${textArray(sessions)}`)
    .orderBy(asc(pageView.number), asc(viewerEvent.seq));
  const bySession = new Map<string, Map<string, NumberedPage & { readonly events: NumberedEvent[] }>>();
  for (const { session, page, openedAt, device, ...event } of rows) {
    const pages =
      bySession.get(session) ?? new Map<string, NumberedPage & { readonly events: NumberedEvent[] }>();
    bySession.set(session, pages);
    const known = pages.get(page) ?? { page, openedAt, device, events: [] };
    pages.set(page, known);
    known.events.push(event);
  }
  return new Map([...bySession].map(([session, pages]) => [session, [...pages.values()]]));
}

/** What a viewer had done up to an event. */
const until = (pages: readonly NumberedPage[], last: number): readonly PageView[] =>
  pages.flatMap((page) => {
    const events = page.events.filter(({ number }) => number <= last);
    return events.length === 0 ? [] : [{ ...page, events }];
  });

/** Viewers with all that is known of them, by session. */
async function readWatching(database: Database, which: SQL, limit = mostRead): Promise<readonly Watching[]> {
  const found = await database
    .select(viewerColumns)
    .from(viewer)
    .where(which)
    .orderBy(asc(viewer.session))
    .limit(limit);
  const pagesOf = await readPages(
    database,
    found.map(({ session }) => session),
  );
  return found.map((row) => ({ viewer: toViewer(row), pages: pagesOf.get(row.session) ?? [] }));
}

/** Adds changes to figures of campaigns. Lines are taken in one order, so that two who count never wait for each other. */
async function writeFigures(
  tx: Database,
  changes: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Promise<void> {
  const lines = [...changes].flatMap(([of, values]) =>
    [...values].flatMap(([name, value]) => (value === 0 ? [] : [{ campaign: of, name, value }])),
  );
  if (lines.length === 0) return;
  await tx.execute(sql`
    insert into ${figure} as f (campaign, name, value)
    select campaign, name, value
    from jsonb_to_recordset(${jsonRows(lines)}) as c(campaign text, name text, value bigint)
    order by campaign, name
    on conflict (campaign, name) do update set value = f.value + excluded.value`);
}

/** The figure that says how many videos of a campaign were there and are gone. No viewer adds to it. */
const videosGone = JSON.stringify(['gone']);

/**
 * Counts videos that go, within the transaction that takes them away. What their viewers did stays in the figures, so
 * that shares have to be of them too. Remakes are another video of the same customer.
 */
export async function addVideosGone(
  tx: Database,
  renders: readonly { readonly campaign: string }[],
): Promise<void> {
  if (renders.length === 0) return;
  await tx.execute(sql`
    insert into ${figure} as f (campaign, name, value)
    select c.id, ${videosGone}, count(*)
    from unnest(${textArray(renders.map((each) => each.campaign))}) as gone(campaign)
    join ${campaign} c on c.id = gone.campaign and c.kind <> 'remake'
    group by c.id order by c.id
    on conflict (campaign, name) do update set value = f.value + excluded.value`);
}

/** Deletes what is known of a viewer, and takes it out of the figures. */
async function withdrawViewer(tx: Database, session: string, contribute: Contribute): Promise<void> {
  const [row] = await tx
    .select({ ...viewerColumns, countedTo: viewer.countedTo })
    .from(viewer)
    .where(eq(viewer.session, session))
    .for('update');
  if (row === undefined) return;
  const { countedTo, ...columns } = row;
  const pages = (await readPages(tx, [session])).get(session) ?? [];
  const counted =
    countedTo === 0
      ? []
      : [...contribute({ viewer: toViewer(columns), pages: until(pages, countedTo) }).figures];
  await writeFigures(tx, new Map([[row.campaign, new Map(counted.map(([name, value]) => [name, -value]))]]));
  await tx.delete(viewer).where(eq(viewer.session, session));
}

/**
 * Records messages about what people did since the last one, for campaigns that report it: for the address that their
 * order named and for each endpoint that wants such events.
 */
async function oweMessages(
  tx: Database,
  people: readonly { readonly session: string; readonly to: number }[],
): Promise<void> {
  if (people.length === 0) return;
  await tx.execute(sql`
    with fresh as (
      select v.session, v.campaign, v.render, v.reported_to as after, p.to
      from jsonb_to_recordset(${jsonRows(people)}) as p(session text, "to" bigint)
      join ${viewer} v on v.session = p.session
      join ${campaign} c on c.id = v.campaign and c.viewer_events
      where p.to > v.reported_to
    ), owed as (
      insert into ${webhookDelivery} (id, campaign, round, render, endpoint, event, viewer, events_after, events_to, url, state)
      select 'msg_' || replace(gen_random_uuid()::text, '-', ''), c.id, c.round, f.render, target.endpoint, 'viewer.event',
        f.session, f.after, f.to, target.url, 'pending'
      from fresh f join ${campaign} c on c.id = f.campaign
      cross join lateral (
        select null::text as endpoint, c.webhook_url as url where c.webhook_url is not null
        union all
        select e.id, e.url from ${webhookEndpoint} e where 'viewer.event' = any (e.events)
      ) target
      on conflict do nothing
    )
    update ${viewer} v set reported_to = f.to from fresh f where v.session = f.session`);
}

/** `ViewerEvents.count` within a transaction. */
async function countViewers(
  tx: Database,
  contribute: Contribute,
  most: number,
  of: string | undefined,
): Promise<number> {
  const behind = await tx
    .select({ ...viewerColumns, countedTo: viewer.countedTo })
    .from(viewer)
    .where(of === undefined ? sql`is_behind` : sql`is_behind and ${viewer.campaign} = ${of}`)
    .orderBy(asc(viewer.campaign), asc(viewer.session))
    .limit(most)
    .for('no key update', { skipLocked: true });
  if (behind.length === 0) return 0;
  // A statement of its own: it sees what was added before the lines were locked.
  const pagesOf = await readPages(
    tx,
    behind.map(({ session }) => session),
  );
  const changes = new Map<string, Map<string, number>>();
  const counted: { session: string; to: number; day: string | undefined; device: string | undefined }[] = [];
  const people: { session: string; to: number }[] = [];
  for (const { countedTo, ...row } of behind) {
    const counting = toViewer(row);
    const pages = pagesOf.get(row.session) ?? [];
    const to = Math.max(countedTo, ...pages.flatMap(({ events }) => events.map(({ number }) => number)));
    const values = changes.get(row.campaign) ?? new Map<string, number>();
    changes.set(row.campaign, values);
    const add = (part: Contribution, sign: 1 | -1): void => {
      for (const [name, value] of part) values.set(name, (values.get(name) ?? 0) + sign * value);
    };
    const now = contribute({ viewer: counting, pages: until(pages, to) });
    counted.push({ session: row.session, to, day: now.first?.day, device: now.first?.device });
    if (now.first !== undefined) people.push({ session: row.session, to });
    add(now.figures, 1);
    if (countedTo > 0) add(contribute({ viewer: counting, pages: until(pages, countedTo) }).figures, -1);
  }
  await writeFigures(tx, changes);
  await oweMessages(tx, people);
  await tx.execute(sql`
    update ${viewer} v set is_behind = false, counted_to = c.to, opened_on = c.day, device = c.device
    from jsonb_to_recordset(${jsonRows(counted)}) as c(session text, "to" bigint, day text, device text)
    where v.session = c.session`);
  return behind.length;
}

/** How films are watched, in SQL: one set of statements for PGlite and PostgreSQL. */
export function createViewerEvents({ database, transaction, persist }: DatabaseAccess): ViewerEvents {
  return {
    add: (who, page) =>
      persist(async () => {
        const [counted] = await query(database, countRow, addEvents(who, page));
        return counted?.kept ?? 0;
      }),

    subjects: (of, clips) =>
      persist(async () => {
        const found = await database
          .select({
            template: campaign.template,
            clip: {
              key: clip.key,
              personal: clip.personal,
              scene: clip.scene,
              durationInFrames: clip.durationInFrames,
            },
          })
          .from(render)
          .innerJoin(campaign, eq(campaign.id, render.campaign))
          .leftJoin(clip, sql`${clip.key} = any${textArray(clips)}`)
          .where(eq(render.id, of));
        const [first] = found;
        return first && { template: first.template, clips: found.flatMap((row) => row.clip ?? []) };
      }),

    isRefused: (session) =>
      persist(async () => {
        const found = await database
          .select({ session: measurementRefusal.session })
          .from(measurementRefusal)
          .where(eq(measurementRefusal.session, session));
        return found.length > 0;
      }),

    allow: ({ session, render: of }, allowed, contribute) =>
      persist(() =>
        transaction(async (tx) => {
          if (allowed) {
            await tx.delete(measurementRefusal).where(eq(measurementRefusal.session, session));
            return;
          }
          await tx.insert(measurementRefusal).values({ session, render: of }).onConflictDoNothing();
          await withdrawViewer(tx, session, contribute);
        }),
      ),

    count: (contribute, most, of) =>
      persist(() => transaction((tx) => countViewers(tx, contribute, most, of))),

    figures: (of) =>
      persist(async () => {
        const found = await database
          .select({ name: figure.name, value: figure.value })
          .from(figure)
          .where(eq(figure.campaign, of));
        return new Map(found.map(({ name, value }) => [name, value]));
      }),

    videos: (of) =>
      persist(async () => {
        const [counted] = await query(
          database,
          z.object({ videos: z.coerce.number() }),
          // Rows of campaigns are counted where they are compared.
          sql`select case when (select c.kind from ${campaign} c where c.id = ${of}) = 'campaign'
                then coalesce((select sum(t.people) from ${tally} t
                               where t.campaign = ${of} and t.of = 'group' and t.line like '[false,%'), 0)
                else (select count(*) from ${render} r where r.campaign = ${of} and r.state = 'done') end
              + coalesce((select f.value from ${figure} f where f.campaign = ${of} and f.name = ${videosGone}), 0) as videos`,
        );
        return counted?.videos ?? 0;
      }),

    list: (of, after = '', limit) =>
      persist(async () => {
        const watching = await readWatching(
          database,
          sql`${viewer.campaign} = ${of} and ${viewer.session} > ${after}`,
          limit,
        );
        return { watching, next: watching.length < limit ? undefined : watching.at(-1)?.viewer.session };
      }),

    eventsOf: ({ session, after, to }) =>
      persist(async () => {
        const [found] = await database.select(viewerColumns).from(viewer).where(eq(viewer.session, session));
        if (found === undefined) return undefined;
        const all = (await readPages(database, [session])).get(session) ?? [];
        const pages = all.flatMap((page) => {
          const events = page.events.filter(({ number }) => number > after && number <= to);
          return events.length === 0 ? [] : [{ ...page, events }];
        });
        return { viewer: toViewer(found), pages };
      }),

    watchingOf: (renders) =>
      persist(() => readWatching(database, sql`${viewer.render} = any${textArray(renders)}`)),
  };
}
