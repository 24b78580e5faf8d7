import type { z } from 'zod';
import {
  campaignPlanSchema,
  campaignSchema,
  linkReportSchema,
  renderSchema,
} from '../worker/campaigns/report-schema.ts';
import type { campaignJsonSchema } from '../server/schemas/campaign-request.ts';
import {
  acceptedCampaignSchema,
  campaignPageSchema,
  retrySchema,
  rowPageSchema,
  type tableQuery,
} from '../server/schemas/campaign.ts';
import { peopleCalls } from './people-calls.ts';
import { adviceSchema } from '../worker/advice/advice-schema.ts';
import { conversionCalls } from './conversion-calls.ts';
import { type changeLinksSchema, linkPageSchema } from '../server/schemas/links.ts';
import { createdKeySchema, keyListSchema, type keyRequestSchema } from '../server/schemas/key.ts';
import { livenessSchema, readinessSchema } from '../server/schemas/health.ts';
import { batchAnswerSchema, renderPageSchema } from '../server/schemas/render.ts';
import type {
  customerRenderSchema,
  renderChangeSchema,
  renderRequestSchema,
  sessionRenderRequestSchema,
} from '../server/schemas/render.ts';
import type { stillRequestSchema } from '../server/schemas/still.ts';
import { templateListSchema, templateSchema } from '../worker/campaigns/template-schema.ts';
import { type AdviceOptions, type CampaignOptions, toForm } from './campaign-form.ts';
import type {
  CallOptions,
  CustomerLink,
  Ordered,
  OrderOptions,
  PageOptions,
  RendersOptions,
  RenewOptions,
} from './requests.ts';
import { webhookCalls } from './webhook-calls.ts';
import { createTransport, readJson, type ApiRequest, type ClientOptions } from './transport.ts';

export type Render = z.output<typeof renderSchema>;
export type LinkReport = z.output<typeof linkReportSchema>;
export type LinksChange = z.input<typeof changeLinksSchema>;
export type Campaign = z.output<typeof campaignSchema>;
export type AcceptedCampaign = z.output<typeof acceptedCampaignSchema>;
export type CampaignPlan = z.output<typeof campaignPlanSchema>;
export type Advice = z.output<typeof adviceSchema>;
export type Template = z.output<typeof templateSchema>;
export type Key = z.output<typeof keyListSchema>['keys'][number];

export type { AdviceOptions, CampaignOptions };

/** Rows of a campaign: a file of any format of tables, or objects of column names and values. */
export type CampaignRows =
  | { readonly file: Blob; readonly fileName: string }
  | { readonly rows: z.input<typeof campaignJsonSchema>['rows'] };

/** How a table of results is written. */
type TableForm = Readonly<z.input<typeof tableQuery>>;

const hasEnded = ({ state }: Pick<Campaign, 'state'>): boolean =>
  state === 'finished' || state === 'cancelled' || state === 'failed';

const isFinal = ({ status: { state } }: Pick<Render, 'status'>): boolean =>
  state !== 'queued' && state !== 'rendering';

/** The path of a public link below the address of its deployment, which may have a path of its own. */
export const linkPath = (link: string): string => `/${new URL(link).pathname.split('/').slice(-2).join('/')}`;

/**
 * The API of a Bespoke deployment: one method for each operation of its description, with that operation's name.
 *
 * Every method throws BespokeError: the code that the API answers with (an `ApiError`), `server-unreachable`, or
 * `server-incompatible` where the server is of another version.
 */
export function createClient(options: ClientOptions) {
  const { receive, send, ask, follow } = createTransport(options);
  const at = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;

  const customerAt = (linkKey: string, customerId: string): string =>
    at(at('/v1/renders/by-customer', linkKey), customerId);
  const linksAt = (of: 'renders' | 'campaigns', id: string): string => `${at(`/v1/${of}`, id)}/links`;

  function place<N extends string, S extends z.ZodType>(
    name: N,
    schema: S,
    request: ApiRequest,
    idempotencyKey: string | undefined,
  ): Promise<Ordered<N, z.output<S>>> {
    const order: ApiRequest = {
      method: 'POST',
      ...request,
      headers: { 'idempotency-key': idempotencyKey },
      repeatable: idempotencyKey !== undefined,
    };
    return receive(order, async (response) => {
      const replayed = response.headers.get('idempotency-replayed') === 'true';
      return { [name]: await readJson(schema, response), replayed } as Ordered<N, z.output<S>>;
    });
  }

  function campaignBody(
    rows: CampaignRows,
    campaign: CampaignOptions,
    dryRun: boolean,
  ): Pick<ApiRequest, 'form' | 'json'> {
    if ('file' in rows) return { form: toForm(campaign, rows.file, rows.fileName, dryRun) };
    return { json: { ...campaign, rows: rows.rows, dryRun } };
  }

  return {
    // Renders
    createRender: (
      request: z.input<typeof renderRequestSchema>,
      { idempotencyKey, signal }: OrderOptions = {},
    ): Promise<Ordered<'render', Render>> =>
      place('render', renderSchema, { path: '/v1/renders', json: request, signal }, idempotencyKey),
    /** Orders up to 1,000 videos; each is accepted or refused separately. */
    createRenders: (
      requests: readonly z.input<typeof renderRequestSchema>[],
      { idempotencyKey, signal }: OrderOptions = {},
    ): Promise<z.output<typeof batchAnswerSchema>> =>
      ask(batchAnswerSchema, {
        method: 'POST',
        path: '/v1/renders/batch',
        json: { renders: requests },
        headers: { 'idempotency-key': idempotencyKey },
        repeatable: idempotencyKey !== undefined,
        signal,
      }),
    /** One that has failed or was cancelled. */
    retryRender: (id: string, { signal }: CallOptions = {}): Promise<Render> =>
      ask(renderSchema, { method: 'POST', path: `${at('/v1/renders', id)}/retry`, signal }),
    createSessionRender: (
      request: z.input<typeof sessionRenderRequestSchema>,
      { idempotencyKey, signal }: OrderOptions = {},
    ): Promise<Ordered<'render', Render>> =>
      place(
        'render',
        renderSchema,
        { path: '/v1/renders/from-session', json: request, signal },
        idempotencyKey,
      ),
    listRenders: ({ signal, status, metadata = {}, ...query }: RendersOptions = {}): Promise<
      z.output<typeof renderPageSchema>
    > =>
      ask(renderPageSchema, {
        path: '/v1/renders',
        query: {
          ...query,
          status,
          metadata: { each: Object.entries(metadata).map(([name, value]) => `${name}:${value}`) },
        },
        signal,
      }),
    /** Orders the video of a customer, or replaces it behind the same link. */
    putCustomerRender: (
      { linkKey, customerId }: CustomerLink,
      request: z.input<typeof customerRenderSchema>,
      { idempotencyKey, signal }: OrderOptions = {},
    ): Promise<Ordered<'render', Render>> =>
      place(
        'render',
        renderSchema,
        { method: 'PUT', path: customerAt(linkKey, customerId), json: request, signal },
        idempotencyKey,
      ),
    /** The newest render of a customer. */
    getCustomerRender: (
      { linkKey, customerId }: CustomerLink,
      { signal }: CallOptions = {},
    ): Promise<Render> => ask(renderSchema, { path: customerAt(linkKey, customerId), signal }),
    /** Orders a render with some values changed, behind the same link. */
    changeRender: (
      id: string,
      change: z.input<typeof renderChangeSchema>,
      { idempotencyKey, signal }: OrderOptions = {},
    ): Promise<Ordered<'render', Render>> =>
      place(
        'render',
        renderSchema,
        { method: 'PATCH', path: at('/v1/renders', id), json: change, signal },
        idempotencyKey,
      ),
    getRender: (id: string, { signal }: CallOptions = {}): Promise<Render> =>
      ask(renderSchema, { path: at('/v1/renders', id), signal }),
    /** Its states as they change, the final one last. */
    watchRender: (id: string, { signal }: CallOptions = {}): AsyncGenerator<Render> =>
      follow(renderSchema, { path: `${at('/v1/renders', id)}/events`, signal }, isFinal),
    /** Never deletes: one that has ended stays as it is. */
    cancelRender: (id: string, { signal }: CallOptions = {}): Promise<Render> =>
      ask(renderSchema, {
        method: 'POST',
        path: `${at('/v1/renders', id)}/cancel`,
        repeatable: true,
        signal,
      }),
    /** Deletes one that is done or has failed; cancels one that has not ended. */
    deleteRender: (id: string, { signal }: CallOptions = {}): Promise<Render> =>
      ask(renderSchema, { method: 'DELETE', path: at('/v1/renders', id), signal }),

    // Stills
    /** A PNG of a record, a render or a row. Waits until it is drawn. */
    drawStill: async (
      request: z.input<typeof stillRequestSchema>,
      { signal }: CallOptions = {},
    ): Promise<Response> => {
      for (;;) {
        const response = await send({
          method: 'POST',
          path: '/v1/stills',
          json: request,
          repeatable: true,
          signal,
        });
        if (response.status !== 202) return response;
        await response.body?.cancel();
        signal?.throwIfAborted();
      }
    },

    // Links
    /** Of a render. */
    getLinks: (id: string, { signal }: CallOptions = {}): Promise<LinkReport> =>
      ask(linkReportSchema, { path: linksAt('renders', id), signal }),
    renewLinks: (id: string, { expiresAt, signal }: RenewOptions = {}): Promise<Render> =>
      ask(renderSchema, { method: 'POST', path: linksAt('renders', id), json: { expiresAt }, signal }),
    /** @param change `expiresAt`: when they end; `null`: as the server says. */
    changeLinks: (id: string, change: LinksChange, { signal }: CallOptions = {}): Promise<Render> =>
      ask(renderSchema, {
        method: 'PATCH',
        path: linksAt('renders', id),
        json: change,
        repeatable: true,
        signal,
      }),
    revokeLinks: (id: string, { signal }: CallOptions = {}): Promise<Render> =>
      ask(renderSchema, { method: 'DELETE', path: linksAt('renders', id), signal }),
    listCampaignLinks: (
      id: string,
      { cursor, limit, signal }: PageOptions = {},
    ): Promise<z.output<typeof linkPageSchema>> =>
      ask(linkPageSchema, { path: linksAt('campaigns', id), query: { cursor, limit }, signal }),
    renewCampaignLinks: (id: string, { expiresAt, signal }: RenewOptions = {}): Promise<Campaign> =>
      ask(campaignSchema, { method: 'POST', path: linksAt('campaigns', id), json: { expiresAt }, signal }),
    changeCampaignLinks: (id: string, change: LinksChange, { signal }: CallOptions = {}): Promise<Campaign> =>
      ask(campaignSchema, {
        method: 'PATCH',
        path: linksAt('campaigns', id),
        json: change,
        repeatable: true,
        signal,
      }),
    revokeCampaignLinks: (id: string, { signal }: CallOptions = {}): Promise<Campaign> =>
      ask(campaignSchema, { method: 'DELETE', path: linksAt('campaigns', id), signal }),

    // Templates
    listTemplates: ({ signal }: CallOptions = {}): Promise<z.output<typeof templateListSchema>> =>
      ask(templateListSchema, { path: '/v1/templates', signal }),
    getTemplate: (id: string, { signal }: CallOptions = {}): Promise<Template> =>
      ask(templateSchema, { path: at('/v1/templates', id), signal }),

    // Campaigns
    createCampaign: (
      rows: CampaignRows,
      campaign: CampaignOptions,
      { idempotencyKey, signal }: OrderOptions = {},
    ): Promise<Ordered<'campaign', AcceptedCampaign>> =>
      place(
        'campaign',
        acceptedCampaignSchema,
        { path: '/v1/campaigns', ...campaignBody(rows, campaign, false), signal },
        idempotencyKey,
      ),
    /** What a campaign would take; orders nothing. The same route as `createCampaign`, with `dryRun`. */
    planCampaign: (
      rows: CampaignRows,
      campaign: CampaignOptions,
      { signal }: CallOptions = {},
    ): Promise<CampaignPlan> =>
      ask(campaignPlanSchema, {
        method: 'POST',
        path: '/v1/campaigns',
        ...campaignBody(rows, campaign, true),
        repeatable: true,
        signal,
      }),
    /** Whether file, template and deployment are ready for a campaign; orders nothing. */
    advise: (rows: CampaignRows, advice: AdviceOptions, { signal }: CallOptions = {}): Promise<Advice> =>
      ask(adviceSchema, {
        method: 'POST',
        path: '/v1/advice',
        ...('file' in rows
          ? { form: toForm(advice, rows.file, rows.fileName) }
          : { json: { ...advice, rows: rows.rows } }),
        repeatable: true,
        signal,
      }),
    listCampaigns: ({ cursor, limit, signal }: PageOptions = {}): Promise<
      z.output<typeof campaignPageSchema>
    > => ask(campaignPageSchema, { path: '/v1/campaigns', query: { cursor, limit }, signal }),
    getCampaign: (id: string, { signal }: CallOptions = {}): Promise<Campaign> =>
      ask(campaignSchema, { path: at('/v1/campaigns', id), signal }),
    /** Its states as they change, the final one last. */
    watchCampaign: (id: string, { signal }: CallOptions = {}): AsyncGenerator<Campaign> =>
      follow(campaignSchema, { path: `${at('/v1/campaigns', id)}/events`, signal }, hasEnded),
    listCampaignRows: (
      id: string,
      {
        order: inOrder,
        status,
        cursor,
        limit,
        signal,
      }: PageOptions & {
        readonly order?: 'input' | 'done';
        readonly status?: readonly Render['status']['state'][];
      } = {},
    ): Promise<z.output<typeof rowPageSchema>> =>
      ask(rowPageSchema, {
        path: `${at('/v1/campaigns', id)}/rows`,
        query: { order: inOrder, status, cursor, limit },
        signal,
      }),
    retryCampaign: (id: string, { signal }: CallOptions = {}): Promise<z.output<typeof retrySchema>> =>
      ask(retrySchema, { method: 'POST', path: `${at('/v1/campaigns', id)}/retry`, signal }),
    cancelCampaign: (id: string, { signal }: CallOptions = {}): Promise<Campaign> =>
      ask(campaignSchema, { method: 'DELETE', path: at('/v1/campaigns', id), signal }),
    /** A CSV. */
    getCampaignResults: (id: string, { signal, ...query }: CallOptions & TableForm = {}): Promise<Response> =>
      send({ path: `${at('/v1/campaigns', id)}/results.csv`, query, signal }),
    /** A CSV of the rows that failed. */
    getCampaignFailures: (
      id: string,
      { signal, ...query }: CallOptions & TableForm = {},
    ): Promise<Response> => send({ path: `${at('/v1/campaigns', id)}/failed.csv`, query, signal }),

    /** A CSV of what its viewers chose and answered. */
    getCampaignAnswers: (id: string, { signal, ...query }: CallOptions & TableForm = {}): Promise<Response> =>
      send({ path: `${at('/v1/campaigns', id)}/answers.csv`, query, signal }),

    ...webhookCalls({ ask, send }),

    ...conversionCalls({ ask }),

    ...peopleCalls({ ask }),

    // Keys
    createKey: (
      request: z.input<typeof keyRequestSchema>,
      { signal }: CallOptions = {},
    ): Promise<z.output<typeof createdKeySchema>> =>
      ask(createdKeySchema, { method: 'POST', path: '/v1/keys', json: request, signal }),
    listKeys: async ({ signal }: CallOptions = {}): Promise<readonly Key[]> =>
      (await ask(keyListSchema, { path: '/v1/keys', signal })).keys,
    revokeKey: async (id: string, { signal }: CallOptions = {}): Promise<void> => {
      await send({ method: 'DELETE', path: at('/v1/keys', id), signal });
    },

    // Files
    /** @param link an address from the `links` of a render; its server is reached by the client's own address. */
    getFile: (link: string, { signal }: CallOptions = {}): Promise<Response> =>
      send({ path: linkPath(link), signal }),

    // Operation
    getHealth: ({ signal }: CallOptions = {}): Promise<z.output<typeof livenessSchema>> =>
      ask(livenessSchema, { path: '/healthz', signal }),
    /** Also where it is not ready. */
    getReadiness: ({ signal }: CallOptions = {}): Promise<z.output<typeof readinessSchema>> =>
      ask(readinessSchema, { path: '/readyz', signal, acceptStatus: 503 }),
    /** Prometheus' text format. */
    getMetrics: ({ signal }: CallOptions = {}): Promise<string> =>
      receive({ path: '/metrics', signal }, (response) => response.text()),
  };
}

export type { ErasureReceipt, PersonExport, PersonName } from './people-calls.ts';

/** See `createClient`. */
export type Client = ReturnType<typeof createClient>;
