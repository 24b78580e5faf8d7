import { once } from 'node:events';
import { connect } from 'node:net';
import { z } from 'zod';
import { findCertificateTrouble } from '../worker/adapters/tls-failure.ts';
import type { Config } from '../worker/config.ts';
import { withinTime, withTimeLimit } from '../worker/core/within-time.ts';
import { fail, type Finding, ok, warn } from './machine-checks.ts';

const patienceMs = 5_000;

/** Node's code of a failed request or connection, or that of what caused it. */
function codeOf(error: unknown): string {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code;
  }
  return error instanceof Error ? error.message : 'unknown';
}

const health = z.looseObject({ status: z.literal('ok'), publicUrl: z.string().optional() });

/** Asks at BESPOKE_PUBLIC_URL whether Bespoke answers there, with the path that its links have. */
export async function checkPublicAddress(publicUrl: string): Promise<Finding> {
  const name = 'Public URL';
  let answer: { readonly status: number; readonly body: unknown };
  try {
    const limit = { ms: patienceMs, late: () => new Error('no answer') };
    answer = await withTimeLimit(limit, async (signal) => {
      const response = await fetch(`${publicUrl}/healthz`, { redirect: 'manual', signal });
      const body: unknown = await response.json().catch(() => undefined);
      return { status: response.status, body };
    });
  } catch (error) {
    const certificate = findCertificateTrouble(error);
    return warn(
      name,
      `${publicUrl} does not answer this machine (${certificate?.why ?? codeOf(error)})`,
      'Start `bespoke serve` and the proxy in front of it. If viewers reach the address and only this machine does not, all is well.',
    );
  }
  const parsed = health.safeParse(answer.body);
  if (answer.status !== 200 || !parsed.success) {
    const { pathname } = new URL(publicUrl);
    return warn(
      name,
      `${publicUrl}/healthz answers ${answer.status}, and not as Bespoke does`,
      pathname === '/'
        ? 'Set BESPOKE_PUBLIC_URL to the address at which the proxy passes requests to `bespoke serve`.'
        : `The proxy must take ${pathname} away before it passes a request to \`bespoke serve\`.`,
    );
  }
  const theirs = parsed.data.publicUrl;
  if (theirs === publicUrl) return ok(name, publicUrl);
  return fail(
    name,
    `the server at ${publicUrl} writes links that start with ${theirs ?? 'another address'}`,
    'Set BESPOKE_PUBLIC_URL to the same address everywhere.',
  );
}

/** Whether the proxy accepts connections. Its user and password are not shown. */
export async function checkProxy({ url, noProxy }: NonNullable<Config['proxy']>): Promise<Finding> {
  const { hostname, port, protocol, origin } = new URL(url);
  const usual = protocol === 'https:' ? 443 : 80;
  const socket = connect(port === '' ? usual : Number(port), hostname.replace(/^\[|\]$/g, ''));
  try {
    await withinTime(once(socket, 'connect'), patienceMs, () => new Error('no answer'));
  } catch (error) {
    return fail(
      'Proxy',
      `${origin} does not answer (${codeOf(error)})`,
      'Images, webhooks and https inputs use it. Start it, or correct HTTPS_PROXY.',
    );
  } finally {
    socket.on('error', () => undefined).destroy();
  }
  const except = noProxy === '' ? '' : `, except to ${noProxy}`;
  return ok('Proxy', `${origin} for images, webhooks and https inputs${except}`);
}
