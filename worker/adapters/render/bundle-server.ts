import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
};

/** A bundle that a browser of this machine can load. */
export interface BundleServer {
  /** With a trailing slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves a bundle to the rendering browser, on loopback only. */
export async function serveBundle(directory: string): Promise<BundleServer> {
  const home = path.resolve(directory);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://bundle');
    const file = path.join(home, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    const refuse = () => response.writeHead(404).end();
    if (!file.startsWith(home + path.sep)) {
      refuse();
      return;
    }
    stat(file).then((found) => {
      if (!found.isFile()) {
        refuse();
        return;
      }
      response.writeHead(200, {
        'content-type': types[path.extname(file)] ?? 'application/octet-stream',
        'content-length': found.size,
        'cache-control': 'max-age=86400',
      });
      createReadStream(file)
        .on('error', () => response.destroy())
        .pipe(response);
    }, refuse);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
