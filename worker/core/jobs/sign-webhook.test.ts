import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { hmacWith } from '../hmac.ts';
import { signWebhook, webhookSecret } from './sign-webhook.ts';

const hmac = hmacWith(Buffer.alloc(32, 7));

describe('signWebhook', () => {
  it('is verified by the library of the Standard Webhooks specification', () => {
    const body = JSON.stringify({ type: 'render.done', data: { id: 'ça marche' } });
    const headers = signWebhook(hmac, { id: 'msg-1', sentAt: new Date(), body });
    expect(new Webhook(webhookSecret(hmac)).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('is not verified when the body, the id, the time or the secret is another', () => {
    const body = '{"type":"render.done"}';
    const headers = signWebhook(hmac, { id: 'msg-1', sentAt: new Date(), body });
    const receiver = new Webhook(webhookSecret(hmac));
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(() => receiver.verify('{"type":"render.failed"}', headers)).toThrow();
    expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'msg-2' })).toThrow();
    expect(() => receiver.verify(body, { ...headers, 'webhook-timestamp': later })).toThrow();
    const other = new Webhook(webhookSecret(hmacWith(Buffer.alloc(32, 8))));
    expect(() => other.verify(body, headers)).toThrow();
    expect(() => receiver.verify(body, headers)).not.toThrow();
  });
});
