import { Client } from 'pg';
import { expect } from 'vitest';
import { z } from 'zod';
import { jobNames } from '../../worker/adapters/queue/job-id.ts';
import { brokenObjects, bucketShelves } from './bucket-files.ts';
import { clipsOf, type Child } from './child.ts';
import { pollUntil, type AcceptedOrder, type OrderDeployment } from './campaign-deployment.ts';
import { shelvedNames, watchForBrokenFiles } from './shelves.ts';

const counted = z.object({ what: z.string(), count: z.coerce.number() });

/** Everything that the tables hold, counted by kind and state. */
async function countTables(databaseUrl: string): Promise<Readonly<Record<string, number>>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select 'campaign ' || state as what, count(*) from bespoke.campaign group by 1
       union all select 'accepted rows', coalesce(sum(rows), 0) from bespoke.campaign
       union all select 'row ' || state, count(*) from bespoke.render group by 1
       union all select 'clip ' || state, count(*) from bespoke.clip group by 1
       union all select 'file', count(distinct key) from bespoke.render where state = 'done'
       union all select 'pictures to come', count(*) from bespoke.render where coming <> '[]'
       union all select 'waiting', count(*) from bespoke.dependency
       union all select 'webhook ' || state, count(*) from bespoke.webhook_delivery group by 1`,
    );
    return Object.fromEntries(rows.map((row) => counted.parse(row)).map(({ what, count }) => [what, count]));
  } finally {
    await client.end();
  }
}

/** How often each of these was told. */
function tally(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Work that a process began and, having died, did not end; somebody else has to do it again. */
function leftUndone({ events }: Child): readonly string[] {
  const stored = new Set(clipsOf({ events }, 'stored'));
  return clipsOf({ events }, 'render').filter((clip) => !stored.has(clip));
}

const joinedBy = ({ events }: Child): readonly string[] =>
  events.flatMap((event) => (event.type === 'joined' ? [event.video] : []));

async function untilEnded({ look }: OrderDeployment, campaigns: readonly AcceptedOrder[]): Promise<void> {
  for (const { id } of campaigns) {
    await pollUntil(
      async () => (await look.campaigns.find(id))?.status.state,
      (state) => state !== 'planning' && state !== 'rendering',
    );
  }
  await pollUntil(
    async () => {
      const { deliveries } = await look.webhooks.list({ state: 'pending' }, undefined, 1);
      return deliveries.length;
    },
    (pending) => pending === 0,
  );
  await pollUntil(
    async () => {
      const depth = await look.queue.depth();
      return jobNames.filter((name) => depth[name].waiting + depth[name].active > 0);
    },
    (busy) => busy.length === 0,
  );
}

/** Files of the store that are named as finished, by shelf, after each has been decoded. */
async function wholeFiles({
  deployment,
  s3,
}: OrderDeployment): Promise<ReadonlyMap<string, readonly string[]>> {
  expect(await (s3 === undefined ? watchForBrokenFiles(deployment)() : brokenObjects(s3))).toEqual([]);
  return s3 === undefined ? shelvedNames(deployment) : bucketShelves(s3);
}

/**
 * Waits for the end of these orders, which are to be all there are, and checks that each accepted row is
 * done, that nothing was made twice but what a process left undone when it died, that each end was
 * told once, and that nothing is left in the queue or half in the store.
 *
 * @param resent how many deliveries may have arrived twice, their sender having died in between.
 * @param uploaded how many videos may have been handed to the store twice for the same reason.
 */
export async function expectExact(
  bench: OrderDeployment,
  campaigns: readonly AcceptedOrder[],
  { resent = 0, uploaded = 0 }: { readonly resent?: number; readonly uploaded?: number } = {},
): Promise<void> {
  await untilEnded(bench, campaigns);
  const { databaseUrl = '' } = bench.deployment.config;
  await pollUntil(
    async () => (await countTables(databaseUrl))['pictures to come'],
    (coming) => coming === 0,
  );
  const { receiver, workers } = bench;
  const rows = campaigns.reduce((sum, campaign) => sum + campaign.rows, 0);
  const reported = campaigns.reduce((sum, campaign) => sum + campaign.reported, 0);
  const tables = await countTables(databaseUrl);
  const clips = tables['clip stored'] ?? 0;
  const videos = tables.file ?? 0;
  expect(tables).toEqual({
    'campaign finished': campaigns.length,
    'accepted rows': rows,
    'row done': rows,
    'clip stored': clips,
    file: videos,
    'pictures to come': 0,
    waiting: 0,
    'webhook delivered': campaigns.length + reported,
  });

  const told = new Map(receiver.received.map(({ id, type, order }) => [id, { type, order }]));
  const ordered = new Set(campaigns.map(({ id }) => id));
  const ends = [...told.values()].filter(({ order }) => ordered.has(order));
  expect(new Set(ends)).toEqual(new Set(campaigns.map(({ id, event }) => ({ type: event, order: id }))));
  const ofRows = [...told.values()].filter(({ order }) => !ordered.has(order));
  expect(new Set(ofRows.map(({ order }) => order)).size, 'each row is reported').toBe(reported);
  expect(ofRows.filter(({ type }) => type !== 'render.done')).toEqual([]);
  expect(told.size, 'webhook-ids are one for each end').toBe(campaigns.length + reported);
  expect(receiver.received.length - told.size, 'webhooks sent twice').toBeLessThanOrEqual(resent);

  const rendered = tally(workers.flatMap((worker) => clipsOf(worker, 'render')));
  const undone = tally(workers.flatMap(leftUndone));
  const again = [...rendered].filter(([clip, times]) => times > 1 + (undone.get(clip) ?? 0));
  expect(again, 'clips rendered again although they were stored').toEqual([]);
  expect(rendered.size).toBe(clips);
  const stored = tally(workers.flatMap((worker) => clipsOf(worker, 'stored')));
  expect([...stored].filter(([, times]) => times > 1)).toEqual([]);
  const joined = workers.flatMap(joinedBy);
  expect(new Set(joined).size).toBe(videos);
  expect(joined.length - videos, 'videos made twice').toBeLessThanOrEqual(uploaded);

  const files = await wholeFiles(bench);
  const numbers = Object.fromEntries([...files].map(([shelf, names]) => [shelf, new Set(names).size]));
  expect(numbers).toMatchObject({ clips, videos, posters: videos, teasers: videos, captions: videos });
  expect(new Set(files.get('clips')?.map((name) => name.replace('.mp4', '')))).toEqual(
    new Set(rendered.keys()),
  );
}
