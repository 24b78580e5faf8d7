import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const message = z.object({ type: z.string(), data: z.object({ id: z.string() }) });

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  /** Of the delivery; equal in all its attempts. */
  readonly id: string;
  readonly type: string;
  readonly order: string;
}

/** Somebody's server that takes webhooks. */
export interface WebhookReceiver {
  readonly origin: string;
  readonly received: readonly ReceivedWebhook[];
  readonly close: () => Promise<void>;
}

/** Starts a receiver on loopback that takes everything. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const { type, data } = message.parse(await json(request));
      received.push({ id: String(request.headers['webhook-id']), type, order: data.id });
      response.writeHead(204).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
