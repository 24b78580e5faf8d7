import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { errors } from '../../../errors/messages.ts';
import type { Log } from '../../core/ports.ts';
import { withinTime } from '../../core/within-time.ts';
import { fewEvents, type BullmqEngine } from './bullmq-engine.ts';

/** How to reach Redis. */
export interface RedisOptions {
  /** `redis://` or `rediss://` (TLS), with user, password and database number if needed. */
  readonly url: string;
  readonly log: Log;
  /** How long to wait for Redis at the start. */
  readonly startupMs?: number;
}

/** Redis is full, a replica, unable to save or short of replicas. Scripts add other words before this code. */
const refusedWrite = /(?:^|[\s-])(OOM|READONLY|MISCONF|NOREPLICAS) /;
const probeLivesMs = 10_000;

const refusal = /NOAUTH|WRONGPASS|NOPERM|invalid (?:username|password)|DB index|SSL|TLS|CERT/i;

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

/** A connection that remembers its copies: each of BullMQ's workers blocks on one of its own. */
class RootRedis extends Redis {
  readonly #copies = new Set<Redis>();

  override duplicate(...options: Parameters<Redis['duplicate']>): Redis {
    const copy = super.duplicate(...options);
    this.#copies.add(copy);
    copy.once('end', () => this.#copies.delete(copy));
    return copy;
  }

  /** Ends all connections at once; pending requests are rejected. */
  endAll(): void {
    for (const each of [...this.#copies, this]) each.disconnect();
  }
}

/**
 * BullMQ on Redis. Once connected, requests wait while Redis is unavailable.
 *
 * @throws BespokeError `redis-away`, `redis-refused`, `redis-evicts`.
 */
export async function connectRedis({ url, log, startupMs = 10_000 }: RedisOptions): Promise<BullmqEngine> {
  const address = addressOf(url);
  const redis = new RootRedis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 5_000,
    retryStrategy: (times) => Math.min(50 * 2 ** times, 2_000),
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  redis.on('error', (error: Error) => log.debug('Redis connection', { error: describe(error) }));
  try {
    await waitForRedis(redis, address, startupMs);
    await requireNoEviction(redis, address, log);
  } catch (error) {
    redis.endAll();
    throw error;
  }
  return {
    openQueue: (name) => new Queue(name, { connection: redis, streams: fewEvents }),
    openWorker: (name, process, options) => new Worker(name, process, { ...options, connection: redis }),
    away: (doing) => errors.redisStopped({ address, doing }),
    probe: async (name) => {
      await redis.set(`bull:${name}-probe`, '', 'PX', probeLivesMs);
    },
    explain: (error) => {
      const why = error instanceof Error ? refusedWrite.exec(error.message)?.[1] : undefined;
      return why === undefined ? error : errors.redisRefusesWrites({ address, why }, { cause: error });
    },
    close: () => {
      redis.endAll();
      return Promise.resolve();
    },
  };
}
