import ipaddr from 'ipaddr.js';
import { OutboundFailure } from './outbound-failure.ts';
import { isPublicAddress } from './public-address.ts';

/** Origins such as `http://localhost:8788` that are allowed although they are not public or not https. */
export type AllowedOrigins = ReadonlySet<string>;

/** Reads origins as an operator writes them, with or without a path or a default port. */
export function parseAllowedOrigins(texts: readonly string[]): AllowedOrigins {
  return new Set(texts.map((text) => (URL.canParse(text) ? new URL(text).origin : text)));
}

/** Names that every system resolves to itself. */
const isLoopbackName = (host: string): boolean => /^(.+\.)?localhost\.?$/.test(host);

/**
 * Checks an address itself; the IP addresses of its host name are checked when it is connected to. The URL parser
 * has normalized every notation of an IP address (decimal, octal, hexadecimal, short).
 *
 * @throws OutboundFailure
 */
export function checkTarget(text: string | URL, allowed: AllowedOrigins, base?: URL): URL {
  const url = URL.canParse(String(text), base) ? new URL(text, base) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new OutboundFailure('address-invalid');
  if (url.username !== '' || url.password !== '') throw new OutboundFailure('credentials');
  if (allowed.has(url.origin)) return url;
  if (url.protocol !== 'https:') throw new OutboundFailure('not-https');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isLoopbackName(host) || (ipaddr.isValid(host) && !isPublicAddress(host))) {
    throw new OutboundFailure('not-public');
  }
  return url;
}
