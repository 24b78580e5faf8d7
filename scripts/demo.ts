/**
 * Renders the first rows of the sample campaign with the embedded engines and nothing else installed.
 * The photos that the rows name are served from this process, as a CRM's image host would.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const photoFolder = path.join(root, 'data/samples/photos');
/** The sample rows name this port. */
const photoPort = 8788;
const rows = 8;

async function servePhotos(): Promise<Server | undefined> {
  const names = new Set(await readdir(photoFolder));
  const server = createServer((request, response) => {
    const name = path.posix.basename(request.url ?? '');
    if (!names.has(name)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'image/jpeg' });
    createReadStream(path.join(photoFolder, name)).pipe(response);
  });
  server.listen(photoPort, 'localhost');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    console.error(
      `Port ${photoPort} is taken, so the sample photos cannot be served: initials will be shown.`,
    );
    return undefined;
  }
}

const photos = await servePhotos();
const batch = spawn(
  process.execPath,
  [
    path.join(root, 'dist/bespoke.mjs'),
    ...['batch', 'data/samples/customers.csv'],
    ...['--template', 'year-in-review'],
    ...['--limit', String(rows)],
    ...['--quality', 'draft'],
    ...['--out', 'out/demo'],
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, BESPOKE_IMAGE_ORIGINS: `http://localhost:${photoPort}` },
  },
);
// A terminal sends Ctrl-C to the whole group; the batch stops by itself and this process follows it.
process.on('SIGINT', () => undefined);
const [code] = (await once(batch, 'exit')) as [number | null];
photos?.close();
photos?.closeAllConnections();
if (code === 1) console.error('One sample row is wrong on purpose: see out/demo/failed.csv.');
process.exitCode = code === 0 || code === 1 ? 0 : (code ?? 1);
