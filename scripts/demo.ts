/**
 * Renders the first rows of a sample campaign with the embedded engines and nothing else installed. The pictures that
 * the rows name are served from this process, as a CRM's image host would. `npm run demo -- order-story` renders that
 * template's sample instead of the first.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const samples = { 'year-in-review': 'customers.csv', 'order-story': 'orders.csv' } as const;
const [asked = 'year-in-review'] = process.argv.slice(2);
const sample = Object.entries(samples).find(([template]) => template === asked);
if (sample === undefined) {
  console.error(`There is a sample for ${Object.keys(samples).join(' and ')}, not for ${asked}.`);
  process.exit(2);
}
const [template, table] = sample;

const pictureFolders = ['data/samples/photos', 'templates/order-story/fixtures'];
/** The sample rows name this port. */
const photoPort = 8788;
const rows = 8;

async function servePhotos(): Promise<Server | undefined> {
  const files = new Map<string, string>();
  for (const folder of pictureFolders) {
    for (const name of await readdir(path.join(root, folder))) files.set(name, path.join(root, folder, name));
  }
  const server = createServer((request, response) => {
    const file = files.get(path.posix.basename(request.url ?? ''));
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': file.endsWith('.png') ? 'image/png' : 'image/jpeg' });
    createReadStream(file).pipe(response);
  });
  server.listen(photoPort, 'localhost');
  try {
    await once(server, 'listening');
    return server;
  } catch {
    console.error(
      `Port ${photoPort} is taken, so the sample pictures cannot be served: initials will be shown.`,
    );
    return undefined;
  }
}

const photos = await servePhotos();
const batch = spawn(
  process.execPath,
  [
    path.join(root, 'dist/bespoke.mjs'),
    ...['batch', `data/samples/${table}`],
    ...['--template', template],
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
if (code === 1 && template === 'year-in-review') {
  console.error('One sample row is wrong on purpose: see out/demo/failed.csv.');
}
process.exitCode = code === 0 || code === 1 ? 0 : (code ?? 1);
