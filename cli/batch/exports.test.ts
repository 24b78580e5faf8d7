import { mkdir, mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient, type Render } from '../../client/api-client.ts';
import { type Answer, startTestServer } from '../../client/test-server.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { abandonedAfterMs, exportVideo, openExports, stateFolder } from './exports.ts';
import { copyInput } from './run-state.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-exports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const baseUrl = 'https://video.example.com';
const never = new AbortController().signal;

/** A client of a server that answers every file with its own address. */
const client = createClient({
  baseUrl,
  fetch: async (url) => new Response(url instanceof Request ? url.url : String(url)),
});

const links = {
  self: `${baseUrl}/self`,
  events: `${baseUrl}/events`,
  video: `${baseUrl}/f/video`,
  poster: `${baseUrl}/f/poster`,
  teaser: `${baseUrl}/f/teaser`,
  captions: `${baseUrl}/f/captions`,
};

const [one, two] = ['9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37', '5c1b4c37-6a2f-4a10-8f0f-9a4e5f7a5f1e'];
const rowOf = (id: string) => ({ id, row: 1, fileName: 'anna' });

const render = (content: string, changes: Partial<Render> = {}): Render => ({
  id: '3f0f5f1e-6c1b-4c37-9a4e-5f7a6a2f9a10',
  template: 'any',
  format: '16:9',
  quality: 'draft',
  status: {
    state: 'done',
    durationInSeconds: 1,
    clipsRendered: 1,
    clipsReused: 0,
    warnings: [],
    coming: [],
  },
  content,
  links,
  campaign: rowOf(one),
  metadata: {},
  createdAt: '2026-11-24T09:30:00.000Z',
  ...changes,
});

const open = (out: string, now?: number) => openExports(path.join(folder, out), client, now);

const later = (): number => Date.now() + 2 * 60 * 60 * 1000;

it('removes what a killed run left, and no file of the user, however old or named', async () => {
  const out = path.join(folder, 'out');
  for (const name of ['videos', 'posters', stateFolder])
    await mkdir(path.join(out, name), { recursive: true });
  const left = [
    '.results.csv.0123456789ab.partial',
    '.failed.csv.0123456789ab.partial',
    `${stateFolder}/.anna.mp4.${one}.part`,
    `${stateFolder}/.run.json.${one}.part`,
    `${stateFolder}/input-${one}.csv`,
  ];
  const ofUser = [
    'input-january.csv',
    'input-1.csv',
    'mine.part',
    '.mine.part',
    '.notes.partial',
    `input-${one}.csv`,
  ];
  const kept = [
    ...['', 'videos/', 'posters/'].flatMap((at) => ofUser.map((name) => at + name)),
    ...['results.csv', 'failed.csv', '.results.csv.partial', `.anna.mp4.${one}.part`, 'videos/a.mp4'],
    ...ofUser.slice(0, -1).map((name) => `${stateFolder}/${name}`),
  ];
  for (const name of [...left, ...kept]) {
    await writeFile(path.join(out, name), '');
    await utimes(path.join(out, name), 0, 0);
  }
  const present = async (names: readonly string[]): Promise<readonly string[]> => {
    const found = await readdir(out, { recursive: true });
    return names.filter((name) => found.includes(path.normalize(name)));
  };

  await open('out');
  expect(await present([...left, ...kept])).toEqual([...left, ...kept]);
  await open('out', later());
  expect(await present([...left, ...kept])).toEqual(kept);
});

it('keeps changing its copy of the input, so that no other run takes it for abandoned', async () => {
  await open('out');
  const csv = path.join(folder, 'a.csv');
  await writeFile(csv, 'a\n1\n');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const copy = await copyInput(csv, path.join(folder, 'out'));
    await utimes(copy.file, 0, 0);
    vi.advanceTimersByTime(abandonedAfterMs / 2);
    await vi.waitFor(async () => expect((await stat(copy.file)).mtimeMs).toBeGreaterThan(0));
    await copy.remove();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('remembers what it holds, across runs, as long as every file is there', async () => {
  const first = await open('out');
  expect(await first.held('anna')).toBeUndefined();
  await first.put(render('a'), never);
  const out = path.join(folder, 'out');
  expect(await readFile(path.join(out, 'videos/anna.mp4'), 'utf8')).toBe(links.video);
  expect(await readFile(path.join(out, 'captions/anna.vtt'), 'utf8')).toBe(links.captions);

  const again = await open('out');
  expect(await again.held('anna')).toEqual({ content: 'a', campaign: one });
  await again.put(render('b', { campaign: rowOf(two) }), never);
  expect(await (await open('out')).held('anna')).toEqual({ content: 'b', campaign: two });
  await rm(path.join(out, 'posters/anna.jpg'));
  expect(await (await open('out')).held('anna')).toBeUndefined();
});

it('counts a video without one of its pictures as incomplete, and shows no picture of an earlier one', async () => {
  const exports = await open('out');
  await exports.put(render('a'), never);
  const { teaser: _, ...withoutTeaser } = links;
  await exports.put(render('b', { links: withoutTeaser }), never);
  expect(await readdir(path.join(folder, 'out/teasers'))).toEqual([]);
  expect(await exports.held('anna')).toBeUndefined();
});

it('reads a list whose last line a kill cut off', async () => {
  await (await open('out')).put(render('a'), never);
  const list = path.join(folder, 'out/.bespoke-batch/exports.jsonl');
  await writeFile(list, `${await readFile(list, 'utf8')}{"file":"bo","con`);
  const again = await open('out');
  expect(await again.held('anna')).toMatchObject({ content: 'a' });
  expect(await again.held('bo')).toBeUndefined();
});

/** Downloads from a server that gives these answers in turn, the last one again and again. */
async function downloadFrom(...answers: readonly Answer[]) {
  return downloadOf(render('a'), ...answers);
}

async function downloadOf(video: Render, ...answers: readonly Answer[]) {
  const { baseUrl: address, requests } = await startTestServer(...answers);
  const reached = createClient({ baseUrl: address, patienceMs: 0 });
  const file = path.join(folder, 'anna.mp4');
  const code = await exportVideo(reached, video, file, never).then(
    () => 'downloaded',
    (error: unknown) => (error instanceof BespokeError ? error.code : error),
  );
  return { code, requests: requests(), files: await readdir(folder), file };
}

const whole = (response: ServerResponse): unknown => response.end('film');
const cut = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-length': 1000 }).write('fi');
  setTimeout(() => response.destroy(), 10);
};
const status =
  (code: number) =>
  (response: ServerResponse): unknown =>
    response
      .writeHead(code, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ code: code === 500 ? 'internal' : 'service-unavailable', detail: 'No.' }));

it('starts a download again when it breaks off or the server fails, and writes nothing that is not whole', async () => {
  const downloaded = await downloadFrom(cut, status(500), cut, whole);
  expect(downloaded).toMatchObject({ code: 'downloaded', requests: 4, files: ['anna.mp4'] });
  expect(await readFile(downloaded.file, 'utf8')).toBe('film');
  await rm(downloaded.file);
  expect(await downloadFrom(cut)).toMatchObject({ code: 'server-unreachable', requests: 5, files: [] });
  expect(await downloadFrom(status(500))).toMatchObject({ code: 'internal', requests: 5, files: [] });
});

it.each([502, 503, 504])('leaves the waiting for a server that answers %i to the client', async (code) => {
  expect(await downloadFrom(status(code))).toMatchObject({ code: 'service-unavailable', requests: 1 });
});

it('says that the files are gone when the links of a video were withdrawn', async () => {
  const { self, events } = links;
  const withdrawn = render('a', { links: { self, events } });
  const stream = (response: ServerResponse): unknown =>
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(`data: ${JSON.stringify(withdrawn)}\n\n`);
  expect(await downloadOf(withdrawn, stream)).toMatchObject({ code: 'link-unknown', requests: 1, files: [] });
});

it('waits for a video that is planned again while it is downloaded', async () => {
  const made = render('b');
  const inMaking = (response: ServerResponse): unknown =>
    response
      .writeHead(409, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ code: 'film-in-making', detail: 'The new video is being made.' }));
  const stream = (response: ServerResponse): unknown =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(made)}\n\n`);
  const downloaded = await downloadOf(render('a'), inMaking, stream, whole);
  expect(downloaded).toMatchObject({ code: 'downloaded', requests: 3, files: ['anna.mp4'] });
});

it('exports files as the umask says', async () => {
  const before = process.umask(0o022);
  try {
    await (await open('open')).put(render('a'), never);
    process.umask(0o077);
    await (await open('closed')).put(render('a'), never);
  } finally {
    process.umask(before);
  }
  const modeOf = async (name: string) => ((await stat(path.join(folder, name))).mode & 0o777).toString(8);
  expect([await modeOf('open/videos'), await modeOf('open/videos/anna.mp4')]).toEqual(['755', '644']);
  expect([await modeOf('closed/videos'), await modeOf('closed/videos/anna.mp4')]).toEqual(['700', '600']);
});
