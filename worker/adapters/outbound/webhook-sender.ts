import { errors } from '../../../errors/messages.ts';
import type { WebhookAnswer, WebhookSender } from '../../core/jobs/deliver-webhook.ts';
import { withTimeLimit } from '../../core/within-time.ts';
import { checkTarget, OutboundFailure, parseAllowedOrigins, timedOut } from './check-target.ts';
import { makeOutboundClient, type OutboundOptions } from './outbound-client.ts';

const longestUrl = 2048;

/**
 * Checks a webhook's address when it is handed in, so that the client learns at once. Host names are
 * resolved and checked again for each connection.
 *
 * @throws BespokeError `webhook-target-refused`
 */
export function checkWebhookTarget(url: string, allowedOrigins: readonly string[]): void {
  if (url.length > longestUrl) {
    throw errors.webhookTargetRefused({ why: `its address is longer than ${longestUrl} characters` });
  }
  try {
    checkTarget(url, parseAllowedOrigins(allowedOrigins));
  } catch (error) {
    if (error instanceof OutboundFailure) throw errors.webhookTargetRefused({ why: error.reason });
    throw error;
  }
}

/** Where webhooks may go besides public https, and their time limit. */
export interface WebhookSenderOptions extends Pick<OutboundOptions, 'allowedOrigins' | 'resolve'> {
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
