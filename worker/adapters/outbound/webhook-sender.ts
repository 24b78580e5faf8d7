import type { WebhookAnswer, WebhookSender } from '../../core/jobs/deliver-webhook.ts';
import { withTimeLimit } from '../../core/within-time.ts';
import { OutboundFailure, timedOut } from '../../core/check-target.ts';
import { makeOutboundClient, type OutboundOptions } from './outbound-client.ts';

/** Where webhooks may go besides public https, and their time limit. */
export interface WebhookSenderOptions extends Pick<OutboundOptions, 'allowedOrigins' | 'proxy' | 'resolve'> {
  /** From the start to the head of the answer. */
  readonly timeLimitMs?: number;
}

/** A sender and its connections. */
export interface OpenWebhookSender extends WebhookSender {
  readonly close: () => Promise<void>;
}

/**
 * Sends webhooks. Redirects are not followed: a signed message goes only to the address that was ordered. Only the
 * head of an answer is read.
 */
export function makeWebhookSender(options: WebhookSenderOptions): OpenWebhookSender {
  const { timeLimitMs = 10_000, ...guard } = options;
  const client = makeOutboundClient({ ...guard, timeLimitMs });
  return {
    send: async (url, { headers, body }, signal): Promise<WebhookAnswer> => {
      try {
        const limit = { ms: timeLimitMs, signal, late: timedOut };
        const answer = await withTimeLimit(limit, (within) =>
          client.send({ method: 'POST', url, headers, body, signal: within }),
        );
        answer.leave();
        return { kind: 'answered', status: answer.status, retryAfter: answer.header('retry-after') };
      } catch (error) {
        if (!(error instanceof OutboundFailure)) throw error;
        return { kind: 'unreachable', reason: error.reason };
      }
    },
    close: client.close,
  };
}
