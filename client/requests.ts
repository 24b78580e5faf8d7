import type { z } from 'zod';
import type { renderSchema } from '../worker/campaigns/report-schema.ts';

/** Options that every request takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What was ordered. `replayed`: by an earlier request with the same idempotency key. */
export type Ordered<N extends string, T> = Readonly<Record<N, T>> & { readonly replayed: boolean };

/** Whose link it is: that of a customer, in orders with this link key. */
export interface CustomerLink {
  readonly linkKey: string;
  readonly customerId: string;
}

/** Which renders to list. */
export interface RendersOptions extends PageOptions {
  readonly status?: readonly z.output<typeof renderSchema>['status']['state'][];
  readonly campaign?: string;
  readonly customerId?: string;
  readonly externalId?: string;
  readonly linkKey?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** A time as ISO 8601; so is `before`. */
  readonly since?: string;
  readonly before?: string;
}

/** Options of new links: when they end. */
export interface RenewOptions extends CallOptions {
  readonly expiresAt?: string | null | undefined;
}

/** Options of a request that places an order. */
export interface OrderOptions extends CallOptions {
  /** Your name for this request: sent again within seven days with the same body, nothing is ordered twice. */
  readonly idempotencyKey?: string;
}

/** Where to continue in a list, and how much of it to show. */
export interface PageOptions extends CallOptions {
  readonly cursor?: string | undefined;
  /** 1 to 500. */
  readonly limit?: number;
}
