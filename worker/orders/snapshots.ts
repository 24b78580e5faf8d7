import { createHash } from 'node:crypto';
import type { Pipeline } from '../core/pipeline.ts';
import { findCampaign, type CampaignReport } from './campaign-report.ts';
import type { LinkTerms } from './links.ts';
import { findRender, type RenderReport } from './render-report.ts';

/** How something stands at a moment, named so that equal standings have equal names. */
export interface Snapshot<T> {
  readonly id: string;
  readonly data: T;
  /** Whether nothing will change any more by itself. */
  readonly ended: boolean;
}

const nameOf = (data: unknown): string =>
  createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 24);

/** How a render stands now; `undefined` when there is none of this id. */
export async function renderSnapshot(
  pipeline: Parameters<typeof findRender>[0],
  id: string,
  terms: LinkTerms,
): Promise<Snapshot<RenderReport> | undefined> {
  const data = await findRender(pipeline, id, terms);
  if (data === undefined) return undefined;
  const { state } = data.status;
  return { id: nameOf(data), data, ended: state !== 'queued' && state !== 'rendering' };
}

/** How a campaign stands now; `undefined` when there is none of this id. */
export async function campaignSnapshot(
  pipeline: Pick<Pipeline, 'campaigns' | 'renders'>,
  id: string,
): Promise<Snapshot<CampaignReport> | undefined> {
  const data = await findCampaign(pipeline, id);
  return data && { id: nameOf(data), data, ended: data.endedAt !== undefined };
}
