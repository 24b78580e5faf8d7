import type { AnyRecord } from '../../data/record.ts';
import { errors } from '../../errors/messages.ts';
import type { Template } from '../../video/story/template.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { nameFields, type UnknownFields } from '../../data/csv/name-fields.ts';
import { checkRender, placeAfter, type RenderPipeline, type RenderRequest } from './place.ts';
import {
  requestedTemplate,
  type RenderOutcome,
  type RequestContext,
  type RequestOptions,
} from './request.ts';

/** New values for the record of a render, and options that differ from those of its order. */
export interface RenderChange extends Omit<RequestOptions, 'template' | 'format' | 'linkKey'> {
  /** Values by field name; `null` takes one away. */
  readonly record: AnyRecord;
  readonly unknownFields?: UnknownFields | undefined;
}

/** A record as an order has it: without values that stand for missing ones. */
function writtenValues(template: Template, record: AnyRecord): AnyRecord {
  return Object.fromEntries(
    Object.entries(record).filter(
      ([name, value]) =>
        value !== undefined &&
        template.record[name]?.setting !== true &&
        value !== template.record[name]?.fallback,
    ),
  );
}

/**
 * Orders a video from the record of a render with some values changed. It takes the link of the render when it is done.
 * The values are those of the newest order for that link, with what its viewer changed: changes that are ordered at the
 * same time are all made.
 *
 * @returns `undefined` where there is no such render, or its person was erased.
 * @throws BespokeError what `placeRender` throws; `render-unplanned`; `record-unknown`.
 */
export async function changeRender(
  pipeline: RenderPipeline & Pick<Pipeline, 'renders'>,
  id: string,
  change: RenderChange,
  context: RequestContext,
): Promise<RenderOutcome | undefined> {
  const { campaigns, renders, registry } = pipeline;
  const named = await renders.find(id);
  if (named === undefined) {
    if ((await campaigns.find(id))?.kind !== 'render') return undefined;
    throw errors.renderUnplanned();
  }
  const owner = await renders.keepLink(id);
  if (owner === undefined) return undefined;
  for (;;) {
    const newest = (await campaigns.newestOf(owner)) ?? id;
    // What failed or was cancelled changed nothing.
    const standing = (await campaigns.newestOf(owner, true)) ?? id;
    const entry = await renders.find(standing);
    const before = await campaigns.find(entry?.campaign ?? standing);
    if (before === undefined) return undefined;
    const { source, template: name } = before;
    const shown = await renders.source(entry?.shown?.id ?? standing);
    const ordered = source.kind === 'record' ? source.record : undefined;
    const { template } = requestedTemplate(registry, name);
    const record = shown === undefined ? ordered : writtenValues(template, shown.record);
    if (record === undefined || source.kind === 'session') throw errors.recordUnknown();
    const single = before.kind === 'render' ? before : undefined;
    const request: RenderRequest = {
      ...{ template: name, format: before.format, quality: before.quality, asOf: before.asOf },
      ...{
        preview: before.preview,
        link: before.link,
        metadata: single?.metadata,
        externalId: single?.externalId,
        webhookUrl: single?.webhookUrl,
      },
      ...(source.kind === 'record' && { path: source.path, ...source.suspects }),
      ...('coarser' in source && { coarser: source.coarser }),
      ...('settings' in source && { settings: source.settings }),
      ...change,
      variant: shown?.terms.variant,
      record: { ...record, ...nameFields(template.record, change.record, change.unknownFields) },
      customerId: entry?.customerId ?? before.customerId,
      linkKey: before.linkKey,
    };
    const person = entry?.person ?? before.person;
    const checked = await checkRender(pipeline, request, { person, linkOwner: owner }, context);
    if ('issues' in checked) return checked;
    const { campaign } = checked;
    const asked = { ...change, change: id };
    const placed = await placeAfter(pipeline, { ...campaign, linkOwner: owner }, newest, context, asked);
    if (placed !== undefined) return placed;
  }
}
