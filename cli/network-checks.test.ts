import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkProxy, checkPublicAddress } from './network-checks.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the public address', () => {
  /** A server with this path in its links, behind a proxy that takes the path away or does not. */
  async function published(stripped: boolean, writes?: string): Promise<string> {
    let links = '';
    const origin = await serve(({ url = '' }, response) => {
      const path = stripped ? url.replace('/films', '') : url;
      if (path !== '/healthz') response.writeHead(404);
      response.end(JSON.stringify(path === '/healthz' ? { status: 'ok', publicUrl: links } : {}));
    });
    links = writes ?? `${origin}/films`;
    return `${origin}/films`;
  }

  it('is asked with its path, and is well when the server there writes links that start with it', async () => {
    const url = await published(true);
    expect(await checkPublicAddress(url)).toMatchObject({ state: 'ok', found: url });
  });

  it('is reported when the proxy leaves the path in place, with what the proxy must do', async () => {
    expect(await checkPublicAddress(await published(false))).toMatchObject({
      state: 'warn',
      found: expect.stringContaining('answers 404') as string,
      advice: expect.stringContaining('must take /films away') as string,
    });
  });

  it('is reported when the server there writes other links', async () => {
    expect(await checkPublicAddress(await published(true, 'https://old.example.com'))).toMatchObject({
      state: 'fail',
      found: expect.stringContaining('https://old.example.com') as string,
    });
  });

  it('is reported when nothing answers there', async () => {
    expect(await checkPublicAddress('http://127.0.0.1:1')).toMatchObject({ state: 'warn' });
  });
});

describe('the proxy', () => {
  it('is shown without its password, and with what goes past it', async () => {
    const origin = await serve(() => undefined);
    const url = origin.replace('//', '//me:hush@');
    const finding = await checkProxy({ url, noProxy: '.internal' });
    expect(finding).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('except to .internal') as string,
    });
    expect(JSON.stringify(finding)).not.toContain('hush');
  });

  it('is reported when it does not answer', async () => {
    expect(await checkProxy({ url: 'http://127.0.0.1:1', noProxy: '' })).toMatchObject({
      state: 'fail',
      found: 'http://127.0.0.1:1 does not answer (ECONNREFUSED)',
    });
  });
});
