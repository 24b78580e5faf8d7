import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { Agent, errors, request } from 'undici';
import { untilAborted, withTimeLimit } from '../../core/within-time.ts';
import {
  checkTarget,
  isPublicAddress,
  OutboundFailure,
  parseAllowedOrigins,
  timedOut,
} from '../../core/check-target.ts';
import { isDirect, type ProxyOptions, tunnelThrough } from './proxy.ts';

/** The addresses of a host name. */
export type Resolve = (
  hostname: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

/** What is allowed besides public https, and the time limits. */
export interface OutboundOptions {
  /** Origins such as `http://localhost:8788` that are allowed although they are not public or not https. */
  readonly allowedOrigins: readonly string[];
  /** How public addresses are reached; unset: directly. Allowed origins are always reached directly. */
  readonly proxy?: ProxyOptions | undefined;
  /** Until connected, until the first byte, and between bytes; the caller's signal limits the total. */
  readonly timeLimitMs: number;
  /** Instead of the system's, for tests. */
  readonly resolve?: Resolve;
}

/** One request; a redirect is an answer like any other. */
export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  /** Unchecked; relative ones are resolved against `base`. */
  readonly url: string | URL;
  readonly base?: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** An answer of which only the head was read. Call either `read` or `leave`. */
export interface OutboundAnswer {
  readonly url: URL;
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** @throws OutboundFailure `too-large`, `timed-out`, `unreachable`. */
  readonly read: (maxBytes: number) => Promise<Buffer>;
  /** Drops the body; a short one is read in the background so that the connection can be used again. */
  readonly leave: () => void;
}

/** Requests to addresses that come from outside. */
export interface OutboundClient {
  /** @throws OutboundFailure; the reason of `signal` when that fires. */
  readonly send: (request: OutboundRequest) => Promise<OutboundAnswer>;
  readonly close: () => Promise<void>;
}

const resolveBySystem: Resolve = (hostname) => lookup(hostname, { all: true });
const drained = { limitBytes: 4096, ms: 1000 };

interface Address {
  readonly address: string;
  readonly family: number;
}

/** The addresses of a name. @throws OutboundFailure `not-public` unless all of them are public. */
async function resolvePublic(resolve: Resolve, hostname: string): Promise<readonly [Address, ...Address[]]> {
  const [first, ...others] = await resolve(hostname);
  if (first === undefined || ![first, ...others].every(({ address }) => isPublicAddress(address))) {
    throw new OutboundFailure('not-public');
  }
  return [first, ...others];
}

/** Returns only addresses that were checked, so that the socket connects to a checked one. */
function guardLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolvePublic(resolve, hostname).then(
      (addresses) => {
        const [{ address, family }] = addresses;
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, address, family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error('resolve'), '', 0),
    );
  };
}

function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof OutboundFailure) return error;
  if (signal.aborted) return signal.reason;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof OutboundFailure) return cause;
  if (
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  ) {
    return new OutboundFailure('timed-out', { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return new OutboundFailure(code === 'ENOTFOUND' ? 'unknown-host' : 'unreachable', { cause: error });
}

/**
 * An HTTP client for addresses that come from outside: only https and public addresses unless the origin is allowed.
 * Names are resolved once for each connection, and the connection goes to the addresses that were checked, so a name
 * that resolves to something else a moment later gains nothing; the same holds behind a proxy. Redirects are not followed: the caller sends another
 * request, which is checked too.
 */
export function makeOutboundClient(options: OutboundOptions): OutboundClient {
  const { allowedOrigins, proxy, timeLimitMs, resolve = resolveBySystem } = options;
  const allowed = parseAllowedOrigins(allowedOrigins);
  const timeouts = { headersTimeout: timeLimitMs, bodyTimeout: timeLimitMs, maxHeaderSize: 16_384 };
  const guarded = new Agent({ ...timeouts, connect: { lookup: guardLookup(resolve), timeout: timeLimitMs } });
  const open = new Agent({ ...timeouts, connect: { timeout: timeLimitMs } });
  const proxied = proxy && new Agent({ ...timeouts, connect: tunnelThrough(proxy, oneOf, timeLimitMs) });

  /** A checked address of a name, for a proxy that may have no IPv6. */
  async function oneOf(hostname: string): Promise<string> {
    const addresses = await resolvePublic(resolve, hostname);
    return (addresses.find(({ family }) => family === 4) ?? addresses[0]).address;
  }

  function dispatcherFor(url: URL): Agent {
    if (allowed.has(url.origin)) return open;
    return proxied === undefined || proxy === undefined || isDirect(proxy, url) ? guarded : proxied;
  }

  async function send({ method, url: text, base, headers, body, signal }: OutboundRequest) {
    signal.throwIfAborted();
    const url = checkTarget(text, allowed, base);
    const response = await request(url, {
      dispatcher: dispatcherFor(url),
      method,
      headers: { 'user-agent': 'bespoke', ...headers },
      ...(body !== undefined && { body }),
      signal,
    });
    return { url, response };
  }

  return {
    send: async (wanted): Promise<OutboundAnswer> => {
      const { signal } = wanted;
      // undici checks the signal of a request only after it is connected.
      const { url, response } = await untilAborted(signal, send(wanted)).catch((error: unknown) => {
        throw failureOf(error, signal);
      });
      const { statusCode, headers, body } = response;
      return {
        url,
        status: statusCode,
        header: (name) => [headers[name]].flat()[0],
        read: async (maxBytes) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          try {
            for await (const chunk of body as AsyncIterable<Buffer>) {
              bytes += chunk.length;
              if (bytes > maxBytes) throw new OutboundFailure('too-large');
              chunks.push(chunk);
            }
          } catch (error) {
            throw failureOf(error, signal);
          }
          return Buffer.concat(chunks);
        },
        leave: () => {
          void withTimeLimit({ ms: drained.ms, late: timedOut }, (time) =>
            body.dump({ limit: drained.limitBytes, signal: time }),
          ).catch(() => undefined);
        },
      };
    },
    close: async () => {
      await Promise.all([guarded.destroy(), open.destroy(), proxied?.destroy()]);
    },
  };
}
