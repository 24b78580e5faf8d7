import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { OpenPipeline } from '../../worker/compose.ts';
import type { Config } from '../../worker/config.ts';
import { makeApiKey } from '../../worker/core/keys.ts';
import {
  type Deployment,
  newDeployment,
  openDeployment,
  removeDeployment,
  type Servers,
} from '../e2e/deployment.ts';
import type { Ask } from '../e2e/viewer-walk.ts';
import { startTestS3, type TestS3 } from '../services/s3-server.ts';
import { type Child, startChild } from './child.ts';
import type { HoldPoint } from './process-task.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

const orderAnswer = z.object({ id: z.string() });

/** An order that was accepted: what its client knows of it. */
export interface AcceptedOrder {
  readonly id: string;
  readonly event: 'render.done' | 'campaign.finished';
  /** How many of its rows are reported to the webhook. */
  readonly reported: number;
  readonly rows: number;
}

/** A request for an order, which may be repeated: its key makes all repetitions one. */
export interface OrderWish {
  readonly path: '/v1/renders' | '/v1/campaigns';
  readonly body: object;
  readonly key: string;
  readonly rows: number;
}

/** An answer to a wish, or none where the connection broke. */
export type OrderAnswer =
  | { readonly kind: 'accepted'; readonly order: AcceptedOrder; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly status: number; readonly type: string; readonly retryAfter: string }
  | { readonly kind: 'broken' };

/** Processes that share engines and a store, clients that order and a server that takes webhooks. */
export interface OrderDeployment {
  readonly deployment: Deployment;
  /** A look at everything from this process, which works on nothing. */
  readonly look: OpenPipeline['pipeline'];
  readonly s3: TestS3 | undefined;
  readonly receiver: WebhookReceiver;
  readonly workers: readonly Child[];
  /** Headers with the key of a client that may do everything. */
  readonly client: { readonly authorization: string };
  /** Asks an API. */
  readonly ask: (address: string) => Ask;
  readonly startWorker: (hold?: HoldPoint) => Promise<Child>;
  readonly startApi: (hold?: HoldPoint) => Promise<{ readonly process: Child; readonly address: string }>;
  readonly render: (name: string) => OrderWish;
  /** @param rowEvents whether its rows are reported too. */
  readonly campaign: (names: readonly string[], rowEvents?: boolean) => OrderWish;
  /** Sends a wish once. */
  readonly send: (address: string, wish: OrderWish) => Promise<OrderAnswer>;
  /** Sends wishes that nothing stands in the way of. */
  readonly order: (address: string, wishes: readonly OrderWish[]) => Promise<readonly AcceptedOrder[]>;
}

/** @param settings the store is a bucket of its own, unless it is to be a folder. */
export async function startOrderDeployment(settings: {
  readonly servers: Servers;
  readonly store?: 'folder';
  readonly lockMs?: number;
}): Promise<OrderDeployment> {
  const s3 = settings.store === 'folder' ? undefined : await startTestS3();
  const receiver = await startWebhookReceiver();
  onTestFinished(async () => {
    await Promise.all([s3?.remove(), receiver.close()]);
  });
  const changes: Partial<Config> = {
    concurrency: 2,
    webhookOrigins: [receiver.origin],
    ...(s3 && {
      store: {
        kind: 's3',
        prefix: 'live/',
        publicEndpoint: undefined,
        region: 'us-east-1',
        cacheBytes: 1_000_000_000,
        ...s3.access,
      },
    }),
  };
  const made = await newDeployment('redis and postgres', settings.servers, changes);
  onTestFinished(() => removeDeployment(made));
  const { lockMs = made.queue.lockMs } = settings;
  const deployment: Deployment = {
    ...made,
    queue: { ...made.queue, ...(lockMs !== undefined && { lockMs }) },
  };
  const open = await openDeployment(deployment);
  onTestFinished(open.close);
  const { text, key } = makeApiKey('client', ['admin']);
  await open.pipeline.keys.add(key);

  const workers: Child[] = [];
  const wish = (path: OrderWish['path'], rows: number, body: object): OrderWish => ({
    path,
    rows,
    key: randomUUID(),
    body: { template: 'frame-counter', quality: 'draft', webhookUrl: `${receiver.origin}/hook`, ...body },
  });

  async function send(address: string, { path, body, key: repeated, rows }: OrderWish): Promise<OrderAnswer> {
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    try {
      const answer = await fetch(address + path, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': repeated },
        body: JSON.stringify(body),
      });
      const told: unknown = await answer.json();
      if (answer.status !== 202) {
        return {
          kind: 'refused',
          status: answer.status,
          type: answer.headers.get('content-type') ?? '',
          retryAfter: answer.headers.get('retry-after') ?? '',
        };
      }
      const event = path === '/v1/renders' ? 'render.done' : 'campaign.finished';
      const replayed = answer.headers.get('idempotency-replayed') === 'true';
      const reported = 'rowEvents' in body && body.rowEvents === true ? rows : 0;
      const order = { id: orderAnswer.parse(told).id, event, rows, reported } as const;
      return { kind: 'accepted', replayed, order };
    } catch (error) {
      if (error instanceof TypeError) return { kind: 'broken' };
      throw error;
    }
  }

  const client = { authorization: `Bearer ${text}` };
  const ask =
    (address: string): Ask =>
    async (url, { method = 'GET', headers = {}, body } = {}) => {
      const content = body && { headers: { ...headers, 'content-type': 'application/json' } };
      const answer = await fetch(address + url, {
        ...{ method, headers, ...content },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.text() };
    };

  return {
    deployment,
    client,
    ask,
    look: open.pipeline,
    s3,
    receiver,
    workers,
    startWorker: async (hold) => {
      const worker = startChild(deployment, undefined, hold && { hold });
      workers.push(worker);
      // One that is to hang may do so at its first jobs, before it has told that it works.
      await worker.until((events) => events.some(({ type }) => type === 'working' || type === 'hanging'));
      return worker;
    },
    startApi: async (hold) => {
      const api = startChild(deployment, undefined, { api: true, ...(hold && { hold }) });
      let address = '';
      await api.until((events) =>
        events.some((event) => event.type === 'listening' && (address = event.address) !== ''),
      );
      return { process: api, address };
    },
    render: (name) => wish('/v1/renders', 1, { record: { name } }),
    campaign: (names, rowEvents = false) =>
      wish('/v1/campaigns', names.length, { rows: names.map((name) => ({ name })), rowEvents }),
    send,
    order: (address, wishes) =>
      Promise.all(
        wishes.map(async (each) => {
          const answer = await send(address, each);
          if (answer.kind !== 'accepted') throw new Error(`Not accepted: ${JSON.stringify(answer)}`);
          return answer.order;
        }),
      ),
  };
}

/** Asks until the answer is right. @returns it. */
export async function pollUntil<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 240_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Still ${JSON.stringify(answer)}.`);
    await sleep(50);
  }
}
