import { errors } from '../../../errors/messages.ts';
import { checkTarget, parseAllowedOrigins } from './check-target.ts';
import { OutboundFailure } from './outbound-failure.ts';

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
