import type { AnyRecord } from '../../data/record.ts';
import type { Variant } from '../../video/story/bind.ts';
import { orderedTemplate } from '../../video/story/ordered-template.ts';
import { chosenPlaythrough, type Playthrough } from '../../video/story/playthrough.ts';
import { type Campaign, type NewCampaign, qualities } from './campaigns.ts';
import { createProofChooser, withStandingCuts } from './cuts.ts';
import type { Hmac } from './hmac.ts';
import type { IntakeContext } from './intake.ts';
import type { Pipeline } from './pipeline.ts';
import { rememberTemplateCode } from './plan-context.ts';
import { requireTemplate } from './require-template.ts';
import { linkOwnerOf } from './suppression.ts';
import { createPlanners } from './variants.ts';

/** A video as a viewer watched it. */
export interface WatchedVideo {
  readonly record: AnyRecord;
  /** HMAC of the customer's id, where one is known. */
  readonly person: string | undefined;
  readonly variant: Variant | undefined;
  /** Fields that were shown coarser. */
  readonly coarser: readonly string[] | undefined;
  /** Takes the way that the viewer took. */
  readonly walker: Playthrough;
}

/** Turns 128 bits of a key into the shape of a random UUID. */
function uuidOf(key: string): string {
  const variant = ((Number.parseInt(key.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const digits = `${key.slice(0, 12)}4${key.slice(13, 16)}${variant}${key.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Ids of a campaign's renders: the same whenever it is planned. A single render has its campaign's id. */
function renderIdOf(hmac: Hmac, { id, kind }: Pick<NewCampaign, 'id' | 'kind'>, row: number): string {
  return kind === 'render' ? id : uuidOf(hmac('row-id', { campaign: id, row }));
}

/**
 * Makes what reads how a campaign's rows are planned now: by today's code, and with the cuts that were not withdrawn.
 *
 * @returns a function that takes what was watched in a session, where the campaign's source is one.
 */
export function createContextReader(
  pipeline: Pipeline,
): (campaign: Campaign, watched: WatchedVideo | undefined) => Promise<IntakeContext> {
  const { registry, hmac } = pipeline;
  const templateCode = rememberTemplateCode(pipeline);

  return async (campaign, watched) => {
    const { template: name, format, asOf, quality, source } = campaign;
    const entry = await withStandingCuts(pipeline, requireTemplate(registry, name));
    const coarser =
      source.kind === 'session' ? watched?.coarser : 'coarser' in source ? source.coarser : undefined;
    const settings = 'settings' in source ? source.settings : undefined;
    const template = orderedTemplate(entry.template, { coarser, settings });
    const choice = { template, format, asOf, encoding: qualities[quality] };
    const single = source.kind === 'record' ? source : undefined;
    const walker = watched?.walker ?? (single?.path && chosenPlaythrough(single.path));
    const variant = watched?.variant ?? single?.variant;
    const variants = source.kind === 'csv' ? source.variants : undefined;
    const planContext = { ...choice, ...(await templateCode(entry)), variant };
    return {
      campaign,
      template,
      plannerFor: createPlanners(planContext, hmac, variants, walker),
      book: planContext.book,
      suspects: 'suspects' in source ? source.suspects : undefined,
      holdout: source.kind === 'csv' ? source.holdout : undefined,
      priority: campaign.priority,
      videoId: (row) => renderIdOf(hmac, campaign, row),
      proofsOf: createProofChooser(hmac, campaign.kind === 'campaign'),
      linkOwner: (person) => {
        const { linkOwner, linkKey } = campaign;
        if (linkOwner !== undefined) return linkOwner;
        return linkKey && person && linkOwnerOf(hmac, linkKey, person);
      },
    };
  };
}
