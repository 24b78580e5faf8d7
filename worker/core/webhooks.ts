/** What a webhook reports. */
export const webhookEvents = [
  'render.done',
  'render.failed',
  'render.cancelled',
  'campaign.finished',
  'viewer.event',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Events of one viewer that came one after another: those behind the first of these numbers, to the second. */
export interface ViewedEvents {
  /** The viewer's session. */
  readonly session: string;
  readonly after: number;
  readonly to: number;
}

/** One message to one target, until it has arrived or was given up. */
export interface WebhookDelivery {
  /** Sent as `webhook-id`, equal in all attempts, so that a receiver can recognize a repetition. */
  readonly id: string;
  readonly campaign: string;
  /** The row that it is about; unset for a campaign as a whole, or a single render. */
  readonly render: string | undefined;
  /** The endpoint that it goes to; unset for the address that the order named. */
  readonly endpoint: string | undefined;
  readonly event: WebhookEvent;
  /** Which events of a viewer it reports; only of `viewer.event`. */
  readonly viewed: ViewedEvents | undefined;
  readonly url: string;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly status:
    | { readonly state: 'pending'; readonly nextAt: Date }
    | { readonly state: 'delivered'; readonly at: Date }
    | { readonly state: 'failed'; readonly at: Date };
  /** Of the last attempt: the HTTP status, or in our words why there was none. */
  readonly lastAnswer: string | undefined;
}

/** The webhook messages of a deployment. Written in the transaction that ends a campaign or a row. */
export interface Webhooks {
  readonly find: (id: string) => Promise<WebhookDelivery | undefined>;
  /** Records an attempt. Ended deliveries are left as they are. */
  readonly recordAttempt: (id: string, status: WebhookDelivery['status'], answer: string) => Promise<void>;
  /** Makes a message pending again, to be sent now. One that is pending stays so. @returns nothing for an unknown one. */
  readonly resend: (id: string) => Promise<WebhookDelivery | undefined>;
  /** Newest first. @param filter `order`: a campaign, a single render or a row. */
  readonly list: (
    filter: { readonly order?: string; readonly state?: WebhookDelivery['status']['state'] },
    cursor: string | undefined,
    limit: number,
  ) => Promise<{ readonly deliveries: readonly WebhookDelivery[]; readonly next: string | undefined }>;
  /** Pending ones in pages, but for those about rows, for queueing again what a queue has lost. */
  readonly pending: (
    after: string | undefined,
    limit: number,
  ) => Promise<{ readonly deliveries: readonly WebhookDelivery[]; readonly next: string | undefined }>;
  /** Pending ones about rows whose time has come, those that wait longest first. */
  readonly dueForRows: (limit: number) => Promise<readonly WebhookDelivery[]>;
  /**
   * The newest messages about rows of these campaigns that nobody has tried to send, to be queued at once.
   *
   * @param newest how many at most.
   * @param most where there are more in all, none: receivers are slower than rendering, and `dueForRows` has them.
   */
  readonly untriedForRows: (
    campaigns: readonly string[],
    newest: number,
    most: number,
  ) => Promise<readonly WebhookDelivery[]>;
}

/** A server of a client that gets messages about all orders. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly WebhookEvent[];
  /** Of its secret; raised by each rotation. */
  readonly version: number;
  /** Until when messages are signed with the secret before, too. */
  readonly previousUntil: Date | undefined;
  readonly createdAt: Date;
}

/** The endpoints of a deployment. Every method may be repeated without harm. */
export interface WebhookEndpoints {
  /** @returns false where there are `most` already. */
  readonly add: (endpoint: WebhookEndpoint, most: number) => Promise<boolean>;
  readonly find: (id: string) => Promise<WebhookEndpoint | undefined>;
  /** Oldest first. */
  readonly list: () => Promise<readonly WebhookEndpoint[]>;
  /**
   * Begins a new secret.
   *
   * @param version of the secret that is replaced: a repetition changes nothing.
   */
  readonly rotate: (id: string, version: number, previousUntil: Date) => Promise<WebhookEndpoint | undefined>;
  /** Forgets an endpoint. Its messages are given up when their time comes. @returns whether it was there. */
  readonly remove: (id: string) => Promise<boolean>;
}
