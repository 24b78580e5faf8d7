import { lookup as resolveHost } from 'node:dns';
import { Agent, fetch, type Response } from 'undici';
import type { ImageSource } from '../../core/ports.ts';
import { isPublicAddress } from './public-address.ts';
import { normalizeImage } from './normalize-image.ts';
import { RefusedImage } from './refused-image.ts';

export interface ImageSourceOptions {
  /** Origins such as `http://localhost:8788` that may be asked although they are not public `https`. */
  readonly allowedOrigins: readonly string[];
  readonly timeLimitMs?: number;
  readonly maxBytes?: number;
}

const maxRedirects = 3;

/**
 * Connections to public addresses only. The address is checked as it is resolved for the very
 * connection, so a name that resolves differently the next time gains nothing.
 */
function publicAgent(timeLimitMs: number): Agent {
  return new Agent({
    connect: {
      timeout: timeLimitMs,
      lookup: (host, options, done) => {
        resolveHost(host, { ...options, all: true }, (error, addresses) => {
          if (error !== null) return done(error, []);
          const refused = addresses.find(({ address }) => !isPublicAddress(address));
          if (addresses.length === 0 || refused !== undefined)
            return done(new RefusedImage('its host is not a public one'), []);
          done(null, addresses);
        });
      },
    },
  });
}

function parseUrl(url: string, base?: string): URL {
  if (!URL.canParse(url, base)) throw new RefusedImage('its address cannot be read');
  return new URL(url, base);
}

/** An address written as numbers is never resolved, so it is judged here. */
function isPublicHost({ hostname }: URL): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return !/^[\d.]+$|:/.test(bare) || isPublicAddress(bare);
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const tooLarge = new RefusedImage(`it is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`);
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).byteLength;
    if (size > maxBytes) throw tooLarge;
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/** Reasons for people; none repeats the address, which may be about a person. */
function reasonOf(error: unknown): { readonly reason: string; readonly retryable: boolean } {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof RefusedImage) return { reason: each.message, retryable: each.retryable };
    if (each.name === 'TimeoutError' || each.name === 'ConnectTimeoutError') {
      return { reason: 'its host took too long to answer', retryable: true };
    }
    const code = 'code' in each ? each.code : undefined;
    if (code === 'ENOTFOUND') return { reason: 'its host does not exist', retryable: false };
    if (typeof code === 'string' && code.startsWith('ERR_TLS'))
      return { reason: 'its host cannot be trusted', retryable: false };
  }
  return { reason: 'its host could not be reached', retryable: true };
}

/**
 * Fetches images over public `https`, within limits of time, size and redirects, and decodes them.
 * Each redirect is checked like the first address.
 */
export function makeImageSource(options: ImageSourceOptions): ImageSource {
  const { timeLimitMs = 10_000, maxBytes = 10 * 1024 * 1024 } = options;
  const allowed = new Set(options.allowedOrigins.map((origin) => new URL(origin).origin));
  const publicly = publicAgent(timeLimitMs);
  const anywhere = new Agent({ connect: { timeout: timeLimitMs } });

  async function request(url: URL, signal: AbortSignal): Promise<Response> {
    const trusted = allowed.has(url.origin);
    if (!trusted && url.protocol !== 'https:')
      throw new RefusedImage('its address does not begin with https://');
    if (!trusted && !isPublicHost(url)) throw new RefusedImage('its host is not a public one');
    return fetch(url, {
      dispatcher: trusted ? anywhere : publicly,
      redirect: 'manual',
      signal,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: { accept: 'image/avif,image/webp,image/png,image/jpeg,image/*;q=0.8' },
    });
  }

  async function download(address: string, signal: AbortSignal): Promise<Buffer> {
    let url = parseUrl(address);
    for (let redirects = 0; ; redirects += 1) {
      const response = await request(url, signal);
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        if (redirects === maxRedirects) throw new RefusedImage('its host redirects too often');
        url = parseUrl(location, url.href);
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new RefusedImage(
          `its host answered ${response.status}`,
          response.status >= 500 || response.status === 429,
        );
      }
      return readBody(response, maxBytes);
    }
  }

  return {
    fetch: async (url, scratch, signal) => {
      try {
        const body = await download(url, AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]));
        return { ok: true, hash: await normalizeImage(body, scratch), file: scratch };
      } catch (error) {
        signal.throwIfAborted();
        return { ok: false, ...reasonOf(error) };
      }
    },
  };
}
