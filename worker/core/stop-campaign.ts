import type { ErrorCode } from '../../errors/catalogue.ts';
import { errors } from '../../errors/messages.ts';
import type { Pipeline } from './pipeline.ts';
import { queueWebhooks } from './settle.ts';

/** If so many rows fail in the same way and none before them is good, the others are not tried. */
const firstRows = 20;

/** Rows that were left out for what the input says do not count, if they are not more than the others. */
const looksAt = 2 * firstRows;

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What became of a row: it is good or not decided yet, it failed, or the input leaves it out. */
export type FirstRow = 'good' | 'left-out' | Failure;

const isOfInput = (code: ErrorCode): boolean => /^(row|person|record)-/.test(code);

/** A row that failed. Failures of what the row contains are not the template's. */
export const failedRow = ({ code, message }: Failure): FirstRow =>
  isOfInput(code) ? 'left-out' : { code, message };

/** How a row failed, without the values, frames and reasons that differ from row to row. */
const wayOf = ({ code, message }: Failure): string =>
  `${code} ${(message.split(/: |\. /)[0] ?? '').replace(/\d+(?:\.\d+)?/g, '#')}`;

/**
 * The error of a campaign whose first rows all failed in the same way; `undefined` for others.
 *
 * @param rows in the order of the input.
 */
export function stopsCampaign(
  rows: readonly FirstRow[],
): ReturnType<typeof errors.campaignStopped> | undefined {
  const counted = rows
    .slice(0, looksAt)
    .filter((row) => row !== 'left-out')
    .slice(0, firstRows);
  const failures = counted.filter((row) => row !== 'good');
  const [first] = failures;
  if (first === undefined || failures.length < firstRows) return undefined;
  if (failures.some((each) => wayOf(each) !== wayOf(first))) return undefined;
  return errors.campaignStopped({ rows: firstRows, why: first.message });
}

/** Stops a campaign whose first rows all failed in the same way. To be called after rows of it have failed. */
export async function stopIfHopeless(
  { renders, campaigns, queue, log }: Pick<Pipeline, 'renders' | 'campaigns' | 'queue' | 'log'>,
  id: string,
): Promise<void> {
  const rows = await renders.list(id, 0, looksAt);
  const stopped = stopsCampaign(
    rows.map(({ status }) => {
      if (status.state === 'failed') return failedRow(status);
      return status.state === 'skipped' || status.state === 'cancelled' ? 'left-out' : 'good';
    }),
  );
  if (stopped === undefined) return;
  await queueWebhooks({ queue }, await campaigns.stop(id, stopped.code, stopped.message));
  log.warn('campaign stopped: its first rows all fail in the same way', { campaign: id });
}
