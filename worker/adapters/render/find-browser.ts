import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errors } from '../../../errors/messages.ts';
import { toolEnvironment } from '../media/bound-command.ts';
import { packageFolders } from '../package-folder.ts';
import { unpackShippedBrowser } from './shipped-browser.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Writes a script that starts a browser with the environment that it needs, for programs that accept only a path.
 *
 * @returns the script's path.
 */
export async function writeBrowserScript(
  { executable, environment }: Pick<FoundBrowser, 'executable' | 'environment'>,
  file: string,
): Promise<string> {
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  await writeFile(file, ['#!/bin/sh', ...variables, `exec ${quoted(executable)} "$@"`, ''].join('\n'));
  await chmod(file, 0o700);
  return file;
}

const run = promisify(execFile);

/** A browser of this machine, and how to start it. */
export interface FoundBrowser {
  readonly executable: string;
  /** Variables that it needs besides this process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly source: 'configured' | 'remotion' | 'path' | 'shipped' | 'downloaded';
  /** For example `143.0.7499.0`. */
  readonly version: string;
}

/** Where to look for a browser. */
export interface BrowserSearch {
  /** Path or name of the configured browser. */
  readonly configured: string | undefined;
  /** Absolute folder of the project, from which `node_modules` is looked for. */
  readonly root: string;
  /** Absolute folder of this machine for files that can be made again. */
  readonly cacheDirectory: string;
}

/** Names on the PATH, fastest first. */
const names = ['chromium-headless-shell', 'chrome-headless-shell', 'chromium', 'google-chrome'];

function onPath(name: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The browser that `npx remotion browser ensure` leaves in a project. */
async function remotionsOwn(root: string): Promise<string | undefined> {
  const folder = packageFolders(root)
    .map((each) => path.join(each, '.remotion', 'chrome-headless-shell'))
    .find((each) => existsSync(each));
  if (folder === undefined) return undefined;
  const files = await readdir(folder, { recursive: true });
  const file = files.find((each) => path.basename(each) === 'chrome-headless-shell');
  return file === undefined ? undefined : path.join(folder, file);
}

async function inspect(
  executable: string,
  source: FoundBrowser['source'],
  environment: FoundBrowser['environment'] = {},
): Promise<FoundBrowser> {
  const { stdout } = await run(executable, ['--version'], {
    env: toolEnvironment(environment),
    timeout: 20_000,
  });
  const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`${executable} does not report its version`);
  return { executable, environment, source, version };
}

async function firstOnPath(): Promise<FoundBrowser | undefined> {
  for (const name of names) {
    const file = onPath(name);
    if (file === undefined) continue;
    const found = await inspect(file, 'path').catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function shipped(cacheDirectory: string): Promise<FoundBrowser | undefined> {
  const unpacked = await unpackShippedBrowser(cacheDirectory);
  return unpacked === undefined
    ? undefined
    : inspect(unpacked.executable, 'shipped', unpacked.environment).catch(() => undefined);
}

async function downloaded(): Promise<FoundBrowser> {
  const { ensureBrowser } = await import('@remotion/renderer');
  const status = await ensureBrowser({ logLevel: 'error' });
  if (!('path' in status)) throw new Error('nothing was downloaded');
  return inspect(status.path, 'downloaded');
}

/**
 * The browser to render with: the configured one; one that Remotion downloaded; one on the PATH; the
 * one shipped in an npm package, unpacked into the cache; else Remotion's own download.
 *
 * @throws BespokeError `browser-missing` naming what was tried.
 */
export async function findBrowser({
  configured,
  root,
  cacheDirectory,
}: BrowserSearch): Promise<FoundBrowser> {
  if (configured !== undefined) {
    const file = configured.includes(path.sep) ? path.resolve(configured) : onPath(configured);
    return inspect(file ?? configured, 'configured').catch((error: unknown) => {
      throw errors.browserBroken({ browser: configured }, { cause: error });
    });
  }
  const own = await remotionsOwn(root);
  const found =
    (own === undefined ? undefined : await inspect(own, 'remotion').catch(() => undefined)) ??
    (await firstOnPath()) ??
    (await shipped(cacheDirectory));
  if (found !== undefined) return found;
  return downloaded().catch((error: unknown) => {
    throw errors.browserMissing({ names }, { cause: error });
  });
}
