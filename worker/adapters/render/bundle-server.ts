import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { send } from '@fastify/send';
import { boundCommand, toolEnvironment } from '../media/bound-command.ts';

/** A bundle that a browser of this machine can load. */
export interface BundleServer {
  /** With a trailing slash. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

const script = fileURLToPath(new URL('media-server.mjs', import.meta.url));

/** Remotion's server that cuts single frames out of footage. */
class MediaServer {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(port: number, process: ChildProcess, folder: string) {
    this.port = port;
    this.#process = process;
    this.#folder = folder;
  }

  /** Starts it for footage of the bundle at `url`. */
  static async start(url: string): Promise<MediaServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-footage-'));
    const { command, args } = boundCommand(process.execPath, [script, url]);
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: toolEnvironment({ TMPDIR: folder }),
    });
    const port = await new Promise<number>((resolve, reject) => {
      createInterface(child.stdout).once('line', (line) => resolve(Number(line)));
      child.once('error', reject);
      child.once('exit', () => reject(new Error('The server for footage does not start.')));
    });
    return new MediaServer(port, child, folder);
  }

  async close(): Promise<void> {
    this.#process.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Serves a bundle, and the frames of footage in it, to the rendering browser, on loopback only. */
export async function serveBundle(directory: string): Promise<BundleServer> {
  let media: Promise<MediaServer> | undefined;
  let url = '';

  async function sendFile(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = ''] = (asked.url ?? '').split('?');
    const { statusCode, headers, stream } = await send(asked, pathname, {
      root: directory,
      maxAge: '1d',
      dotfiles: 'allow',
    });
    response.writeHead(statusCode, headers);
    stream.on('error', () => response.destroy()).pipe(response);
  }

  /** Footage outside of the bundle is refused: its address may come from a customer's record. */
  async function sendFrame(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const source = new URL(asked.url ?? '', url).searchParams.get('src') ?? '';
    if (!source.startsWith(url)) {
      response.writeHead(403, { 'access-control-allow-origin': '*' }).end();
      return;
    }
    media ??= MediaServer.start(url);
    media.catch(() => (media = undefined));
    const { port } = await media;
    request({ host: '127.0.0.1', port, path: asked.url, method: asked.method }, (frame) => {
      response.writeHead(frame.statusCode ?? 502, frame.headers);
      frame.pipe(response);
    })
      .on('error', () => response.destroy())
      .end();
  }

  const server = createServer((asked, response) => {
    const answer = asked.url?.startsWith('/proxy?') === true ? sendFrame : sendFile;
    answer(asked, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await media?.then((each) => each.close()).catch(() => undefined);
    },
  };
}
