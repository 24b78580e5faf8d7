/** What a webhook reports. */
export type WebhookEvent = 'render.done' | 'render.failed' | 'render.cancelled' | 'campaign.finished';

/** One message to one target, until it has arrived or was given up. */
export interface WebhookDelivery {
  /** Sent as `webhook-id`, equal in all attempts, so that a receiver can recognize a repetition. */
  readonly id: string;
  readonly campaign: string;
  readonly event: WebhookEvent;
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

/** The webhook messages of a deployment. Written by `Campaigns.settle`, in the transaction that ends a campaign. */
export interface Webhooks {
  readonly find: (id: string) => Promise<WebhookDelivery | undefined>;
  /** Records an attempt. Ended deliveries are left as they are. */
  readonly recordAttempt: (id: string, status: WebhookDelivery['status'], answer: string) => Promise<void>;
  /** Makes a message pending again, to be sent now. One that is pending stays so. @returns nothing for an unknown one. */
  readonly resend: (id: string) => Promise<WebhookDelivery | undefined>;
  /** Newest first. */
  readonly list: (
    filter: { readonly campaign?: string; readonly state?: WebhookDelivery['status']['state'] },
    cursor: string | undefined,
    limit: number,
  ) => Promise<{ readonly deliveries: readonly WebhookDelivery[]; readonly next: string | undefined }>;
  /** Pending ones in pages, for queueing again what a queue has lost. */
  readonly pending: (
    after: string | undefined,
    limit: number,
  ) => Promise<{ readonly deliveries: readonly WebhookDelivery[]; readonly next: string | undefined }>;
}
