import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { OutboundFailure, timedOut } from '../../core/check-target.ts';
import { makeOutboundClient, type OutboundClient, type OutboundOptions } from './outbound-client.ts';

/** Public by its form, given back long ago, and led to by no network. */
const unroutedAddress = '3ffe:831f::1';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<{ origin: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}` };
}

function open(options: Partial<OutboundOptions>): OutboundClient {
  const client = makeOutboundClient({ allowedOrigins: [], timeLimitMs: 1000, ...options });
  closers.push(client.close);
  return client;
}

function get(client: OutboundClient, url: string, ms = 1000) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(timedOut()), ms);
  closers.push(() => clearTimeout(timer));
  return client.send({ method: 'GET', url, headers: {}, signal: limit.signal });
}

async function kindOf(failing: Promise<unknown>): Promise<string> {
  const error: unknown = await failing.then(
    () => 'no failure',
    (reason: unknown) => reason,
  );
  return error instanceof OutboundFailure ? error.kind : String(error);
}

describe('an outbound client', () => {
  it.each([
    ['loopback', '127.0.0.1', 4],
    ['loopback of IPv6', '::1', 6],
    ['an IPv4 address as IPv6 writes it', '::ffff:127.0.0.1', 6],
    ['an IPv4 address behind a translator', '64:ff9b::7f00:1', 6],
    ['every address of this machine', '0.0.0.0', 4],
    ['a private network', '192.168.1.1', 4],
    ['the link', 'fe80::1', 6],
    ['the metadata of a cloud', '169.254.169.254', 4],
  ])('refuses a name that resolves to %s', async (_name, address, family) => {
    const client = open({ resolve: () => Promise.resolve([{ address, family }]) });
    expect(await kindOf(get(client, 'https://hooks.example/'))).toBe('not-public');
  });

  it('refuses a name of which one address is public and another is not', async () => {
    const client = open({
      resolve: () =>
        Promise.resolve([
          { address: unroutedAddress, family: 6 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    expect(await kindOf(get(client, 'https://hooks.example/'))).toBe('not-public');
  });

  it('connects to what was checked although the name resolves to another address right after', async () => {
    let connections = 0;
    const server = createSocketServer(() => (connections += 1)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const url = `https://rebinding.example:${(server.address() as AddressInfo).port}/`;
    const asked: string[] = [];
    const client = open({
      resolve: (hostname) => {
        asked.push(hostname);
        const loopback = { address: '127.0.0.1', family: 4 };
        return Promise.resolve([asked.length === 1 ? { address: unroutedAddress, family: 6 } : loopback]);
      },
    });
    expect(await kindOf(get(client, url, 300))).toMatch(/unreachable|timed-out/);
    expect(asked).toEqual(['rebinding.example']);
    expect(await kindOf(get(client, url, 300))).toBe('not-public');
    expect(connections).toBe(0);
  });

  it('gives up on a name that is never resolved', async () => {
    const client = open({ resolve: () => new Promise(() => undefined), timeLimitMs: 100 });
    expect(await kindOf(get(client, 'https://hooks.example/'))).toBe('timed-out');
  });

  it('says that a name is unknown', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    const client = open({ resolve: () => Promise.reject(unknown) });
    expect(await kindOf(get(client, 'https://hooks.example/'))).toBe('unknown-host');
  });

  it('hands a redirect over instead of following it', async () => {
    const asked: string[] = [];
    const { origin } = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    const answer = await get(open({ allowedOrigins: [origin] }), `${origin}/hook`);
    answer.leave();
    expect(answer.status).toBe(307);
    expect(answer.header('location')).toBe('/elsewhere');
    expect(asked).toEqual(['/hook']);
  });

  it('does not wait for a body that nobody wants, and uses the connection again after a short one', async () => {
    const ports = new Set<number | undefined>();
    const { origin } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.write('thanks');
      if (request.url === '/short') response.end();
    });
    const client = open({ allowedOrigins: [origin] });
    for (let each = 0; each < 3; each += 1) {
      (await get(client, `${origin}/short`)).leave();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(ports.size).toBe(1);
    (await get(client, `${origin}/endless`)).leave();
  });

  it('ends a body that comes drop by drop when its time is up', async () => {
    const { origin } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const answer = await get(open({ allowedOrigins: [origin] }), origin, 300);
    expect(await kindOf(answer.read(1000))).toBe('timed-out');
  });

  it('passes on why its caller stopped', async () => {
    const { origin } = await serve(() => undefined);
    const sending = open({ allowedOrigins: [origin] }).send({
      method: 'POST',
      url: origin,
      headers: {},
      body: '{}',
      signal: AbortSignal.abort(new Error('enough')),
    });
    expect(await kindOf(sending)).toBe('Error: enough');
  });
});

describe('an outbound client behind a proxy', () => {
  const publicAddress = '93.184.215.14';
  const resolve = () =>
    Promise.resolve([
      { address: unroutedAddress, family: 6 },
      { address: publicAddress, family: 4 },
    ]);

  /** A proxy that notes what it is asked for, and answers with a status; 0 is no answer. */
  async function startProxy(status: number): Promise<{ url: string; asked: string[] }> {
    const asked: string[] = [];
    const server = createServer().listen(0, '127.0.0.1');
    server.on('connect', ({ url, headers }, socket) => {
      asked.push(`${url} ${headers['proxy-authorization'] ?? '-'}`);
      socket.on('error', () => undefined);
      closers.push(() => socket.destroy());
      if (status !== 0) socket.end(`HTTP/1.1 ${status} Some\r\n\r\n`);
    });
    await once(server, 'listening');
    closers.push(() => server.close());
    return { url: `http://me:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
  }

  const through = ({ url }: { readonly url: string }, options: Partial<OutboundOptions> = {}) =>
    open({ resolve, proxy: { url, noProxy: 'direct.example, .local.example other:8443' }, ...options });

  it('names a checked address to the proxy, of IPv4 where there is one, with its credentials', async () => {
    const proxy = await startProxy(403);
    expect(await kindOf(get(through(proxy), 'https://hooks.example/'))).toBe('proxy-refused');
    expect(await kindOf(get(through(proxy), `https://[${unroutedAddress}]:8443/`))).toBe('proxy-refused');
    const credentials = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(proxy.asked).toEqual([
      `${publicAddress}:443 ${credentials}`,
      `[${unroutedAddress}]:8443 ${credentials}`,
    ]);
  });

  it('refuses what it refuses without a proxy, and does not ask the proxy', async () => {
    const proxy = await startProxy(200);
    const inside = () => Promise.resolve([{ address: '10.0.0.1', family: 4 }]);
    for (const url of ['https://inside.example/', 'https://10.0.0.1/', 'https://localhost/'])
      expect(await kindOf(get(through(proxy, { resolve: inside }), url)), url).toBe('not-public');
    expect(await kindOf(get(through(proxy), 'http://hooks.example/'))).toBe('not-https');
    expect(proxy.asked).toEqual([]);
  });

  it('goes past the proxy to the hosts of NO_PROXY, guarded as ever, and to allowed origins', async () => {
    const proxy = await startProxy(403);
    const inside = () => Promise.resolve([{ address: '10.0.0.1', family: 4 }]);
    for (const host of [
      'direct.example',
      'a.direct.example',
      'local.example',
      'a.local.example',
      'other:8443',
    ])
      expect(await kindOf(get(through(proxy, { resolve: inside }), `https://${host}/`)), host).toBe(
        'not-public',
      );
    const { origin } = await serve((_request, response) => response.end('here'));
    const answer = await get(through(proxy, { allowedOrigins: [origin] }), origin);
    expect((await answer.read(100)).toString()).toBe('here');
    expect(proxy.asked).toEqual([]);
    for (const host of ['other', 'indirect.example'])
      expect(await kindOf(get(through(proxy), `https://${host}/`)), host).toBe('proxy-refused');
  });

  it('tells a proxy that fails from a server that does', async () => {
    expect(await kindOf(get(through(await startProxy(407)), 'https://hooks.example/'))).toBe('proxy-refused');
    expect(await kindOf(get(through(await startProxy(502)), 'https://hooks.example/'))).toBe('unreachable');
    expect(await kindOf(get(through(await startProxy(0)), 'https://hooks.example/', 300))).toBe('timed-out');
    const closed = { url: 'http://127.0.0.1:1' };
    expect(await kindOf(get(through(closed), 'https://hooks.example/'))).toBe('proxy-unreachable');
  });
});
