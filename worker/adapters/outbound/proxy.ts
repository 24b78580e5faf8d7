import { isIP, isIPv6 } from 'node:net';
import { buildConnector, Client } from 'undici';
import { OutboundFailure } from '../../core/check-target.ts';

/** An HTTP proxy, as the environment names it. */
export interface ProxyOptions {
  /** `http:` or `https:`, with user and password if needed. */
  readonly url: string;
  /** What is reached without it: hosts with commas or spaces between them, as in NO_PROXY. */
  readonly noProxy: string;
}

/** One entry of NO_PROXY: a host with the hosts below it, and perhaps a port. */
function matches(entry: string, { hostname, port, protocol }: URL): boolean {
  if (entry === '*') return true;
  const [, name = '', wantedPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const usedPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port;
  if (name === '' || (wantedPort !== undefined && wantedPort !== usedPort)) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
}

/**
 * Whether an address is reached without the proxy. NO_PROXY may hold `*`, `example.com` for it and all below it,
 * `host:port` and IP addresses.
 */
export function isDirect({ noProxy }: ProxyOptions, url: URL): boolean {
  const entries = noProxy.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => matches(entry, url));
}

/** The address, of those that a name has, to which a proxy is asked to connect: it may have no IPv6. */
type ResolveChecked = (hostname: string) => Promise<string>;

const authorizationOf = ({ username, password }: URL): Record<string, string> => {
  if (username === '' && password === '') return {};
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
};

/** Why a proxy made no tunnel. A gateway's error is about the target. */
const failureOf = (status: number): OutboundFailure =>
  new OutboundFailure(status >= 500 ? 'unreachable' : 'proxy-refused');

/**
 * Connects through a proxy to an address that was checked. The proxy is told the address, not the name: it would
 * resolve the name again, perhaps to something else. The certificate is checked against the name, as without a proxy.
 */
export function tunnelThrough(
  { url }: ProxyOptions,
  resolve: ResolveChecked,
  timeLimitMs: number,
): buildConnector.connector {
  const proxy = new URL(url);
  const secure = buildConnector({ timeout: timeLimitMs });
  const limits = { headersTimeout: timeLimitMs, connect: { timeout: timeLimitMs } };

  async function open(hostname: string, port: string) {
    const address = isIP(hostname) === 0 ? await resolve(hostname) : hostname;
    const path = `${isIPv6(address) ? `[${address}]` : address}:${port}`;
    // A connection becomes the tunnel, so each tunnel has its own.
    const client = new Client(proxy.origin, limits);
    try {
      const { statusCode, socket } = await client.connect({
        path,
        headers: { host: path, ...authorizationOf(proxy) },
      });
      if (statusCode === 200) return socket;
      socket.on('error', () => undefined).destroy();
      throw failureOf(statusCode);
    } catch (error) {
      if (error instanceof OutboundFailure) throw error;
      throw new OutboundFailure('proxy-unreachable', { cause: error });
    } finally {
      client.close().catch(() => undefined);
    }
  }

  return (options, callback) => {
    const hostname = options.hostname.replace(/^\[|\]$/g, '');
    open(hostname, options.port === '' ? '443' : options.port).then(
      (httpSocket) => secure({ ...options, httpSocket } as buildConnector.Options, callback),
      (error: unknown) => callback(error instanceof Error ? error : new Error('proxy'), null),
    );
  };
}
