import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { errors } from '../../../errors/messages.ts';
import { boundCommand, toolEnvironment } from '../media/bound-command.ts';
import { SourceGraph } from './source-graph.ts';

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
    const [pathname = ''] = (request.url ?? '').split('?');
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

const script = fileURLToPath(new URL('make-bundle.mjs', import.meta.url));
const keepForMs = 7 * 24 * 3600 * 1000;

async function runBundler(args: readonly string[], root: string): Promise<void> {
  const { command, args: bound } = boundCommand(process.execPath, [script, ...args]);
  const child = spawn(command, bound, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: toolEnvironment(),
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const reason = log.split('\n').find((line) => /error/i.test(line)) ?? log.trim().split('\n').at(-1) ?? '';
  throw errors.templatesNotBundled({ why: reason.trim().slice(0, 400) });
}

/** Removes bundles that were not used for a week, and files of crashed processes. */
async function prune(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const entry = path.join(folder, name);
    const age =
      now -
      (await stat(entry).then(
        ({ mtimeMs }) => mtimeMs,
        () => now,
      ));
    const limit = name.endsWith('.tmp') ? 3600 * 1000 : keepForMs;
    if (age > limit) await rm(entry, { recursive: true, force: true });
  }
}

/** What is bundled; all absolute. */
export interface BundleSources {
  /** Calls `registerRoot`. */
  readonly entryPoint: string;
  /** One folder per template. */
  readonly templates: string;
  /** The project's folder, from which packages are looked for. */
  readonly root: string;
}

/**
 * The folder of the entry point's bundle, made once for each state of the sources. A cached one is reused, and
 * processes that bundle at the same time do not disturb each other. A module of a template that cannot be bundled is
 * in it as one that throws why, so that it affects only who loads it.
 *
 * @throws BespokeError `bundle-failed`.
 */
export async function bundleOnce(
  { entryPoint, templates, root }: BundleSources,
  cacheDirectory: string,
): Promise<string> {
  const folder = path.join(cacheDirectory, 'bundles');
  const graph = await SourceGraph.of(root, [entryPoint, script]);
  const target = path.join(folder, (await graph.hashAsFound([entryPoint, script])).slice(0, 32));
  if (existsSync(target)) {
    await utimes(target, new Date(), new Date());
    return target;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await prune(folder, Date.now());
  const draft = path.join(folder, `${randomUUID()}.tmp`);
  const nothing = path.join(folder, `${randomUUID()}.tmp`);
  try {
    await mkdir(nothing);
    await runBundler([entryPoint, draft, nothing, templates], root);
    await rename(draft, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
    return target;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(nothing, { recursive: true, force: true });
  }
}
