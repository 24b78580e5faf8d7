import type { OrderEntry } from '../core/campaigns.ts';
import type { VideoStatus } from '../core/video.ts';
import { findCampaign } from './campaign-report.ts';
import type { LinkTerms } from './links.ts';
import { findRender } from './render-report.ts';

/** Leaves out sentences: they may repeat what a record held. */
function withoutWords(status: VideoStatus) {
  switch (status.state) {
    case 'done': {
      const { state, durationInSeconds, clipsRendered, clipsReused } = status;
      const warnings = status.warnings.map(({ code, field }) => ({ code, field }));
      return { state, durationInSeconds, clipsRendered, clipsReused, warnings };
    }
    case 'failed':
      return { state: status.state, code: status.code, retryable: status.retryable };
    case 'skipped':
    case 'queued':
    case 'rendering':
    case 'cancelled':
      return status;
    default:
      return status satisfies never;
  }
}

/**
 * What a webhook tells of an order: as the API does, without anything that a record held.
 *
 * @param terms no links are told where the public address is not known.
 */
export async function describeOrder(
  pipeline: Parameters<typeof findRender>[0],
  order: OrderEntry,
  { publicUrl, linkDays }: { readonly publicUrl: string | undefined; readonly linkDays: number },
): Promise<unknown> {
  if (order.kind === 'campaign') {
    const report = await findCampaign(pipeline, order.id);
    return report && { ...report, error: report.error && { code: report.error.code } };
  }
  const terms: LinkTerms = { publicUrl: publicUrl ?? '', linkDays };
  const report = await findRender(pipeline, order.id, terms);
  if (report === undefined) return undefined;
  const { status, links, linksExpireAt, ...rest } = report;
  return {
    ...rest,
    status: withoutWords(status),
    ...(publicUrl !== undefined && { links, linksExpireAt }),
  };
}
