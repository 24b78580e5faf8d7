import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleOnce } from '../../worker/adapters/render/bundle.ts';
import { serveBundle } from '../../worker/adapters/render/bundle-server.ts';
import { ClipPage } from '../../worker/adapters/render/clip-page.ts';
import { findBrowser, type FoundBrowser } from '../../worker/adapters/render/find-browser.ts';
import { expectedSandbox, RenderingBrowser } from '../../worker/adapters/render/rendering-browser.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { makeClip, openDesk, projectRoot, studioSources, troubleEntry } from './render-project.ts';

const nobody = 65534;
const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? `setpriv --reuid ${nobody} --regid ${nobody} --clear-groups` : '';

/** What the kernel says of each process. */
function processes() {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
      const status = (name: string) => new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(read('status'))?.[1];
      return [
        {
          pid: Number(pid),
          parent: Number(status('PPid')),
          filtered: status('Seccomp') === '2',
          command: read('cmdline').replaceAll('\0', ' '),
          environment: read('environ'),
        },
      ];
    } catch {
      return [];
    }
  });
}

/** A process whose command line mentions a text, and all that it has started. */
function family(text: string) {
  const all = processes();
  const found = all.filter(({ command }) => command.includes(text));
  for (const { pid } of found) {
    for (const each of all) if (each.parent === pid && !found.includes(each)) found.push(each);
  }
  return found;
}

/** Whether an ordinary user may make the namespaces that the sandbox consists of. */
function hasNamespaces(): boolean {
  try {
    execFileSync('sh', ['-c', `exec ${asNobody} unshare --user --pid --net --fork true`], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

let folder: string;
let found: FoundBrowser;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-confined-'));
  await chmod(folder, 0o755);
  found = await findBrowser({ configured: undefined, root: projectRoot, cacheDirectory: sharedCache });
});

afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

/** The found browser behind a script, whose name tells that it draws on demand as the browser's does. */
async function behind(script: string): Promise<FoundBrowser> {
  const executable = path.join(folder, path.basename(found.executable));
  await writeFile(executable, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ...found, executable };
}

it('browser and encoder know no secret of ours', async () => {
  const secrets = {
    BESPOKE_SECRET: 'confined-secret-of-the-deployment',
    DATABASE_URL: 'postgres://user:confined-password@127.0.0.1/x',
    REDIS_URL: 'redis://:confined-password@127.0.0.1',
    AWS_SECRET_ACCESS_KEY: 'confined-key',
    BESPOKE_API_KEY: 'confined-key',
    HTTPS_PROXY: 'http://user:confined-password@127.0.0.1',
  };
  const before = { ...process.env };
  const desk = await openDesk({ entryPoint: troubleEntry, cacheDirectory: sharedCache });
  const abort = new AbortController();
  const target = desk.file('endless.mp4');
  try {
    Object.assign(process.env, secrets);
    const clip = makeClip({ template: 'trouble', scene: 'plain', durationInFrames: 100_000 });
    const ended = desk.renderer.renderClip(clip, target, abort.signal).catch(() => undefined);
    const browser = () => family(`/profiles/${process.pid}-`);
    while (family(target).length === 0 || browser().length < 2) await delay(50);
    const started = [...family(target), ...browser()];
    const known = started.filter(({ environment }) => environment.includes('confined-'));
    expect(known.map(({ command }) => command)).toEqual([]);
    expect(started.filter(({ environment }) => environment.includes('PATH=')).length).toBeGreaterThan(1);
    abort.abort();
    await ended;
  } finally {
    for (const name of Object.keys(secrets)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
    await desk.close();
  }
});

it('the sandbox is on for an ordinary user where the system has one, and draws the same pixels', async () => {
  expect([expectedSandbox(0), expectedSandbox(1000), expectedSandbox(undefined)]).toEqual([
    'root',
    'on',
    'on',
  ]);
  const profile = path.join(folder, 'profile');
  execFileSync('mkdir', [profile]);
  if (isRoot) await chown(profile, nobody, nobody);
  const ordinary = await behind(
    `HOME=${profile} exec ${asNobody} ${found.executable} "$@" --user-data-dir=${profile}`,
  );
  const server = await serveBundle(
    await bundleOnce({ ...studioSources, entryPoint: troubleEntry }, sharedCache),
  );
  const draw = async (browser: RenderingBrowser) => {
    const page = await ClipPage.open(browser, server.url, { width: 320, height: 180, scale: 1 });
    await page.mount({ composition: 'trouble--plain', props: { inputs: {} }, fps: 15, durationInFrames: 9 });
    return (await page.draw(3, { format: 'png' })).picture;
  };
  const [confined, open] = await Promise.all([
    RenderingBrowser.launch(ordinary, sharedCache, undefined, 'on'),
    RenderingBrowser.launch(found, sharedCache, undefined, 'root'),
  ]);
  try {
    expect((await draw(confined)).equals(await draw(open))).toBe(true);
    const expected = hasNamespaces();
    expect(confined.sandbox).toBe(expected ? 'on' : 'unsupported');
    const drawing = family(profile).filter(({ command }) => command.includes('--type=renderer'));
    expect(drawing.map(({ filtered }) => filtered)).toContain(expected);
  } finally {
    await Promise.all([confined.kill(), open.kill()]);
    await server.close();
  }
});

it('a browser that does not start for another reason is tried twice, and never without its sandbox', async () => {
  const starts = path.join(folder, 'starts');
  const failing = await behind(
    `echo "$*" >> ${starts}; echo 'Cannot allocate memory' >&2; case "$*" in *--no-sandbox*) exec ${found.executable} "$@";; esac; exit 1`,
  );
  await expect(RenderingBrowser.launch(failing, sharedCache, undefined, 'on')).rejects.toMatchObject({
    code: 'browser-missing',
    message: expect.stringContaining('Cannot allocate memory') as string,
  });
  const lines = (await readFile(starts, 'utf8')).trim().split('\n');
  expect(lines.map((line) => line.includes('--no-sandbox'))).toEqual([false, false]);
});

it('a browser that does not start in its sandbox starts without, and the log says so', async () => {
  const refusing = await behind(
    `case "$*" in *--no-sandbox*) exec ${found.executable} "$@";; esac; echo 'No usable sandbox!' >&2; exit 1`,
  );
  const warnings: unknown[] = [];
  const log = { warn: (message: string, fields = {}) => void warnings.push({ message, ...fields }) };
  for (let round = 0; round < 2; round += 1) {
    const browser = await RenderingBrowser.launch(refusing, sharedCache, log, 'on');
    expect(browser.sandbox).toBe('unsupported');
    await browser.kill();
  }
  expect(warnings).toEqual([
    {
      message: expect.stringMatching(/without its sandbox/) as string,
      reason: expect.stringMatching(/No usable sandbox/) as string,
    },
  ]);
});
