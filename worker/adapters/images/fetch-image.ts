import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { Agent, errors, request } from 'undici';
import type { FetchedImage, ImageSource } from '../../core/ports.ts';
import { ImageRefused, normalizeImage, type NormalImage } from './normalize-image.ts';
import { AddressRefused, isPublicAddress, lookupPublic } from './public-address.ts';

/** Bounds of what may be fetched, and from where besides public https. */
export interface ImageSourceOptions {
  /** Origins such as `http://localhost:8788` that may be fetched from although not public or not https. */
  readonly allowedOrigins: readonly string[];
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

type Response = Awaited<ReturnType<typeof request>>;

function parseUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url === undefined) throw new FetchRefused('its address is not a web address');
  if (url.username !== '' || url.password !== '') throw new FetchRefused('its address holds a password');
  return url;
}

function checkUrl(url: URL): void {
  if (url.protocol !== 'https:') throw new FetchRefused('its address does not begin with https');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new AddressRefused('not a public address');
}

async function readBody(body: Response['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new FetchRefused(`the file is larger than ${Math.floor(maxBytes / 1e6)} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const transientStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500;

function describeFailure(error: unknown, timedOut: boolean): { reason: string; retryable: boolean } {
  if (error instanceof FetchRefused) return { reason: error.message, retryable: error.retryable };
  if (error instanceof ImageRefused) return { reason: error.message, retryable: false };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (error instanceof AddressRefused || cause instanceof AddressRefused) {
    return { reason: 'its address leads into a network that is not public', retryable: false };
  }
  if (timedOut || error instanceof errors.ConnectTimeoutError) {
    return { reason: 'the server took too long', retryable: true };
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOTFOUND') return { reason: 'there is no server of that name', retryable: false };
  return { reason: 'the server could not be reached', retryable: true };
}

/**
 * Fetches the pictures that records name. Untrusted through and through: https and public addresses
 * only unless the origin is allowed, each redirect checked like the first address, limits on time,
 * bytes and pixels; what comes is decoded and stored as plain pixels.
 */
export function makeImageSource(options: ImageSourceOptions): ImageSource {
  const { timeLimitMs = 10_000, maxBytes = 10_000_000 } = options;
  const allowed = new Set(
    options.allowedOrigins.map((each) => (URL.canParse(each) ? new URL(each).origin : each)),
  );
  const timeouts = { headersTimeout: timeLimitMs, bodyTimeout: timeLimitMs };
  const guarded = new Agent({ ...timeouts, connect: { lookup: lookupPublic, timeout: timeLimitMs } });
  const open = new Agent({ ...timeouts, connect: { timeout: timeLimitMs } });

  async function download(first: URL, signal: AbortSignal): Promise<Buffer> {
    let url = first;
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const trusted = allowed.has(url.origin);
      if (!trusted) checkUrl(url);
      const response = await request(url, {
        dispatcher: trusted ? open : guarded,
        signal,
        headers: { accept: 'image/*', 'user-agent': 'bespoke' },
      });
      const { statusCode, headers, body } = response;
      if (statusCode >= 300 && statusCode < 400 && typeof headers.location === 'string') {
        await body.dump().catch(() => undefined);
        url = parseUrl(headers.location, url);
        continue;
      }
      if (statusCode !== 200) {
        await body.dump().catch(() => undefined);
        throw new FetchRefused(`the server answered ${statusCode}`, transientStatus(statusCode));
      }
      return readBody(body, maxBytes);
    }
    throw new FetchRefused(`it was redirected more than ${maxRedirects} times`);
  }

  return {
    fetch: async (url, scratch, signal): Promise<FetchedImage> => {
      const timeLimit = AbortSignal.timeout(timeLimitMs);
      let image: NormalImage;
      try {
        image = await normalizeImage(await download(parseUrl(url), AbortSignal.any([signal, timeLimit])));
      } catch (error) {
        signal.throwIfAborted();
        return { ok: false, ...describeFailure(error, timeLimit.aborted) };
      }
      await writeFile(scratch, image.jpeg);
      return { ok: true, hash: image.hash, file: scratch };
    },
  };
}
