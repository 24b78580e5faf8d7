import { randomBytes } from 'node:crypto';
import { checkBody } from '../../data/check-record.ts';
import { findTemplate } from '../../video/story/registry.ts';
import { blankInputRows, findRows, imageKeysOf, removeErased } from '../core/erasure.ts';
import { endRows, tryNow } from '../core/settle.ts';
import type { Subject } from '../core/people.ts';
import { personKey } from '../core/suppression.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Job } from '../core/ports.ts';
import type { Receipt } from './people-schema.ts';
import { findSubject, type Named } from './subject.ts';

const notReached = [
  'Files that `bespoke batch` and `bespoke render` exported: delete them yourself.',
  'Downloaded files, and mails with links or pictures.',
  'Backups of the database and the store: erase the person again after you restore one.',
];

/** Rows of a person by campaign: those that are recorded, and those that are only in a file. */
async function rowsByCampaign(
  pipeline: Pipeline,
  subject: Subject,
): Promise<{ readonly rows: ReadonlyMap<string, readonly number[]>; readonly unread: number }> {
  const { people } = pipeline;
  const rows = new Map<string, number[]>();
  const note = (campaign: string, row: number): void => {
    rows.set(campaign, [...(rows.get(campaign) ?? []), row]);
  };
  // Asked first: a campaign whose planning ends meanwhile has recorded the row, so that it is among the next.
  const unreadCampaigns = 'person' in subject ? await people.unreadCampaigns() : [];
  for (const { campaign, row } of await people.renders(subject)) note(campaign, row);
  if (!('person' in subject)) return { rows, unread: 0 };
  let unread = 0;
  for (const campaign of unreadCampaigns) {
    const found = await findRows(pipeline, campaign, async () => new Set([subject.person]));
    if (found === undefined) unread += 1;
    else for (const row of found) note(campaign.id, row);
  }
  return { rows, unread };
}

/** What the pictures of a person's single renders are remembered by. */
async function imageKeysOfRenders(
  { people, registry, hmac }: Pipeline,
  subject: Subject,
): Promise<readonly string[]> {
  const renders = await people.singleRenders(subject);
  return renders.flatMap(({ template, source }) => {
    const fields = findTemplate(registry, template)?.template.record;
    if (fields === undefined || source.kind !== 'record') return [];
    const check = checkBody(fields, source.record);
    return check.ok ? imageKeysOf(hmac, fields, check.record) : [];
  });
}

/** Removes work from the queue that nothing needs any more; if the queue does not answer, workers notice later. */
async function cancelJobs(pipeline: Pipeline, jobs: readonly Job[]): Promise<void> {
  await tryNow(pipeline, async () => {
    for (const job of jobs) await pipeline.queue.cancel(job);
  });
}

/**
 * Erases a person: records, rows of uploads, videos and their pictures and captions, clips and photos that
 * only they needed, what is queued, and what clients said beside. Rows stay in the accounts of their
 * campaigns, as `skipped`. Interrupted, it is done again by calling it again: the person is
 * suppressed first, and everything is found until it is gone.
 */
export async function erasePerson(pipeline: Pipeline, named: Named): Promise<Receipt> {
  const { people, clock, log } = pipeline;
  const subject = await findSubject(pipeline, named);
  const barred = 'person' in subject;
  if (barred) await people.suppress(subject.person);

  const { rows, unread } = await rowsByCampaign(pipeline, subject);
  let inputRows = 0;
  for (const [campaign, theirs] of rows) inputRows += await blankInputRows(pipeline, campaign, theirs);
  const erased = await people.erase(subject, await imageKeysOfRenders(pipeline, subject));
  const jobs: readonly Job[] = [
    ...erased.clips.map((clip) => ({ name: 'render-clip', clip }) as const),
    ...erased.renders.map((render) => ({ name: 'assemble-video', render }) as const),
  ];
  const pictures = erased.renders.map((render) => ({ name: 'take-pictures', render }) as const);
  await cancelJobs(pipeline, [...jobs, ...pictures]);
  await tryNow(pipeline, () => endRows(pipeline, 'skipped', erased.ended));
  const files = await removeErased(pipeline);

  const id = `erasure_${randomBytes(12).toString('hex')}`;
  log.info('person erased', { receipt: id, ...erased.counts, inputRows, files });
  return {
    id,
    erasedAt: clock.now().toISOString(),
    barred,
    removed: { ...erased.counts, inputRows, files, jobs: jobs.length },
    unreadInputs: unread,
    notReached: [...notReached],
  };
}

/** Takes a customer off the suppression list. @returns whether they were on it. */
export async function unsuppressPerson(
  { people, hmac }: Pick<Pipeline, 'people' | 'hmac'>,
  customerId: string,
): Promise<boolean> {
  return people.unsuppress(personKey(hmac, customerId));
}
