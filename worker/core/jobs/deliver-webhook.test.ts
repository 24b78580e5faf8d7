import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { hmacWith } from '../hmac.ts';
import {
  endpointSecret,
  endpointSecrets,
  nextAttemptAt,
  signWebhook,
  webhookSecret,
} from './deliver-webhook.ts';

const hmac = hmacWith(Buffer.alloc(32, 7));

describe('signWebhook', () => {
  it('is verified by the library of the Standard Webhooks specification', () => {
    const body = JSON.stringify({ type: 'render.done', data: { id: 'ça marche' } });
    const headers = signWebhook([webhookSecret(hmac)], { id: 'msg-1', sentAt: new Date(), body });
    expect(new Webhook(webhookSecret(hmac)).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('is not verified when the body, the id, the time or the secret is another', () => {
    const body = '{"type":"render.done"}';
    const headers = signWebhook([webhookSecret(hmac)], { id: 'msg-1', sentAt: new Date(), body });
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

describe('secrets of endpoints', () => {
  const at = new Date('2026-03-01T12:00:00Z');
  const endpoint = {
    ...{ id: 'whe_1', url: 'https://hooks.example/', description: '', events: [] },
    ...{ version: 2, previousUntil: new Date('2026-03-02T12:00:00Z'), createdAt: at },
  };

  it('differ by endpoint, version and deployment', () => {
    const secrets = [
      endpointSecret(hmac, { id: 'whe_1', version: 1 }),
      endpointSecret(hmac, { id: 'whe_1', version: 2 }),
      endpointSecret(hmac, { id: 'whe_2', version: 1 }),
      endpointSecret(hmacWith(Buffer.alloc(32, 8)), { id: 'whe_1', version: 1 }),
      webhookSecret(hmac),
    ];
    expect(new Set(secrets).size).toBe(secrets.length);
    for (const secret of secrets) expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
  });

  it('are two during a rotation, and either of them verifies', () => {
    const secrets = endpointSecrets(hmac, endpoint, at);
    const body = '{"type":"render.done"}';
    const headers = signWebhook(secrets, { id: 'msg-1', sentAt: new Date(), body });
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const version of [1, 2]) {
      const receiver = new Webhook(endpointSecret(hmac, { id: 'whe_1', version }));
      expect(() => receiver.verify(body, headers)).not.toThrow();
    }
    const other = new Webhook(endpointSecret(hmac, { id: 'whe_1', version: 3 }));
    expect(() => other.verify(body, headers)).toThrow();
  });

  it('are one afterwards, and one that was never rotated has no other', () => {
    const later = new Date('2026-03-02T12:00:00Z');
    expect(endpointSecrets(hmac, endpoint, later)).toEqual([endpointSecret(hmac, endpoint)]);
    const fresh = { ...endpoint, version: 1, previousUntil: undefined };
    expect(endpointSecrets(hmac, fresh, at)).toEqual([endpointSecret(hmac, fresh)]);
  });
});

const now = new Date('2026-03-01T12:00:00Z');

const pauseSeconds = (attempts: number, retryAfter?: string, delivery = 'd1'): number | undefined => {
  const next = nextAttemptAt(delivery, attempts, now, retryAfter);
  return next && (next.getTime() - now.getTime()) / 1000;
};

describe('nextAttemptAt', () => {
  it('waits longer and longer, for about a day in all, then gives up', () => {
    const pauses = Array.from({ length: 9 }, (_, index) => pauseSeconds(index + 1));
    const nominal = [5, 30, 120, 600, 3600, 10_800, 21_600, 43_200];
    for (const [index, seconds] of nominal.entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(seconds * 0.9);
      expect(pauses[index]).toBeLessThanOrEqual(seconds * 1.1);
    }
    expect(pauses[8]).toBeUndefined();
  });

  it('does not ask a target about everything in one moment', () => {
    const pauses = new Set(Array.from({ length: 20 }, (_, index) => pauseSeconds(4, undefined, `d${index}`)));
    expect(pauses.size).toBe(20);
  });

  it.each([
    ['120', 120],
    ['Sun, 01 Mar 2026 12:05:00 GMT', 300],
    ['999999999999', 43_200],
  ])('waits as long as the receiver asks with Retry-After %s', (retryAfter, seconds) => {
    expect(pauseSeconds(1, retryAfter)).toBe(seconds);
  });

  it.each(['0', '-5', 'soon', 'Sat, 01 Mar 2025 12:00:00 GMT', ''])(
    'is not hurried nor confused by Retry-After %j',
    (retryAfter) => {
      expect(pauseSeconds(2, retryAfter)).toBe(pauseSeconds(2));
    },
  );
});
