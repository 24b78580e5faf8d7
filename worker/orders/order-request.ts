import type { FieldIssue } from '../../data/record.ts';
import { findNearest, listChoices } from '../../data/parse-values.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Format } from '../../video/story/format.ts';
import { findTemplate, type Registry, type RegistryEntry } from '../../video/story/registry.ts';
import type { OrderEntry } from '../core/campaigns.ts';
import { priorities } from '../core/pipeline.ts';
import type { Priority } from '../core/ports.ts';
import type { Quality } from '../core/quality.ts';

/** How urgent a client says that its order is. */
export type RequestedPriority = 'urgent' | 'normal' | 'batch';

/** What clients say of an order, whatever it is made from. */
export interface OrderRequest {
  readonly template: string;
  /** The template's first where not said. */
  readonly format?: Format | undefined;
  /** `standard` where not said. */
  readonly quality?: Quality | undefined;
  readonly priority?: RequestedPriority | undefined;
  /** ISO date that is today in the videos; the day of the request where not said. */
  readonly asOf?: string | undefined;
  readonly webhookUrl?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** What surrounds a request: where it comes from and what this deployment allows. */
export interface RequestCircumstances {
  /** The client's `Idempotency-Key` and the id of the API key that it came with. */
  readonly idempotency?: { readonly apiKey: string; readonly key: string } | undefined;
  /** Origins to which webhooks may go although they are not public `https`. */
  readonly webhookOrigins: readonly string[];
}

/** What became of a request for an order. */
export type OrderOutcome =
  /** Accepted now, or the answer to a request that was accepted before. */
  | { readonly outcome: 'placed' | 'repeated'; readonly order: OrderEntry }
  /** The same idempotency key came with another request before. */
  | { readonly outcome: 'conflict' };

/** What became of a request for one video. */
export type RenderOutcome =
  OrderOutcome | { readonly outcome: 'invalid'; readonly issues: readonly FieldIssue[] };

const byName: Readonly<Record<RequestedPriority, Priority>> = {
  urgent: priorities.urgent,
  normal: priorities.single,
  batch: priorities.batch,
};

export const priorityOf = (name: RequestedPriority): Priority => byName[name];

/** @throws BespokeError `template-unknown`, with the nearest name where one is near. */
export function requestedTemplate(registry: Registry, id: string): RegistryEntry {
  const found = findTemplate(registry, id);
  if (found !== undefined) return found;
  const known = registry.map(({ template }) => template.id);
  const nearest = findNearest(id, known);
  const guess =
    nearest === undefined ? `The templates are ${listChoices(known)}.` : `Did you mean "${nearest}"?`;
  throw new BespokeError('template-unknown', `There is no template of this name. ${guess}`);
}

/** @throws BespokeError `request-invalid` when the template does not come in the format. */
export function requestedFormat({ template }: RegistryEntry, format: Format | undefined): Format {
  if (format === undefined) return template.formats[0];
  if (template.formats.includes(format)) return format;
  throw new BespokeError(
    'request-invalid',
    `${template.id} does not come in ${format}; it comes in ${listChoices(template.formats)}.`,
  );
}
