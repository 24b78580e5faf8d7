import type { Campaign, Client, LinkReport } from '../../client/api-client.ts';
import { hasCode } from '../../errors/bespoke-error.ts';
import { errors } from '../../errors/messages.ts';
import { collectPages } from '../client/pages.ts';
import { askClient, type Reached } from '../client/with-client.ts';
import { exitCodes, type CommandContext } from '../context.ts';
import type { CampaignsResult, LinksChangedResult, LinksResult } from '../json-results.ts';
import { countOf, formatTable } from '../layout.ts';
import { plain } from '../terminal.ts';

/** What was mailed: the videos of a campaign, or one video. */
type Mailed = { readonly kind: 'campaign'; readonly campaign: Campaign } | { readonly kind: 'render' };

async function findMailed(client: Client, id: string, signal: AbortSignal): Promise<Mailed> {
  try {
    return { kind: 'campaign', campaign: await client.getCampaign(id, { signal }) };
  } catch (error) {
    if (!hasCode(error, 'campaign-unknown')) throw error;
  }
  try {
    await client.getRender(id, { signal });
    return { kind: 'render' };
  } catch (error) {
    if (!hasCode(error, 'render-unknown')) throw error;
    throw errors.mailedUnknown({ id: plain(id) }, { cause: error });
  }
}

const pageSize = 100;

const readLinks = ({ client }: Reached, id: string, mailed: Mailed, signal: AbortSignal) =>
  mailed.kind === 'render'
    ? client.getLinks(id, { signal }).then((one) => [one])
    : collectPages<LinkReport>(async (cursor) => {
        const { links, next } = await client.listCampaignLinks(id, { cursor, limit: pageSize, signal });
        return { items: links, next };
      });

const dayOf = (moment: string | undefined): string => moment?.slice(0, 10) ?? '';

/** Whether links lead anywhere: a command alone serves nobody. */
const isServed = ({ place, publicUrl }: Reached): boolean => place === 'remote' || publicUrl !== undefined;

/** Lists campaigns, the newest first, so that one of them can be named. */
async function listCampaigns(context: CommandContext): Promise<number> {
  const { terminal } = context;
  const campaigns = await askClient(context, ({ client }, signal) =>
    collectPages<Campaign>(async (cursor) => {
      const { campaigns: items, next } = await client.listCampaigns({ cursor, limit: pageSize, signal });
      return { items, next };
    }),
  );
  if (campaigns.length === 0) terminal.say('There is no campaign yet.');
  else {
    terminal.result(
      formatTable(
        [
          { title: 'id' },
          { title: 'ordered' },
          { title: 'template' },
          { title: 'link key' },
          { title: 'videos', align: 'right' },
        ],
        campaigns.map(({ id, createdAt, template, linkKey, rows }) => [
          id,
          dayOf(createdAt),
          template,
          plain(linkKey ?? ''),
          String(rows.done),
        ]),
        terminal.paintResult,
      ),
    );
  }
  terminal.json({
    campaigns: campaigns.map(({ id, createdAt, template, linkKey, rows }) => ({
      ...{ id, createdAt, template, rows },
      ...(linkKey !== undefined && { linkKey }),
    })),
  } satisfies CampaignsResult);
  return exitCodes.ok;
}

/**
 * Lists the links of a campaign or a render, or without an id the campaigns there are.
 *
 * @throws BespokeError `usage-invalid` where no campaign or render has this id.
 */
export async function runLinksListCommand(context: CommandContext, id: string | undefined): Promise<number> {
  if (id === undefined) return listCampaigns(context);
  const { terminal } = context;
  const { links, served } = await askClient(context, async (reached, signal) => {
    const found = await readLinks(reached, id, await findMailed(reached.client, id, signal), signal);
    return { links: found, served: isServed(reached) };
  });
  if (!served) terminal.say('Links work while `bespoke serve` runs here, or where BESPOKE_PUBLIC_URL says.');
  const shown = links.map(({ row, customerId, render, state, expiresAt, links: { page } }) => [
    row === undefined ? '' : String(row),
    plain(customerId ?? render),
    state,
    dayOf(expiresAt),
    served ? (page ?? '') : '',
  ]);
  terminal.result(
    formatTable(
      [
        { title: 'row', align: 'right' },
        { title: 'customer' },
        { title: 'state' },
        { title: 'until' },
        { title: 'page' },
      ],
      shown,
      terminal.paintResult,
    ),
  );
  terminal.json({
    links: links.map(({ links: paths, ...link }) => ({ ...link, links: served ? paths : {} })),
  } satisfies LinksResult);
  return exitCodes.ok;
}

/** What `bespoke links` does to all links of a campaign or a render. */
interface Change {
  readonly ofRender: (client: Client, id: string, signal: AbortSignal) => Promise<unknown>;
  readonly ofCampaign: (client: Client, id: string, signal: AbortSignal) => Promise<unknown>;
  /** What has happened, after the number of videos. */
  readonly said: string;
}

async function change(
  context: CommandContext,
  id: string,
  { ofRender, ofCampaign, said }: Change,
): Promise<number> {
  const { terminal } = context;
  const result = await askClient(context, async ({ client }, signal) => {
    const mailed = await findMailed(client, id, signal);
    if (mailed.kind === 'render') {
      await ofRender(client, id, signal);
      return { id, of: 'render', videos: 1 } as const;
    }
    await ofCampaign(client, id, signal);
    return { id, of: 'campaign', videos: mailed.campaign.rows.done } as const;
  });
  terminal.result(`The links of ${countOf(result.videos, 'video')} ${said}.`);
  terminal.json(result satisfies LinksChangedResult);
  return exitCodes.ok;
}

/** The flags of `bespoke links withdraw`, parsed. */
export interface WithdrawLinksOptions {
  readonly yes?: boolean;
}

/** The flags of `bespoke links renew`, parsed. */
export interface RenewLinksOptions extends WithdrawLinksOptions {
  /** An ISO time; `null`: as the server says. Unset: as before. */
  readonly until?: string | null;
}

/**
 * Withdraws all links of a campaign or a render, those that viewers shared too.
 *
 * @throws BespokeError `usage-invalid` without a confirmation.
 */
export function runLinksWithdrawCommand(
  context: CommandContext,
  id: string,
  { yes }: WithdrawLinksOptions,
): Promise<number> {
  if (yes !== true) throw errors.withdrawalUnconfirmed();
  return change(context, id, {
    ofRender: (client, render, signal) => client.revokeLinks(render, { signal }),
    ofCampaign: (client, campaign, signal) => client.revokeCampaignLinks(campaign, { signal }),
    said: 'no longer work',
  });
}

/**
 * Replaces all links of a campaign or a render by new ones.
 *
 * @throws BespokeError `usage-invalid` without a confirmation.
 */
export function runLinksRenewCommand(
  context: CommandContext,
  id: string,
  { yes, until }: RenewLinksOptions,
): Promise<number> {
  if (yes !== true) throw errors.withdrawalUnconfirmed();
  return change(context, id, {
    ofRender: (client, render, signal) => client.renewLinks(render, { expiresAt: until, signal }),
    ofCampaign: (client, campaign, signal) =>
      client.renewCampaignLinks(campaign, { expiresAt: until, signal }),
    said: `are new; the earlier ones no longer work. \`bespoke links list ${id}\` shows them`,
  });
}

/** Sets when all links of a campaign or a render end. @param until an ISO time; `null`: as the server says. */
export const runLinksExpireCommand = (
  context: CommandContext,
  id: string,
  until: string | null,
): Promise<number> =>
  change(context, id, {
    ofRender: (client, render, signal) => client.changeLinks(render, { expiresAt: until }, { signal }),
    ofCampaign: (client, campaign, signal) =>
      client.changeCampaignLinks(campaign, { expiresAt: until }, { signal }),
    said: until === null ? 'end when the server says' : `end on ${until.slice(0, 10)}`,
  });
