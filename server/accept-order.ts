import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FieldIssue } from '../data/record.ts';
import { errors } from '../errors/messages.ts';
import type { RenderReport } from '../worker/campaigns/report-schema.ts';
import { findRender } from '../worker/campaigns/report.ts';
import type { PlaceOutcome, RenderOutcome, RequestContext } from '../worker/campaigns/request.ts';
import type { Campaign } from '../worker/core/campaigns.ts';
import { allows } from '../worker/core/keys.ts';
import type { ServerDependencies } from './dependencies.ts';
import { InvalidRequest } from './invalid-request.ts';
import { keyOf } from './require-keys.ts';
import { problems } from './schemas/problem.ts';
import { renderAnswer } from './schemas/render.ts';

/** Headers of the answer to an order for one video, for the document. */
export const answerHeaders = {
  202: {
    Location: 'Address of the render.',
    'Idempotency-Replayed': '`true` when an earlier request of the same key and body was answered.',
  },
} as const;

/** Answers to an order for one video. */
export const orderAnswers = {
  202: renderAnswer('Accepted.', 'ordered'),
  ...problems(
    'request-invalid',
    'idempotency-conflict',
    'body-too-large',
    'media-type-unsupported',
    'record-invalid',
    'path-invalid',
    'coarser-unknown',
    'settings-invalid',
    'webhook-target-refused',
    'template-broken',
    { unusable: 'template-unknown' },
  ),
};

/** What part of an order a failure is about. */
export const pointers = {
  'template-unknown': '/template',
  'template-broken': '/template',
  'request-invalid': '/format',
  'webhook-target-refused': '/webhookUrl',
  'path-invalid': '/path',
  'coarser-unknown': '/coarser',
  'settings-invalid': '/settings',
} as const;

/** The idempotency key of a request for a campaign. */
export function idempotencyOf(
  request: FastifyRequest,
): { readonly apiKey: string; readonly key: string } | undefined {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? { apiKey: keyOf(request).id, key } : undefined;
}

/**
 * Sets the headers for a campaign: its address, and whether an earlier request placed it.
 *
 * @throws BespokeError `idempotency-conflict`.
 */
export function acceptOrder(reply: FastifyReply, placed: PlaceOutcome, address: (id: string) => string) {
  if (placed.outcome === 'conflict') throw errors.idempotencyConflict();
  void reply.header('location', address(placed.campaign.id));
  if (placed.outcome === 'repeated') void reply.header('idempotency-replayed', 'true');
  return placed.campaign;
}

/** What is wrong with the record of a request. */
export const recordInvalid = (issues: readonly FieldIssue[]): InvalidRequest =>
  new InvalidRequest(
    'record-invalid',
    errors.recordInvalid({ fields: issues.length }).message,
    issues.map(({ field, message }) => ({ pointer: `/record/${field}`, message })),
  );

/** @throws InvalidRequest when values of the record are invalid. */
function requireValid(outcome: RenderOutcome): PlaceOutcome {
  if (outcome.outcome !== 'invalid') return outcome;
  throw recordInvalid(outcome.issues);
}

/** @throws InvalidRequest, BespokeError `idempotency-conflict`. */
export function acceptedOrder(outcome: RenderOutcome): Campaign {
  const placed = requireValid(outcome);
  if (placed.outcome === 'conflict') throw errors.idempotencyConflict();
  return placed.campaign;
}

/** Where an order comes from, and what this deployment allows. */
export const contextOf = (
  request: FastifyRequest,
  { webhookOrigins }: Pick<RequestContext, 'webhookOrigins'>,
): RequestContext => ({ idempotency: idempotencyOf(request), webhookOrigins });

/**
 * A render as a key may see it. Without `read`, it sees neither the links of a render that it names by its id or its
 * customer, nor whose it is.
 */
export function presentTo(request: FastifyRequest, report: RenderReport): RenderReport {
  if (allows(keyOf(request), 'read')) return report;
  const { self, events } = report.links;
  return { ...report, links: { self, events }, linksExpireAt: undefined, customerId: undefined };
}

/**
 * Refuses what shows more than the request itself says.
 *
 * @throws BespokeError `key-forbidden`.
 */
export function requireRead(request: FastifyRequest): void {
  const key = keyOf(request);
  if (!allows(key, 'read')) throw errors.keyForbidden({ id: key.id, required: ['read'], has: key.scopes });
}

/**
 * Refuses a webhook for a link that others may have been given before: its message contains the links.
 *
 * @throws BespokeError `key-forbidden`.
 */
export function checkWebhookScope(request: FastifyRequest, webhookUrl: string | undefined): void {
  if (webhookUrl !== undefined) requireRead(request);
}

/** Reads renders, and answers orders for one with what became of it. */
export function renderAnswers({ pipeline, publicUrl, linkDays }: ServerDependencies) {
  /** @throws BespokeError `render-unknown`. */
  async function find(id: string): Promise<RenderReport> {
    const report = await findRender(pipeline, id, { publicUrl, linkDays });
    if (report === undefined) throw errors.renderUnknown();
    return report;
  }

  /** A render that was just ordered, as its key may see it: the link of a customer may be older than the order. */
  async function ordered(
    request: FastifyRequest,
    { id, linkOwner, linkKey }: Campaign,
  ): Promise<RenderReport> {
    const report = await find(id);
    return linkOwner === undefined && linkKey === undefined ? report : presentTo(request, report);
  }

  /** @throws InvalidRequest, BespokeError `idempotency-conflict`. */
  async function answerOrder(
    request: FastifyRequest,
    outcome: RenderOutcome,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const placed = requireValid(outcome);
    const campaign = acceptOrder(reply, placed, (id) => `${publicUrl}/v1/renders/${id}`);
    return reply.code(202).send(await ordered(request, campaign));
  }

  return { find, ordered, answerOrder };
}
