import type { Pipeline } from '../core/pipeline.ts';
import type { RenderStatus } from '../core/render-schema.ts';
import type { RenderFilter } from '../core/renders.ts';
import { personKey } from '../core/suppression.ts';
import type { LinkOptions } from './links.ts';
import type { RenderReport } from './report-schema.ts';
import { mostRead, readSize, recordedStates, reportRender } from './report.ts';

/** Which renders to list. */
export interface RendersQuery extends Omit<RenderFilter, 'states' | 'person'> {
  readonly status?: readonly RenderStatus['state'][] | undefined;
  readonly customerId?: string | undefined;
  /** What the page before gave as `next`. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * A page of renders, those that were ordered last first. It may be short although more follow.
 *
 * @throws BespokeError `request-invalid` for an invalid cursor.
 */
export async function searchRenders(
  pipeline: Pick<Pipeline, 'registry' | 'hmac' | 'clock' | 'renders' | 'campaigns'>,
  { status, customerId, cursor, limit, ...filter }: RendersQuery,
  terms: LinkOptions,
): Promise<{ readonly renders: RenderReport[]; readonly next: string | undefined }> {
  const person = customerId === undefined ? undefined : personKey(pipeline.hmac, customerId);
  const states = status && [...new Set(status.flatMap((state) => recordedStates[state]))];
  const renders: RenderReport[] = [];
  const size = readSize(status, limit);
  let after = cursor;
  for (let read = 0; read < mostRead; read += size) {
    const { found, next } = await pipeline.renders.search({ ...filter, person, states }, after, size);
    const orders = await pipeline.campaigns.findAll([...new Set(found.map(({ campaign }) => campaign))]);
    const campaigns = new Map(orders.map((campaign) => [campaign.id, campaign]));
    for (const { campaign: id, entry, cursor: place } of found) {
      const campaign = campaigns.get(id);
      if (campaign === undefined) continue;
      const report = reportRender(pipeline, campaign, entry, terms);
      // Whether a row that waits is queued or rendering shows only now.
      if (status !== undefined && !status.includes(report.status.state)) continue;
      renders.push(report);
      if (renders.length === limit) return { renders, next: place };
    }
    if (next === undefined) return { renders, next };
    after = next;
  }
  return { renders, next: after };
}
