import { Queue, Worker } from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { errors } from '../../../errors/messages.ts';
import type { Log } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';
import { findCertificateTrouble } from '../tls-failure.ts';
import { fewEvents, type BullmqEngine } from './bullmq-engine.ts';

/** How to reach Redis. */
export interface RedisOptions {
  /** `redis://` or `rediss://` (TLS), with user, password and database number if needed; of a cluster, any node. */
  readonly url: string;
  readonly log: Log;
  /** How long to wait for Redis at the start. */
  readonly startupMs?: number;
}

/** Redis is full, a replica, unable to save, short of replicas, or a cluster without one of its nodes. Other words may precede this code. */
const refusedWrite = /(?:^|[\s-])(OOM|READONLY|MISCONF|NOREPLICAS|CLUSTERDOWN) /;

/** Until a cluster calls itself down, commands for a node that is away are sent on in vain. */
const whyRefused = (message: string): string | undefined =>
  message.startsWith('Too many Cluster redirections') ? 'CLUSTERDOWN' : refusedWrite.exec(message)?.[1];

const probeLivesMs = 10_000;
const retryPauseMs = (times: number): number => Math.min(50 * 2 ** times, 2_000);

const refusal =
  /NOAUTH|WRONGPASS|NOPERM|invalid (?:username|password)|DB index|SELECT is not allowed|SSL|TLS|CERT/i;

/** Host and port, never the password. */
function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw errors.redisUrlInvalid();
  }
  return `${parsed.hostname}:${parsed.port === '' ? '6379' : parsed.port}`;
}

function describe(error: Error | undefined): string {
  if (error === undefined) return 'no answer';
  return ('code' in error && typeof error.code === 'string' && error.code) || error.message || error.name;
}

/** Resolves when Redis has answered; rejects when it refuses or does not answer in time. */
async function waitForRedis(redis: Redis, address: string, startupMs: number): Promise<void> {
  let last: Error | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    redis.on('error', (error: Error) => {
      last = error;
      const certificate = findCertificateTrouble(error);
      if (certificate !== undefined) reject(errors.redisCertificate({ address, ...certificate }));
      if (!refusal.test(`${describe(error)} ${error.message}`)) return;
      reject(errors.redisRefused({ address, why: describe(error) }));
    });
    redis.connect().catch((error: unknown) => {
      if (error instanceof Error) last ??= error;
    });
  });
  const seconds = Math.round(startupMs / 1000);
  await withinTime(ready, startupMs, () => errors.redisSilent({ address, seconds, why: describe(last) }));
}

async function requireNoEviction(redis: Redis, address: string, log: Log): Promise<void> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy === undefined) {
    log.warn('Redis does not report its maxmemory-policy; it must be noeviction', { redis: address });
  } else if (policy !== 'noeviction') {
    throw errors.redisEvicts({ address, policy });
  }
}

/** Open copies of a connection: each of BullMQ's workers blocks on one of its own. */
class Copies {
  readonly #open = new Set<Redis | Cluster>();

  /** @returns the copy. */
  add<C extends Redis | Cluster>(copy: C): C {
    this.#open.add(copy);
    copy.once('end', () => this.#open.delete(copy));
    return copy;
  }

  /** Ends all connections at once; pending requests are rejected. */
  endWith(root: Redis | Cluster): void {
    for (const each of [...this.#open, root]) each.disconnect();
  }
}

/** A connection that ends its copies with itself. */
class RootRedis extends Redis {
  readonly #copies = new Copies();

  override duplicate(...options: Parameters<Redis['duplicate']>): Redis {
    return this.#copies.add(super.duplicate(...options));
  }

  endAll(): void {
    this.#copies.endWith(this);
  }
}

/** A client of all nodes of a cluster that ends its copies with itself. */
class RootCluster extends Cluster {
  readonly #copies = new Copies();

  override duplicate(...options: Parameters<Cluster['duplicate']>): Cluster {
    return this.#copies.add(super.duplicate(...options));
  }

  endAll(): void {
    this.#copies.endWith(this);
  }
}

/** What `CLUSTER SLOTS` answers: ranges with the addresses of their nodes. */
const slotsSchema = z.array(
  z.tuple([z.number(), z.number()]).rest(z.tuple([z.string().nullable(), z.number()]).rest(z.unknown())),
);

/** The nodes of a cluster, as one of them knows them. A node that does not know its own name is the one we asked. */
async function nodesOf(redis: Redis, host: string): Promise<readonly { host: string; port: number }[]> {
  const nodes = slotsSchema
    .parse(await redis.cluster('SLOTS'))
    .flatMap(([, , ...own]) => own.map(([name, port]) => ({ host: name || host, port })));
  return [...new Map(nodes.map((node) => [`${node.host}:${node.port}`, node])).values()];
}

/**
 * Joins the cluster that a connection leads to. Credentials and TLS are those of the connection.
 *
 * @throws BespokeError `redis-away` when its nodes cannot be reached.
 */
async function joinCluster(
  redis: Redis,
  address: string,
  { startupMs, onError }: { readonly startupMs: number; readonly onError: (error: Error) => void },
): Promise<RootCluster> {
  const { host = '', username, password, tls, connectTimeout, reconnectOnError } = redis.options;
  const node = {
    maxRetriesPerRequest: null,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls !== undefined && { tls }),
    ...(connectTimeout !== undefined && { connectTimeout }),
    ...(reconnectOnError !== undefined && { reconnectOnError }),
  };
  const cluster = new RootCluster([...(await nodesOf(redis, host))], {
    lazyConnect: true,
    clusterRetryStrategy: retryPauseMs,
    retryDelayOnClusterDown: 500,
    redisOptions: node,
    // A certificate is for the node's name, not for its address.
    ...(tls !== undefined && { dnsLookup: (name, done) => done(null, name) }),
  });
  let last: Error | undefined;
  const note = (error: Error): void => {
    last = error;
    onError(error);
  };
  cluster.on('error', note).on('node error', note);
  /** Resolves when every primary node has answered. */
  async function untilWhole(): Promise<void> {
    await new Promise<void>((resolve) => {
      cluster.once('ready', resolve);
      // It goes on trying.
      cluster.connect().catch(note);
    });
    for (const each of cluster.nodes('master')) await each.ping();
  }
  const late = (): Error => last ?? new Error('no answer');
  try {
    await withinTime(untilWhole(), startupMs, late);
  } catch (error) {
    cluster.endAll();
    const seconds = Math.round(startupMs / 1000);
    const why = describe(last ?? (error instanceof Error ? error : undefined));
    throw errors.redisClusterApart({ address, seconds, why }, { cause: error });
  }
  return cluster;
}

/** A connection to all of Redis. */
interface Connection {
  readonly client: RootRedis | RootCluster;
  /** Every server that keeps jobs. */
  readonly primaries: readonly Redis[];
  /** What starts the names of a queue's keys. In a cluster it decides on one node for all keys of the queue. */
  readonly prefixOf: (queue: string) => string;
}

async function connect({ url, log, startupMs = 10_000 }: RedisOptions, address: string): Promise<Connection> {
  const onError = (error: Error): void => log.debug('Redis connection', { error: describe(error) });
  const redis = new RootRedis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 5_000,
    retryStrategy: retryPauseMs,
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  redis.on('error', onError);
  try {
    await waitForRedis(redis, address, startupMs);
    if (!/^cluster_enabled:1/m.test(await redis.info('cluster'))) {
      return { client: redis, primaries: [redis], prefixOf: () => 'bull' };
    }
    const cluster = await joinCluster(redis, address, { startupMs, onError });
    redis.endAll();
    return { client: cluster, primaries: cluster.nodes('master'), prefixOf: (queue) => `{${queue}}` };
  } catch (error) {
    redis.endAll();
    throw error;
  }
}

/**
 * BullMQ on Redis, or on the Redis Cluster that a node belongs to. Once connected, requests wait while Redis is
 * unavailable.
 *
 * @throws BespokeError `redis-away`, `redis-refused`, `redis-evicts`.
 */
export async function connectRedis(options: RedisOptions): Promise<BullmqEngine> {
  const address = addressOf(options.url);
  const { client, primaries, prefixOf } = await connect(options, address);
  try {
    for (const each of primaries) await requireNoEviction(each, address, options.log);
  } catch (error) {
    client.endAll();
    throw error;
  }
  return {
    nodes: client instanceof Cluster ? primaries.length : undefined,
    openQueue: (name) => new Queue(name, { connection: client, prefix: prefixOf(name), streams: fewEvents }),
    openWorker: (name, process, settings) =>
      new Worker(name, process, { ...settings, connection: client, prefix: prefixOf(name) }),
    away: (doing) => errors.redisStopped({ address, doing }),
    probe: async (name) => {
      await client.set(`bull:${name}-probe`, '', 'PX', probeLivesMs);
    },
    explain: (error) => {
      const why = error instanceof Error ? whyRefused(error.message) : undefined;
      return why === undefined ? error : errors.redisRefusesWrites({ address, why }, { cause: error });
    },
    close: () => {
      client.endAll();
      return Promise.resolve();
    },
  };
}
