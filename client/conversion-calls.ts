import type { z } from 'zod';
import { conversionsAnswerSchema, type conversionSchema } from '../server/schemas/conversion.ts';
import { type Comparison, comparisonSchema } from '../worker/measurement/comparison-schema.ts';
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
  /** What customers with a video did, beside those who were held out. `days`: how long it counts; 30. */
  reportCampaign: (
    id: string,
    { signal, ...query }: CallOptions & { readonly days?: number } = {},
  ): Promise<Comparison> =>
    ask(comparisonSchema, { path: `/v1/campaigns/${encodeURIComponent(id)}/report`, query, signal }),
});
