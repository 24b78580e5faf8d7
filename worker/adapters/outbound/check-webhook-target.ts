import { BespokeError } from '../../../errors/bespoke-error.ts';
import { checkTarget, parseAllowedOrigins } from './check-target.ts';
import { OutboundFailure, type OutboundFailureKind } from './outbound-failure.ts';

const longestUrl = 2048;

function reasonOf(kind: OutboundFailureKind): string {
  switch (kind) {
    case 'credentials':
      return 'it holds a user name or a password';
    case 'not-https':
      return 'it does not begin with https';
    case 'not-public':
      return 'it leads into a network that is not public';
    default:
      return 'it is not a web address';
  }
}

/**
 * Checks a webhook's address as it is handed in, so that whoever orders learns at once. Names are
 * resolved and checked again whenever they are connected to.
 *
 * @throws BespokeError `webhook-target-refused`
 */
export function checkWebhookTarget(url: string, allowedOrigins: readonly string[]): void {
  const refuse = (reason: string): BespokeError =>
    new BespokeError('webhook-target-refused', `The address of the webhook cannot be used: ${reason}.`);
  if (url.length > longestUrl) throw refuse(`it is longer than ${longestUrl} characters`);
  try {
    checkTarget(url, parseAllowedOrigins(allowedOrigins));
  } catch (error) {
    if (error instanceof OutboundFailure) throw refuse(reasonOf(error.kind));
    throw error;
  }
}
