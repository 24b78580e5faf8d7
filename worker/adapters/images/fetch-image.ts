import { writeFile } from 'node:fs/promises';
import type { FetchedImage, ImageSource } from '../../core/ports.ts';
import { withTimeLimit } from '../../core/within-time.ts';
import { makeOutboundClient, type OutboundOptions } from '../outbound/outbound-client.ts';
import { OutboundFailure, timedOut, type OutboundFailureKind } from '../outbound/outbound-failure.ts';
import { ImageRefused, normalizeImage, type NormalImage } from './normalize-image.ts';

/** Bounds of what may be fetched, and from where besides public https. */
export interface ImageSourceOptions extends Pick<OutboundOptions, 'allowedOrigins' | 'resolve'> {
  /** From first byte sent to last byte received, redirects included. */
  readonly timeLimitMs?: number;
  readonly maxBytes?: number;
}

const maxRedirects = 3;

/** Why a picture could not be had. Words for people, without the address: it may name a person. */
class FetchRefused extends Error {
  override readonly name = 'FetchRefused';
  readonly retryable: boolean;

  constructor(reason: string, retryable = false) {
    super(reason);
    this.retryable = retryable;
  }
}

const transientStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500;

function describeOutbound(kind: OutboundFailureKind, maxBytes: number): FetchRefused {
  switch (kind) {
    case 'address-invalid':
      return new FetchRefused('its address is not a web address');
    case 'credentials':
      return new FetchRefused('its address holds a password');
    case 'not-https':
      return new FetchRefused('its address does not begin with https');
    case 'not-public':
      return new FetchRefused('its address leads into a network that is not public');
    case 'too-large':
      return new FetchRefused(`the file is larger than ${Math.floor(maxBytes / 1e6)} MB`);
    case 'timed-out':
      return new FetchRefused('the server took too long', true);
    case 'unknown-host':
      return new FetchRefused('there is no server of that name');
    case 'unreachable':
      return new FetchRefused('the server could not be reached', true);
    default:
      return kind satisfies never;
  }
}

/**
 * Fetches the pictures that records name. Untrusted through and through: https and public addresses
 * only unless the origin is allowed, each redirect checked like the first address, limits on time,
 * bytes and pixels; what comes is decoded and stored as plain pixels.
 */
export function makeImageSource(options: ImageSourceOptions): ImageSource {
  const { timeLimitMs = 10_000, maxBytes = 10_000_000 } = options;
  const client = makeOutboundClient({
    allowedOrigins: options.allowedOrigins,
    timeLimitMs,
    ...(options.resolve !== undefined && { resolve: options.resolve }),
  });

  async function download(address: string, signal: AbortSignal): Promise<Buffer> {
    let url: string | URL = address;
    let base: URL | undefined;
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const answer = await client.send({
        method: 'GET',
        url,
        ...(base !== undefined && { base }),
        headers: { accept: 'image/*' },
        signal,
      });
      if (answer.status === 200) return await answer.read(maxBytes);
      answer.leave();
      const location = answer.header('location');
      if (answer.status < 300 || answer.status >= 400 || location === undefined) {
        throw new FetchRefused(`the server answered ${answer.status}`, transientStatus(answer.status));
      }
      url = location;
      base = answer.url;
    }
    throw new FetchRefused(`it was redirected more than ${maxRedirects} times`);
  }

  function describeFailure(error: unknown): FetchRefused {
    if (error instanceof FetchRefused) return error;
    if (error instanceof ImageRefused) return new FetchRefused(error.message);
    if (error instanceof OutboundFailure) return describeOutbound(error.kind, maxBytes);
    return new FetchRefused('the server could not be reached', true);
  }

  return {
    fetch: async (url, scratch, signal): Promise<FetchedImage> => {
      let image: NormalImage;
      try {
        const limit = { ms: timeLimitMs, signal, late: timedOut };
        image = await normalizeImage(await withTimeLimit(limit, (within) => download(url, within)));
      } catch (error) {
        signal.throwIfAborted();
        const { message: reason, retryable } = describeFailure(error);
        return { ok: false, reason, retryable };
      }
      await writeFile(scratch, image.jpeg);
      return { ok: true, hash: image.hash, file: scratch };
    },
  };
}
