import { randomBytes } from 'node:crypto';
import type { Pipeline } from '../core/pipeline.ts';
import type { Render } from '../core/renders.ts';
import { linksExpireAt, renderLinks, type LinkOptions } from './links.ts';
import type { LinkReport } from './report-schema.ts';
import { parseCursor } from './report.ts';

type LinksPipeline = Pick<Pipeline, 'renders' | 'campaigns' | 'hmac' | 'clock'>;

/** What became of the link of a render. */
function reportLink(
  { hmac, clock }: Pick<Pipeline, 'hmac' | 'clock'>,
  entry: Render,
  isRow: boolean,
  terms: LinkOptions,
): LinkReport {
  const { id, row, customerId, link, shown } = entry;
  const addresses = renderLinks(hmac, entry, terms, clock.now());
  const expiresAt = linksExpireAt(entry, terms.linkDays);
  const state =
    expiresAt === undefined
      ? 'pending'
      : link === undefined
        ? 'withdrawn'
        : addresses === undefined
          ? 'expired'
          : 'active';
  return {
    render: id,
    ...(isRow && { row }),
    customerId,
    state,
    replacedBy: shown?.id,
    links: { ...addresses },
    expiresAt: state === 'withdrawn' ? undefined : expiresAt?.toISOString(),
  };
}

/** The link of a render; `undefined` where no row of this id is recorded. */
export async function findLink(
  pipeline: LinksPipeline,
  id: string,
  terms: LinkOptions,
): Promise<LinkReport | undefined> {
  const entry = await pipeline.renders.find(id);
  return entry && reportLink(pipeline, entry, entry.campaign !== entry.id, terms);
}

/**
 * A page of the links of a campaign's videos, in the input's order.
 *
 * @returns `undefined` when there is no such campaign.
 * @throws BespokeError `request-invalid` for an invalid cursor.
 */
export async function listLinks(
  pipeline: LinksPipeline,
  id: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  terms: LinkOptions,
): Promise<{ readonly links: LinkReport[]; readonly next: string | undefined } | undefined> {
  const after = parseCursor(cursor);
  if (!(await isCampaign(pipeline, id))) return undefined;
  const page = await pipeline.renders.list(id, after, limit, ['done']);
  const last = page.length < limit ? undefined : page.at(-1);
  return {
    links: page.map((entry) => reportLink(pipeline, entry, true, terms)),
    next: last && String(last.row),
  };
}

/** What a request names: a render, or all renders of a campaign. */
export type LinksOf = { readonly render: string } | { readonly campaign: string };

const isCampaign = async ({ campaigns }: Pick<Pipeline, 'campaigns'>, id: string): Promise<boolean> =>
  (await campaigns.find(id))?.kind === 'campaign';

const exists = async (pipeline: Pick<Pipeline, 'renders' | 'campaigns'>, which: LinksOf): Promise<boolean> =>
  'render' in which
    ? (await pipeline.renders.find(which.render)) !== undefined
    : isCampaign(pipeline, which.campaign);

/** Withdraws public addresses at once; those that viewers shared too. @returns whether what is named exists. */
export async function withdrawLinks(
  pipeline: Pick<Pipeline, 'renders' | 'campaigns'>,
  which: LinksOf,
): Promise<boolean> {
  if (!(await exists(pipeline, which))) return false;
  if ('render' in which) await pipeline.renders.relink(which.render, undefined);
  else await pipeline.renders.relinkCampaign(which.campaign, 'withdraw');
  return true;
}

/** Gives new public addresses; the earlier ones stop working at once. @returns whether what is named exists. */
export async function renewLinks(
  pipeline: Pick<Pipeline, 'renders' | 'campaigns'>,
  which: LinksOf,
): Promise<boolean> {
  if (!(await exists(pipeline, which))) return false;
  if ('render' in which) {
    await pipeline.renders.relink(which.render, randomBytes(16).toString('base64url'));
  } else await pipeline.renders.relinkCampaign(which.campaign, 'renew');
  return true;
}

/**
 * Sets when public addresses end.
 *
 * @param at `undefined`: as the deployment says.
 * @returns whether what is named exists.
 */
export async function expireLinks(
  pipeline: Pick<Pipeline, 'renders' | 'campaigns'>,
  which: LinksOf,
  at: Date | undefined,
): Promise<boolean> {
  if (!(await exists(pipeline, which))) return false;
  await pipeline.renders.expireLinks(which, at);
  return true;
}
