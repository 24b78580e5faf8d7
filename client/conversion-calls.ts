import type { z } from 'zod';
import { conversionsAnswerSchema, type conversionSchema } from '../server/schemas/conversion.ts';
import { type CampaignReport, campaignReportSchema } from '../worker/measurement/report-schema.ts';
import { type StatementPage, statementPageSchema } from '../worker/measurement/xapi-schema.ts';
import type { CallOptions } from './requests.ts';
import type { Transport } from './transport.ts';

/** What one customer did. */
export type Conversion = z.input<typeof conversionSchema>;

/** Calls about what customers did. */
export const conversionCalls = ({ ask }: Pick<Transport, 'ask'>) => ({
  /** Up to 1,000; one that came before changes nothing. */
  addConversions: (
    conversions: readonly Conversion[],
    { signal }: CallOptions = {},
  ): Promise<z.output<typeof conversionsAnswerSchema>> =>
    ask(conversionsAnswerSchema, {
      method: 'POST',
      path: '/v1/conversions',
      json: { conversions },
      repeatable: true,
      signal,
    }),
  /** How the videos are watched, and what customers did. `days`: how long conversions count; 30. */
  reportCampaign: (
    id: string,
    { signal, ...query }: CallOptions & { readonly days?: number } = {},
  ): Promise<CampaignReport> =>
    ask(campaignReportSchema, { path: `/v1/campaigns/${encodeURIComponent(id)}/report`, query, signal }),
  /** What viewers did, as xAPI statements. `cursor`: `next` of the page before. */
  listStatements: (
    id: string,
    { signal, ...query }: CallOptions & { readonly cursor?: string } = {},
  ): Promise<StatementPage> =>
    ask(statementPageSchema, { path: `/v1/campaigns/${encodeURIComponent(id)}/xapi`, query, signal }),
});
