import { spawn } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { freePort } from '../services/free-port.ts';
import { programArguments } from '../services/run-program.ts';
import { serverBinary } from '../services/server-binaries.ts';
import { startCli, testFolder } from './cli-process.ts';
import { makeWorkspace } from './deployment.ts';
import { readGuidePage } from './guide-page.ts';
import { expectShown } from './shown-answer.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const separator = '\u001e';

/** Notes what every curl of the page was answered, apart from its output. */
const curlSettings = 'noproxy = "*"\nwrite-out = "%{stderr}curl %{http_code} %{method} %{url}\\n"\n';

/** Told in words: only a film of minutes asks something that may be written back. */
const toldInWords = /^\/viewer\/consent$/;

const document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** A shell as the page's reader has it before the first command. */
const prelude = () => `set -euo pipefail
trap 'kill $(jobs -p) 2> /dev/null || true' EXIT
npx() { shift; ${process.execPath} ${programArguments('bespoke').join(' ')} "$@"; }
`;

interface Outcome {
  readonly code: number | null;
  readonly outputs: readonly string[];
  readonly errors: string;
}

/** Runs blocks of commands one behind the other in one shell. */
function runBlocks(blocks: readonly string[], folder: string): Promise<Outcome> {
  const script = blocks.map((block) => `${block}\nprintf '\\036'\n`).join('');
  const child = spawn('bash', ['-c', prelude() + script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGTERM');
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, outputs: output.split(separator).slice(0, -1), errors }));
  });
}

/** Starts the server as the page's first command does, with an origin more for webhooks. */
async function startShown(command: string, folder: string, port: number, origin: string) {
  const [, name = '', value = '', args = ''] = /^(\w+)=(\S+) npx bespoke (.+)$/m.exec(command) ?? [];
  const process = startCli([...args.split(' '), '--port', String(port)], {
    cwd: folder,
    env: { [name]: `${value},${origin}` },
    shipped: true,
  });
  const told = await process.says(/^Ready\./m);
  const key = /bsp_[0-9a-f]{12}_[\w-]{43}/.exec(told)?.[0] ?? '';
  return { key };
}

/** Requests that the page's commands made, as `METHOD /path`, with their statuses. */
function requestsOf(errors: string) {
  return Array.from(
    errors.matchAll(/^curl (\d+) (\w+) (\S+)$/gm),
    ([, status = '', method = '', url = '']) => ({
      status: Number(status),
      method: method.toLowerCase(),
      path: new URL(url).pathname,
      port: new URL(url).port,
    }),
  );
}

async function expectEveryRoute(address: string, requests: ReturnType<typeof requestsOf>): Promise<void> {
  const { paths } = document.parse(await (await fetch(`${address}/openapi.json`)).json());
  const routes = Object.entries(paths).flatMap(([route, methods]) =>
    Object.keys(methods).map((method) => ({ route, method })),
  );
  expect(routes.length).toBeGreaterThan(20);
  const untold = routes.filter(({ route, method }) => {
    if (toldInWords.test(route)) return false;
    const pattern = new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`);
    return !requests.some((each) => each.method === method && pattern.test(each.path) && each.status < 400);
  });
  expect(untold, 'routes that the page has no command for').toEqual([]);
}

/** The page's receiver with the library's check in the place of its own. */
function withLibrary(receiver: string, port: number): string {
  const text = receiver
    .replace(/^import \{ createHmac.*\n/, "import { isGenuine } from './is-genuine.mjs';\n")
    .replace(/^const secret = .*?^\}\n/ms, '')
    .replace(/listen\(\d+\)/, `listen(${port})`);
  expect(text).not.toContain('createHmac');
  return text;
}

/** The lines of the README that order a video by HTTP, and its request repeated until the video is there. */
async function readmeLines(port: number): Promise<string> {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const { steps } = readGuidePage(readme.replaceAll('8787', String(port)));
  const shown = steps.find(({ commands }) => commands.includes('/v1/renders'))?.commands ?? '';
  const campaign = shown.slice(shown.indexOf('curl ')).trimEnd();
  return `${shown}
until ${campaign} > answer.json && grep -q '"state":"done"' answer.json; do sleep 1; done
cat answer.json`;
}

it('docs/api.md: every command does and answers what the page says, and every route has one', async () => {
  serverBinary('curl');
  const [port, hooks, otherHooks] = [await freePort(), await freePort(), await freePort()];
  const markdown = await readFile(path.join(root, 'docs/api.md'), 'utf8');
  const page = readGuidePage(markdown.replaceAll('8787', String(port)).replaceAll('9000', String(hooks)));
  const folder = await testFolder();
  await makeWorkspace(path.join(folder, '.bespoke'));
  await writeFile(path.join(folder, '.curlrc'), curlSettings);
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  for (const [name, content] of page.files) await writeFile(path.join(folder, name), content);

  const [start, ...steps] = page.steps;
  const other = `http://localhost:${otherHooks}`;
  const { key } = await startShown(start?.commands ?? '', folder, port, other);
  const blocks = steps.map(({ commands }) => commands.replace('KEY=bsp_…', `KEY=${key}`));
  const { code, outputs, errors } = await runBlocks(blocks, folder);
  expect(code, `stopped after block ${outputs.length}: ${blocks[outputs.length] ?? ''}\n${errors}`).toBe(0);
  for (const [index, { commands, answer }] of steps.entries())
    if (answer !== undefined) expectShown(answer, outputs[index] ?? '', commands);

  expect(outputs.join('')).not.toMatch(/"seconds":\d+\.\d{4}/);

  const requests = requestsOf(errors);
  expect(requests.filter(({ status }) => status >= 400).map(({ status }) => status)).toEqual([
    409, 404, 409, 401, 422, 401, 403,
  ]);
  const address = `http://127.0.0.1:${port}`;
  await expectEveryRoute(address, requests);
  for (const shown of ['/openapi.json', '/docs'])
    expect(requests.some(({ path: asked }) => asked === shown)).toBe(true);

  const bytesOf = (name: string) => readFile(path.join(folder, name));
  const film = await bytesOf('zoe.mp4');
  expect(film.subarray(4, 8).toString()).toBe('ftyp');
  expect(film.subarray(0, 1000).equals(await bytesOf('part.mp4'))).toBe(true);
  expect((await bytesOf('zoe.jpg')).subarray(0, 2).toString('hex')).toBe('ffd8');
  expect((await bytesOf('zoe.gif')).subarray(0, 4).toString()).toBe('GIF8');

  const { outputs: ordered } = await runBlocks([await readmeLines(port)], folder);
  expect(ordered[0]).toMatch(/"state":"queued".*"state":"done".*"video":"http:[^"]+\/f\/[\w-]{44}"/);

  // The receiver with the library believes what the server sends, and nobody else.
  await writeFile(
    path.join(folder, 'receive-too.mjs'),
    withLibrary(page.files.get('receive.mjs') ?? '', otherHooks),
  );
  const told = await runBlocks(
    [
      `BASE=${address} AUTH="Authorization: Bearer ${key}"`,
      page.steps
        .find(({ commands }) => commands.startsWith('field()') || commands.includes('\nfield()'))
        ?.commands.replace(/^.*?(?=^field)/ms, '') ?? '',
      `export WEBHOOK_SECRET=$(curl -s $BASE/v1/webhooks/secret -H "$AUTH" | field secret)
node receive-too.mjs > received-too.txt &
curl -s $BASE/v1/renders -H "$AUTH" -H 'Content-Type: application/json' -d '{
  "template": "renewal-offer", "quality": "draft", "metadata": { "ticket": "B-1" }, "webhookUrl": "${other}/",
  "record": { "firstName": "Zoë", "segment": "loyal", "renewalDate": "2026-03-14", "plan": "Plus" }
}' > /dev/null
until grep -q . received-too.txt; do sleep 1; done
cat received-too.txt
curl -s -X POST ${other}/`,
    ],
    folder,
  );
  expect(told.outputs.at(-1)).toMatch(/^render\.done [0-9a-f-]{36} B-1\n$/);
  expect(requestsOf(told.errors).at(-1)?.status).toBe(401);
}, 400_000);
