import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../container/certificates.ts';
import { keptFolder, runCli } from './cli-process.ts';
import { makeWorkspace } from './deployment.ts';

/** Public by its form; requests to it end at the proxy, which is here. */
const publicAddress = '93.184.215.14';

describe('an input with a public address, on a machine that reaches those by a proxy only', () => {
  const asked: string[] = [];
  const closers: (() => unknown)[] = [];
  let cwd: string;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    cwd = await keptFolder();
    await makeWorkspace(path.join(cwd, '.bespoke'));
    const certificates = await makeCertificates(cwd, publicAddress);
    const tls = { key: await readFile(certificates.key), cert: await readFile(certificates.certificate) };
    const site = createSecureServer(tls, ({ url }, response) => {
      if (url === '/moved') response.writeHead(302, { location: '/customers.csv' }).end();
      else if (url === '/inside')
        response.writeHead(302, { location: 'https://10.1.2.3/customers.csv' }).end();
      else response.end('customer_id,name\nc-1,Anna\n');
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    const { port } = site.address() as AddressInfo;
    const proxy = createServer();
    proxy.on('connect', ({ url }, client) => {
      asked.push(String(url));
      const server = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        server.pipe(client).pipe(server);
      });
      for (const each of [client, server]) each.on('error', () => undefined);
      client.once('close', () => server.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    closers.push(
      () => site.close().closeAllConnections(),
      () => proxy.close(),
    );
    env = {
      HTTPS_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      NODE_EXTRA_CA_CERTS: certificates.authority,
    };
  });
  afterAll(() => {
    for (const close of closers) close();
  });

  const plan = (address: string, more: Readonly<Record<string, string>> = {}) => {
    asked.length = 0;
    return runCli(['plan', `https://${address}`, '-t', 'frame-counter'], { cwd, env: { ...env, ...more } });
  };

  it('is fetched through it, redirects too, and its certificate is checked', async () => {
    const found = await plan(`${publicAddress}/customers.csv`);
    expect(found.stdout).toContain('1 good, 0 bad');
    expect(found.code).toBe(0);
    expect(asked).toEqual([`${publicAddress}:443`]);
    expect((await plan(`${publicAddress}/moved`)).code).toBe(0);

    const unknown = await plan(`${publicAddress}/customers.csv`, { NODE_EXTRA_CA_CERTS: '' });
    expect(unknown.stderr).toContain('(input-unreachable)');
    expect(unknown.code).toBe(2);
  });

  it('is refused where it leads into a network that is not public, by a redirect too', async () => {
    for (const address of [`${publicAddress}/inside`, '10.1.2.3/customers.csv']) {
      const { stderr, code } = await plan(address);
      expect(stderr.replace(/\s+/g, ' ')).toContain('leads into a network that is not public');
      expect(code).toBe(2);
    }
    expect(asked).toEqual([]);
  });

  it('names the proxy when it does not answer, or is no address of one', async () => {
    const away = await plan(`${publicAddress}/customers.csv`, { HTTPS_PROXY: 'http://127.0.0.1:1' });
    expect(away.stderr.replace(/\s+/g, ' ')).toContain('the proxy in HTTPS_PROXY could not be reached');
    const other = await plan(`${publicAddress}/customers.csv`, { HTTPS_PROXY: 'socks5://hush@127.0.0.1:1' });
    expect(other.stderr).toContain('HTTPS_PROXY must be a URL that starts with http:// or https://');
    expect(other.stderr).not.toContain('hush');
    expect(other.code).toBe(2);
  });
});
