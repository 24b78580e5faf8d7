import { writeFile } from 'node:fs/promises';
import type { FetchedImage, ImageSource } from '../../core/ports.ts';
import { withTimeLimit } from '../../core/within-time.ts';
import { OutboundFailure, type OutboundFailureKind, timedOut } from '../../core/check-target.ts';
import { DownloadRefused, requestFile } from '../outbound/download.ts';
import { makeOutboundClient, type OutboundOptions } from '../outbound/outbound-client.ts';
import { ImageRefused, type NormalImage, normalizeImage } from './normalize-image.ts';

/** Bounds of what may be fetched, and from where besides public https. */
export interface ImageSourceOptions extends Pick<OutboundOptions, 'allowedOrigins' | 'proxy' | 'resolve'> {
  /** From first byte sent to last byte received, redirects included. */
  readonly timeLimitMs?: number;
  readonly maxBytes?: number;
}

/** Why an image could not be fetched. The reason is for people and does not contain the address. */
class FetchRefused extends Error {
  override readonly name = 'FetchRefused';
  readonly retryable: boolean;

  constructor(reason: string, retryable = false) {
    super(reason);
    this.retryable = retryable;
  }
}

const transientStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Failures that a later try may not meet. */
const transient: ReadonlySet<OutboundFailureKind> = new Set<OutboundFailureKind>([
  'timed-out',
  'unreachable',
  'proxy-unreachable',
]);

/**
 * Fetches the images of records, which are untrusted: only https and public addresses unless the origin is
 * allowed, each redirect checked like the first address, limits on time, bytes and pixels. An image is decoded
 * and stored as plain pixels.
 */
export function makeImageSource(options: ImageSourceOptions): ImageSource {
  const { timeLimitMs = 10_000, maxBytes = 10_000_000 } = options;
  const client = makeOutboundClient({
    allowedOrigins: options.allowedOrigins,
    proxy: options.proxy,
    timeLimitMs,
    ...(options.resolve !== undefined && { resolve: options.resolve }),
  });

  async function download(address: string, signal: AbortSignal): Promise<Buffer> {
    return (await requestFile(client, address, 'image/*', signal)).read(maxBytes);
  }

  function describeFailure(error: unknown): FetchRefused {
    if (error instanceof DownloadRefused) {
      return new FetchRefused(error.message, error.status !== undefined && transientStatus(error.status));
    }
    if (error instanceof ImageRefused) return new FetchRefused(error.message);
    if (error instanceof OutboundFailure) {
      const { kind, reason } = error;
      return kind === 'too-large'
        ? new FetchRefused(`the file is larger than ${Math.floor(maxBytes / 1e6)} MB`)
        : new FetchRefused(reason, transient.has(kind));
    }
    return new FetchRefused(new OutboundFailure('unreachable').reason, true);
  }

  return {
    fetch: async (url, scratch, signal, ground): Promise<FetchedImage> => {
      let image: NormalImage;
      try {
        const limit = { ms: timeLimitMs, signal, late: timedOut };
        image = await normalizeImage(await withTimeLimit(limit, (within) => download(url, within)), ground);
      } catch (error) {
        signal.throwIfAborted();
        const { message: reason, retryable } = describeFailure(error);
        return { ok: false, reason, retryable };
      }
      const { hash, data, transparent, faint } = image;
      await writeFile(scratch, data);
      return { ok: true, hash, file: scratch, transparent, faint };
    },
  };
}
