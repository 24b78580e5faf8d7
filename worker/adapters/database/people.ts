import { and, asc, desc, eq, inArray, or, sql, type SQL } from 'drizzle-orm';
import type { CampaignSource } from '../../core/campaigns.ts';
import { contentFiles } from '../../core/clips.ts';
import type { Erased, People, Subject } from '../../core/people.ts';
import { readCampaigns } from './campaigns.ts';
import { eraseConversions } from './conversions.ts';
import { jsonRows, textArray, type Database, type DatabaseAccess } from './database.ts';
import { emptyRenders, erasedRow, isKept } from './empty-renders.ts';
import { keepNeeded, noteRemovals } from './release-content.ts';
import { countEnded, lockCampaigns } from './row-endings.ts';
import { forgetStills } from './stills.ts';
import { image, still } from './picture-schema.ts';
import { campaign, idempotency, render, webhookDelivery } from './schema.ts';
import { erasedPerson, remake, removal } from './viewer-schema.ts';

/** `People.suppressed`. */
async function erasedAmong(database: Database, people: readonly string[]): Promise<ReadonlySet<string>> {
  if (people.length === 0) return new Set();
  const found = await database
    .select({ person: erasedPerson.person })
    .from(erasedPerson)
    .where(sql`${erasedPerson.person} = any${textArray(people)}`);
  return new Set(found.map(({ person }) => person));
}

/** Whose link a render has, or will have once it is planned. */
const ownerOf = (id: string) =>
  sql`coalesce((select r.link_owner from ${render} r where r.id = ${id}),
        (select c.link_owner from ${campaign} c where c.id = ${id}))`;

/** A subject's rows; the remake of a render is one of them. */
const theirRows = (subject: Subject): SQL | undefined =>
  'person' in subject
    ? eq(render.person, subject.person)
    : or(
        eq(render.id, subject.render),
        sql`${render.linkOwner} = ${ownerOf(subject.render)}`,
        sql`${render.id} in (select r.render from ${remake} r where r.of = ${subject.render})`,
      );

/** A subject's single renders. */
const theirRenders = (subject: Subject): SQL | undefined =>
  and(
    eq(campaign.kind, 'render'),
    'person' in subject
      ? eq(campaign.person, subject.person)
      : or(eq(campaign.id, subject.render), sql`${campaign.linkOwner} = ${ownerOf(subject.render)}`),
  );

/** Locks the campaigns that may hold, or be about to record, a row of the subject. */
async function lockTheirCampaigns(tx: Database, subject: Subject): Promise<void> {
  const rows = await tx.select({ id: render.campaign }).from(render).where(theirRows(subject));
  const renders = await tx.select({ id: campaign.id }).from(campaign).where(theirRenders(subject));
  // Who records rows at this moment has looked before this person was suppressed, or sees it.
  const recording =
    'person' in subject
      ? await tx
          .select({ id: campaign.id })
          .from(campaign)
          .where(
            or(
              and(eq(campaign.kind, 'campaign'), eq(campaign.state, 'planning')),
              and(
                eq(campaign.kind, 'remake'),
                sql`not exists (select from ${render} r where r.campaign = ${campaign.id})`,
              ),
            ),
          )
      : [];
  await lockCampaigns(tx, [...new Set([...rows, ...renders, ...recording].map(({ id }) => id))]);
}

/** Takes the records of single renders away, with what their clients said of them. */
async function eraseRenders(tx: Database, subject: Subject) {
  const source: CampaignSource = { kind: 'erased' };
  const renders = await tx
    .update(campaign)
    .set({
      ...{ source, metadata: {}, webhookUrl: null, message: null, link: null },
      ...{ person: null, customerId: null, externalId: null, linkOwner: null },
    })
    .where(theirRenders(subject))
    .returning({ id: campaign.id });
  const ids = renders.map(({ id }) => id);
  const keys = await tx
    .delete(idempotency)
    .where(inArray(idempotency.campaign, ids))
    .returning({ key: idempotency.key });
  const webhooks = await tx
    .delete(webhookDelivery)
    .where(inArray(webhookDelivery.campaign, ids))
    .returning({ id: webhookDelivery.id });
  return { records: ids.length, idempotencyKeys: keys.length, webhooks: webhooks.length };
}

/** `People.erase` within a transaction. */
async function erasePerson(tx: Database, subject: Subject, imageKeys: readonly string[]): Promise<Erased> {
  await lockTheirCampaigns(tx, subject);
  const rows = await tx
    .select()
    .from(render)
    .where(and(theirRows(subject), isKept));
  const { watched, open, clips, images } = await emptyRenders(tx, rows, erasedRow, imageKeys);
  await forgetStills(
    tx,
    'person' in subject
      ? or(
          eq(still.person, subject.person),
          inArray(
            still.render,
            rows.map(({ id }) => id),
          ),
        )
      : inArray(still.render, [subject.render, ...rows.map(({ id }) => id)]),
  );
  // Lines of campaigns are locked last.
  const ended = await countEnded(tx, open);
  const renders = await eraseRenders(tx, subject);
  const conversions = await eraseConversions(
    tx,
    subject,
    rows.map(({ id }) => id),
  );
  const rowMessages = await tx
    .delete(webhookDelivery)
    .where(sql`${webhookDelivery.render} = any${textArray(rows.map(({ id }) => id))}`)
    .returning({ id: webhookDelivery.id });
  return {
    counts: {
      videos: rows.length,
      ...renders,
      webhooks: renders.webhooks + rowMessages.length,
      ...watched,
      clips: clips.length,
      images,
      conversions,
    },
    ended,
    clips,
    renders: open.map(({ id }) => id),
  };
}

/** More campaigns of one person are read in pages of their own, by nobody so far. */
const mostCampaigns = 100_000;

/** No row of a remake. */
const isNoRemake = sql`not exists (select from ${remake} r where r.render = ${render.id})`;

/** What is kept about people in SQL: one set of statements for PGlite and PostgreSQL. */
export function createPeople({ database, transaction, persist }: DatabaseAccess): People {
  const inTransaction = <T>(run: (tx: Database) => Promise<T>): Promise<T> => persist(() => transaction(run));

  return {
    suppressed: (people) => persist(() => erasedAmong(database, people)),

    isAnyoneSuppressed: () =>
      persist(async () => (await database.select().from(erasedPerson).limit(1)).length > 0),

    suppress: (person) =>
      persist(async () => {
        await database.insert(erasedPerson).values({ person }).onConflictDoNothing();
      }),

    unsuppress: (person) =>
      persist(async () => {
        const suppressed = await database
          .delete(erasedPerson)
          .where(eq(erasedPerson.person, person))
          .returning({ person: erasedPerson.person });
        return suppressed.length > 0;
      }),

    personOf: (id) =>
      persist(async () => {
        const [row] = await database.select({ person: render.person }).from(render).where(eq(render.id, id));
        if (row !== undefined) return row.person ?? undefined;
        const [unrecorded] = await database
          .select({ person: campaign.person })
          .from(campaign)
          .where(and(eq(campaign.id, id), eq(campaign.kind, 'render')));
        return unrecorded?.person ?? undefined;
      }),

    renders: (subject) =>
      persist(() =>
        database
          .select({ id: render.id, campaign: render.campaign, row: render.row })
          .from(render)
          .where(and(theirRows(subject), isKept, isNoRemake))
          .orderBy(asc(render.ended)),
      ),

    singleRenders: (subject) =>
      persist(async () => {
        const found = await readCampaigns(
          database,
          theirRenders(subject),
          asc(campaign.number),
          mostCampaigns,
        );
        return found.map(({ entry }) => entry).filter(({ source }) => source.kind !== 'erased');
      }),

    unreadCampaigns: () =>
      persist(async () => {
        const found = await readCampaigns(
          database,
          and(
            eq(campaign.kind, 'campaign'),
            inArray(campaign.state, ['planning', 'failed', 'cancelled']),
            sql`${campaign.rows} > (select count(*) from ${render} r where r.campaign = ${campaign.id})`,
          ),
          desc(campaign.number),
          mostCampaigns,
        );
        return found.map(({ entry }) => entry);
      }),

    erasedRows: (id) =>
      persist(async () => {
        const found = await database
          .select({ row: render.row })
          .from(render)
          .where(and(eq(render.campaign, id), sql`not ${isKept}`));
        return found.map(({ row }) => row);
      }),

    exchangeSource: (id, from, to, imageKeys) =>
      inTransaction(async (tx) => {
        await lockCampaigns(tx, [id]);
        const [now] = await tx.select({ source: campaign.source }).from(campaign).where(eq(campaign.id, id));
        if (JSON.stringify(now?.source) !== JSON.stringify(from)) return false;
        const files = await tx
          .delete(image)
          .where(sql`${image.urlKey} = any${textArray(imageKeys)}`)
          .returning({ hash: image.hash });
        await noteRemovals(tx, [
          ...files.flatMap(({ hash }) =>
            hash === null ? [] : contentFiles(hash).map((each) => ({ ...each, inWork: false })),
          ),
          ...(from.kind === 'csv' ? [{ namespace: 'inputs' as const, name: from.file, inWork: false }] : []),
        ]);
        await tx.update(campaign).set({ source: to }).where(eq(campaign.id, id));
        return true;
      }),

    erase: (subject, imageKeys) => inTransaction((tx) => erasePerson(tx, subject, imageKeys)),

    removals: (limit) =>
      persist(async () => {
        await keepNeeded(database);
        return database.select().from(removal).orderBy(removal.watchUntil).limit(limit);
      }),

    removed: (files) =>
      persist(async () => {
        await database.execute(
          sql`delete from ${removal} r using jsonb_to_recordset(${jsonRows(files)}) as gone(namespace text, name text)
              where r.namespace = gone.namespace and r.name = gone.name and r.watch_until <= now()`,
        );
      }),
  };
}
