import type { WebhookAnswer, WebhookSender } from '../../core/jobs/deliver-webhook.ts';
import { withTimeLimit } from '../../core/within-time.ts';
import { makeOutboundClient, type OutboundOptions } from './outbound-client.ts';
import { OutboundFailure, timedOut, type OutboundFailureKind } from './outbound-failure.ts';

/** Where webhooks may go besides public https, and how long one may take. */
export interface WebhookSenderOptions extends Pick<OutboundOptions, 'allowedOrigins' | 'resolve'> {
  /** From its beginning to the head of the answer. */
  readonly timeLimitMs?: number;
}

/** A sender and its connections. */
export interface OpenWebhookSender extends WebhookSender {
  readonly close: () => Promise<void>;
}

function reasonOf(kind: OutboundFailureKind): string {
  switch (kind) {
    case 'address-invalid':
      return 'its address is not a web address';
    case 'credentials':
      return 'its address holds a password';
    case 'not-https':
      return 'its address does not begin with https';
    case 'not-public':
      return 'its address leads into a network that is not public';
    case 'timed-out':
      return 'it took too long';
    case 'unknown-host':
      return 'there is no server of that name';
    case 'too-large':
    case 'unreachable':
      return 'it could not be reached';
    default:
      return kind satisfies never;
  }
}

/**
 * Sends webhooks. Redirects are not followed: a signed message goes to the address that was given for
 * it or nowhere, and whoever moved says so to the operator. Of answers only the head is read.
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
        return { kind: 'unreachable', reason: reasonOf(error.kind) };
      }
    },
    close: client.close,
  };
}
