import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { StoreConfig } from '../../config.ts';
import type { Log } from '../../core/ports.ts';

// Otherwise the SDK writes to standard error, in every process, which Node its releases of next year require.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** The part of the configuration that describes a bucket. */
export type S3Config = Extract<StoreConfig, { readonly kind: 's3' }>;

/** Time limits of requests to a store. */
export interface Waiting {
  /** How long requests to an unavailable store are repeated. */
  readonly patienceMs: number;
  /** How long a connection may be silent. */
  readonly silenceMs: number;
}

const firstDelayMs = 100;
const longestDelayMs = 5_000;

/** Pause before the next try: it doubles with each, half of it random so that many waiting clients spread out. */
export function retryDelayMs(triesBefore: number): number {
  const whole = Math.min(longestDelayMs, firstDelayMs * 2 ** triesBefore);
  return whole / 2 + (Math.random() * whole) / 2;
}

type GivenStrategy = NonNullable<S3ClientConfig['retryStrategy']>;
type RetryStrategy = Extract<GivenStrategy, { readonly acquireInitialRetryToken: unknown }>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

/**
 * Retries for `patienceMs`. The SDK's own strategies count attempts and share a budget between requests: with many
 * requests at the same time, a short outage of the store spends that budget, and all of them fail at once.
 */
function patiently(patienceMs: number, log: Log): RetryStrategy {
  const begun = new WeakMap<RetryToken, number>();
  const token = (count: number, delayMs: number, startedAt: number): RetryToken => {
    const made: RetryToken = { getRetryCount: () => count, getRetryDelay: () => delayMs };
    begun.set(made, startedAt);
    return made;
  };
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0, 0, Date.now())),
    refreshRetryTokenForRetry: (before, { errorType, retryAfterHint, error }) => {
      const startedAt = begun.get(before) ?? 0;
      const count = before.getRetryCount();
      const asked = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now();
      const delayMs = Math.max(retryDelayMs(count), Math.min(asked, longestDelayMs));
      const hopeful = errorType === 'TRANSIENT' || errorType === 'THROTTLING';
      if (!hopeful || Date.now() + delayMs - startedAt > patienceMs) {
        return Promise.reject(error instanceof Error ? error : new Error('The store refuses.'));
      }
      if (count === 3) log.warn('waiting for the store', { error: error?.name ?? 'unknown' });
      return Promise.resolve(token(count + 1, delayMs, startedAt));
    },
    recordSuccess: () => undefined,
  };
}

/** @param endpoint the store, or the address under which browsers reach it; unset: Amazon's own. */
export function makeS3Client(
  config: S3Config,
  endpoint: string | undefined,
  { patienceMs, silenceMs }: Waiting,
  log: Log,
): S3Client {
  return new S3Client({
    region: config.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(config.credentials === undefined ? {} : { credentials: config.credentials }),
    // Other servers than Amazon's rarely have a host name for each bucket.
    forcePathStyle: endpoint !== undefined,
    // Many compatible stores refuse checksums in trailers; lengths are always compared.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: patiently(patienceMs, log),
    requestHandler: { connectionTimeout: Math.min(silenceMs, 5_000), socketTimeout: silenceMs },
  });
}
