import { errorCatalogue } from '../../errors/catalogue.ts';
import type { Format } from '../../video/story/format.ts';
import { findTemplate, type Registry } from '../../video/story/registry.ts';
import type { VideoEntry } from '../core/renders.ts';
import type { OrderEntry } from '../core/campaigns.ts';
import type { Pipeline } from '../core/pipeline.ts';
import type { Quality } from '../core/quality.ts';
import { videoStatus } from '../core/video-status.ts';
import type { VideoStatus } from '../core/video.ts';
import { linksExpireAt, videoAddresses, type LinkTerms, type VideoAddresses } from './links.ts';

/** What clients are told of one video: a render of its own, or a row of a campaign. */
export interface RenderReport {
  readonly id: string;
  /** The campaign whose row this is, and where it stands there; `undefined` for a render of its own. */
  readonly campaign: { readonly id: string; readonly row: number; readonly fileName: string } | undefined;
  readonly template: string;
  readonly format: Format;
  readonly quality: Quality;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
  readonly status: VideoStatus;
  /** Names what its files show: equal for equal videos. `undefined` where there are none. */
  readonly content: string | undefined;
  /** Only while there is something to show and its links work. */
  readonly links: VideoAddresses | undefined;
  readonly linksExpireAt: Date | undefined;
}

type ReportPipeline = Pick<Pipeline, 'registry' | 'keyring' | 'clock'>;

/** Frames a second tell a video's length, which is told as 0 where the template was removed since. */
const fpsOf = (registry: Registry, template: string): number =>
  findTemplate(registry, template)?.template.fps ?? Infinity;

/** What is known of a render whose row is not recorded yet, or never will be. */
function unplannedStatus({ status, cancelling }: OrderEntry): VideoStatus {
  switch (status.state) {
    case 'failed': {
      const { code, message } = status;
      return { state: 'failed', code, message, retryable: errorCatalogue[code].retryable };
    }
    case 'cancelled':
      return { state: 'cancelled' };
    case 'planning':
    case 'rendering':
    case 'finished':
      // A row that is recorded after its end was asked for is cancelled at once.
      return { state: cancelling ? 'cancelled' : 'queued' };
    default:
      return status satisfies never;
  }
}

function orderEndedAt({ status }: OrderEntry): Date | undefined {
  return 'at' in status ? status.at : undefined;
}

/** @param entry `undefined` while the order's only row is not recorded. */
export function reportRender(
  { registry, keyring, clock }: ReportPipeline,
  order: OrderEntry,
  entry: VideoEntry | undefined,
  terms: LinkTerms,
): RenderReport {
  const { template, format, quality, metadata, createdAt } = order;
  const common = { template, format, quality, metadata, createdAt };
  if (entry === undefined) {
    return {
      id: order.id,
      campaign: undefined,
      ...common,
      endedAt: orderEndedAt(order),
      status: unplannedStatus(order),
      content: undefined,
      links: undefined,
      linksExpireAt: undefined,
    };
  }
  const { id, row, fileName, endedAt } = entry;
  const links = videoAddresses(keyring, entry, terms, clock.now());
  return {
    id,
    campaign: order.kind === 'render' ? undefined : { id: order.id, row, fileName },
    ...common,
    endedAt,
    status: videoStatus(entry, fpsOf(registry, template)),
    content: links && entry.key && keyring('content', entry.key),
    links,
    linksExpireAt: links && linksExpireAt(entry, terms.linkDays),
  };
}

/**
 * Finds a render by its id: one that was ordered by itself, whether its row is recorded yet or not, or a
 * row of a campaign that was ordered.
 */
export async function findRender(
  pipeline: ReportPipeline & Pick<Pipeline, 'renders' | 'campaigns'>,
  id: string,
  terms: LinkTerms,
): Promise<RenderReport | undefined> {
  const { renders, campaigns } = pipeline;
  let entry = await renders.find(id);
  const order = await campaigns.find(entry?.campaign ?? id);
  if (order === undefined) return undefined;
  if (entry === undefined) {
    if (order.kind === 'campaign') return undefined;
    // Its row may have been recorded since we looked.
    if (order.status.state !== 'planning') entry = await renders.find(id);
  }
  return reportRender(pipeline, order, entry, terms);
}
