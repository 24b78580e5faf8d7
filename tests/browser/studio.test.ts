import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { registry, shippedTemplates } from '../fixtures/shipped-templates.ts';
import { writeStudio } from '../../worker/adapters/render/studio-entry.ts';
import { sampleNodes } from '../../video/story/samples.ts';
import { findBrowser } from '../../worker/adapters/render/find-browser.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = path.join(root, 'node_modules/@remotion/cli/remotion-cli.js');

let folder: string;
let studio: ChildProcess;
let browser: Browser;
let address: string;

const definedOnly = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** Starts Studio as `bespoke studio` does, with a row from a private file. */
async function startStudio(propsFile: string): Promise<{ child: ChildProcess; url: string }> {
  const shown = await writeStudio(shippedTemplates, path.join(folder, 'shown'));
  const child = spawn(
    process.execPath,
    [cli, 'studio', ...shown, '--no-open', '--force-new', '--props', propsFile],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
  );
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /Local: http:\/\/localhost:(\d+)/.exec(output)?.[1];
      if (port !== undefined && output.includes('Built in')) resolve(`http://127.0.0.1:${port}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`Studio ended: ${output}`)));
  });
  return { child, url };
}

const [{ template } = { template: undefined }] = registry;
if (template === undefined) throw new Error('The registry is empty.');

const row = {
  template: template.id,
  name: 'row-7',
  record: template.fixtures.typical.record,
  images: {},
  asOf: '2026-01-15',
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'bespoke-studio-'));
  const props = path.join(folder, 'row.json');
  await writeFile(props, JSON.stringify({ bespokeRow: row }), { mode: 0o600 });
  const started = await startStudio(props);
  studio = started.child;
  address = started.url;
  const { executable, environment } = await findBrowser({
    configured: process.env.BESPOKE_BROWSER,
    root,
    cacheDirectory: path.join(root, 'node_modules/.cache/bespoke'),
  });
  browser = await chromium.launch({
    executablePath: executable,
    env: { ...definedOnly(process.env), ...environment },
  });
});

afterAll(async () => {
  await browser?.close();
  if (studio?.exitCode === null) {
    const gone = new Promise((resolve) => studio.once('exit', resolve));
    studio.kill('SIGTERM');
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
});

/** Opens a composition and gathers everything that a designer would see go wrong. */
async function open(composition: string): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  // Studio asks its maker's server for known bugs; nothing here leaves the machine.
  await page.route(
    (url) => url.hostname !== '127.0.0.1' && url.hostname !== 'localhost',
    (route) => route.fulfill({ json: { bugs: [] }, headers: { 'access-control-allow-origin': '*' } }),
  );
  await page.goto(`${address}/${composition}`);
  await page.getByText(composition, { exact: true }).first().waitFor();
  return { page, problems };
}

interface Listed {
  readonly folder: string;
  readonly ids: readonly string[];
  /** Whether the first of them is a whole video, which is played too. */
  readonly plays: boolean;
}

const listed: readonly Listed[] = registry
  .flatMap(({ template: listedTemplate }): readonly Listed[] => {
    const { id, formats, scenes, fixtures, paths = {} } = listedTemplate;
    const inFormats = (name: string) => formats.map((format) => `${name}-${format.replace(':', 'x')}`);
    const wholes = Object.keys(paths).flatMap((name) => inFormats(`${id}-path-${name}`));
    const nodes = sampleNodes(listedTemplate).map(({ bound }) => `${id}-node-${bound.node}`);
    return [
      { folder: 'video', ids: inFormats(id), plays: true },
      { folder: 'paths', ids: wholes, plays: true },
      { folder: 'nodes', ids: nodes, plays: false },
      { folder: 'scenes', ids: Object.keys(scenes).map((scene) => `${id}--${scene}`), plays: false },
      {
        folder: 'fixtures',
        ids: Object.keys(fixtures).map((name) => `${id}-fixture-${name}`),
        plays: false,
      },
    ];
  })
  .filter(({ ids }) => ids.length > 0);

/** Plays the open composition and checks that time advances. */
async function play(page: Page): Promise<void> {
  const clock = page.getByText(/^\d\d:\d\d\.\d\d$/).first();
  await clock.waitFor();
  // A frame is drawn when its fonts are there; only then does playing mean something.
  await page.evaluate(() => document.fonts.ready);
  const before = await clock.textContent();
  await page.keyboard.press('Space');
  await expect.poll(() => clock.textContent(), { timeout: 20_000 }).not.toBe(before);
  await page.keyboard.press('Space');
}

it.each(listed)('lists $folder: $ids', async ({ ids, plays }) => {
  const { page, problems } = await open(ids[0] ?? '');
  for (const id of ids) await page.getByText(id, { exact: true }).last().waitFor();
  if (plays) await play(page);
  expect(problems).toEqual([]);
  await page.close();
});

it('shows the row that was passed', async () => {
  const { page, problems } = await open(`${template.id}-row-7-${template.formats[0].replace(':', 'x')}`);
  await page.getByText('row', { exact: true }).waitFor();
  expect(problems).toEqual([]);
  await page.close();
});

it('edits inputs through the schema and shows them at once', async () => {
  const { page, problems } = await open('year-in-review--greeting');
  await page.getByRole('button', { name: 'Expand right sidebar' }).click();
  await page.locator('input[name="inputs.firstName"]').fill('Zebedäus');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.locator('bdi', { hasText: 'Zebedäus' }).or(page.getByText('Zebedäus')).first().waitFor();
  expect(problems).toEqual([]);
  await page.close();
});

it('listens on loopback only', async () => {
  const { port } = new URL(address);
  const elsewhere = Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address: host }) => host);
  // A server on every interface answers at each loopback address, one on 127.0.0.1 there only.
  for (const host of ['127.0.0.2', ...elsewhere]) {
    await expect(fetch(`http://${host}:${port}/`)).rejects.toThrow();
  }
});
