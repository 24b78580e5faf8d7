import ipaddr from 'ipaddr.js';
import { errors } from '../../errors/messages.ts';

const givenOut = ipaddr.parseCIDR('2000::/3');
const wellKnownTranslation = ipaddr.parseCIDR('64:ff9b::/96');

/** Whether an IP address belongs to the public internet: not private, local, shared or reserved. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast';
  // In IPv6-only networks names of IPv4 hosts resolve to this (RFC 6052). The translation prefix for local
  // use (RFC 8215) can lead anywhere.
  if (parsed.match(wellKnownTranslation)) return isPublicAddress(parsed.toByteArray().slice(-4).join('.'));
  // Addresses outside the allocated range are reserved, or wrap an IPv4 address.
  return parsed.range() === 'unicast' && parsed.match(givenOut);
}

/** Why a request to an address that comes from outside had no answer. */
export type OutboundFailureKind =
  /** The address is not a web address. */
  | 'address-invalid'
  /** The address contains a user name or a password. */
  | 'credentials'
  | 'not-https'
  /** The address leads into a network that is not public. */
  | 'not-public'
  | 'too-large'
  | 'timed-out'
  | 'unknown-host'
  | 'unreachable'
  /** The proxy in HTTPS_PROXY answers, and lets the request not pass. */
  | 'proxy-refused'
  | 'proxy-unreachable';

const reasons: Readonly<Record<OutboundFailureKind, string>> = {
  'address-invalid': 'its address is not a web address',
  credentials: 'its address contains a user name or a password',
  'not-https': 'its address does not start with https',
  'not-public': 'its address leads into a network that is not public',
  'too-large': 'the answer is too large',
  'timed-out': 'the server took too long',
  'unknown-host': 'no server has this name',
  unreachable: 'the server could not be reached',
  'proxy-refused': 'the proxy in HTTPS_PROXY refuses the connection',
  'proxy-unreachable': 'the proxy in HTTPS_PROXY could not be reached',
};

/** A request that was refused or had no answer. The reason follows the name of what was requested. */
export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure';
  readonly kind: OutboundFailureKind;

  constructor(kind: OutboundFailureKind, options?: ErrorOptions) {
    super(kind, options);
    this.kind = kind;
  }

  /** For people, without any part of the address: it may name a person. */
  get reason(): string {
    return reasons[this.kind];
  }
}

/** The reason with which a request is aborted at its time limit. */
export const timedOut = (): OutboundFailure => new OutboundFailure('timed-out');

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

const longestUrl = 2048;

/**
 * Checks a webhook's address when it is handed in, so that the client learns at once. Host names are
 * resolved and checked again for each connection.
 *
 * @throws BespokeError `webhook-target-refused`
 */
export function checkWebhookTarget(url: string, allowedOrigins: readonly string[]): void {
  if (url.length > longestUrl) {
    throw errors.webhookTargetRefused({ why: `its address is longer than ${longestUrl} characters` });
  }
  try {
    checkTarget(url, parseAllowedOrigins(allowedOrigins));
  } catch (error) {
    if (error instanceof OutboundFailure) throw errors.webhookTargetRefused({ why: error.reason });
    throw error;
  }
}
