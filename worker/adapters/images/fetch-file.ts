import { withTimeLimit } from '../../core/within-time.ts';
import { OutboundFailure, type OutboundFailureKind, timedOut } from '../../core/check-target.ts';
import type { FetchRefusal } from '../../core/media-sources.ts';
import { DownloadRefused, requestFile } from '../outbound/download.ts';
import { makeOutboundClient, type OutboundOptions } from '../outbound/outbound-client.ts';

/** Bounds of what may be fetched, and from where besides public https. */
export interface FileSourceOptions extends Pick<OutboundOptions, 'allowedOrigins' | 'proxy' | 'resolve'> {
  /** From first byte sent to last byte received, redirects included. */
  readonly timeLimitMs?: number;
  readonly maxBytes?: number;
}

/** Why a file cannot be used, in words for people and without its address. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

const transientStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Failures that a later try may not meet. */
const transient: ReadonlySet<OutboundFailureKind> = new Set<OutboundFailureKind>([
  'timed-out',
  'unreachable',
  'proxy-unreachable',
]);

const refuse = (reason: string, retryable = false): FetchRefusal => ({ ok: false, reason, retryable });

function describeFailure(error: unknown, maxBytes: number): FetchRefusal {
  if (error instanceof DownloadRefused) {
    return refuse(error.message, error.status !== undefined && transientStatus(error.status));
  }
  if (error instanceof FileRefused) return refuse(error.message);
  if (error instanceof OutboundFailure) {
    const { kind, reason } = error;
    return kind === 'too-large'
      ? refuse(`the file is larger than ${Math.floor(maxBytes / 1e6)} MB`)
      : refuse(reason, transient.has(kind));
  }
  return refuse(new OutboundFailure('unreachable').reason, true);
}

/**
 * Fetches files that records name, which are untrusted: only https and public addresses unless the origin is allowed,
 * each redirect checked like the first address, limits on time and bytes.
 *
 * @param accept what is asked for, such as `image/*`.
 * @returns a function that hands a file to `use`, which throws FileRefused for one that it cannot use.
 */
export function makeFileSource(
  options: Required<Pick<FileSourceOptions, 'timeLimitMs' | 'maxBytes'>> & FileSourceOptions,
  accept: string,
) {
  const { allowedOrigins, proxy, resolve, timeLimitMs, maxBytes } = options;
  const client = makeOutboundClient({ allowedOrigins, proxy, timeLimitMs, ...(resolve && { resolve }) });
  const download = async (address: string, signal: AbortSignal): Promise<Buffer> =>
    (await requestFile(client, address, accept, signal)).read(maxBytes);

  return async <T>(
    url: string,
    signal: AbortSignal,
    use: (file: Buffer) => Promise<T>,
  ): Promise<{ readonly ok: true; readonly value: T } | FetchRefusal> => {
    try {
      const limit = { ms: timeLimitMs, signal, late: timedOut };
      return { ok: true, value: await use(await withTimeLimit(limit, (within) => download(url, within))) };
    } catch (error) {
      signal.throwIfAborted();
      return describeFailure(error, maxBytes);
    }
  };
}
