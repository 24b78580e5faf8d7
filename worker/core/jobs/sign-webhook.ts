import { createHmac } from 'node:crypto';
import type { Hmac } from '../hmac.ts';

/** A message as it is sent; the same in all attempts but for its time and its body. */
export interface WebhookMessage {
  readonly id: string;
  readonly sentAt: Date;
  /** JSON, exactly as it is sent. */
  readonly body: string;
}

const secretBytes = (hmac: Hmac): Buffer => Buffer.from(hmac('webhook-secret', 1), 'hex');

/** What receivers check signatures with, as the Standard Webhooks specification writes it. */
export function webhookSecret(hmac: Hmac): string {
  return `whsec_${secretBytes(hmac).toString('base64')}`;
}

/** Headers of a message, signed as the Standard Webhooks specification (1.0) says. */
export function signWebhook(
  hmac: Hmac,
  { id, sentAt, body }: WebhookMessage,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signature = createHmac('sha256', secretBytes(hmac))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
