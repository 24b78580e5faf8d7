import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** Another site, with a page that embeds films. */
export interface HostSite {
  /** The address of a page with a film in it; `plain` frames the address without our element. */
  readonly pageWith: (film: string, how?: 'element' | 'plain') => string;
  readonly close: () => Promise<void>;
}

/**
 * Serves pages of a site that browsers take for another one than that of the films: `localhost` and
 * `127.0.0.1` share no cookies. Its policy allows what docs/player.md says, and nothing else.
 *
 * @param films the public address of the server that has them.
 */
export async function serveHostSite(films: string): Promise<HostSite> {
  const { origin } = new URL(films);
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const film = searchParams.get('film') ?? '';
    const body =
      searchParams.get('how') === 'plain'
        ? `<iframe src="${film}"></iframe>`
        : `<bespoke-player title="Your film" src="${film}"></bespoke-player>`;
    response.setHeader('content-security-policy', [
      `default-src 'none'; script-src ${origin}; frame-src ${origin}`,
    ]);
    response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html>
<html lang="en"><head><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="${films}/player/bespoke-player.js"></script></head>
<body><h1>A shop</h1><p><a href="#film">Before</a></p>${body}<p><a href="#shop">Behind</a></p></body></html>`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    pageWith: (film, how = 'element') => {
      const address = new URL(`http://localhost:${port}/`);
      address.searchParams.set('film', film);
      address.searchParams.set('how', how);
      return address.href;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
