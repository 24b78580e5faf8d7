import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

const packageName = '@sparticuz/chromium';

function packageDirectory(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName);
    return path.join(entry.slice(0, entry.lastIndexOf(packageName)), packageName);
  } catch {
    return undefined;
  }
}

async function unpackTar(archive: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const tar = spawn('tar', ['-x', '-C', directory], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`tar stopped with code ${String(code)}`)),
    );
  });
  await Promise.all([pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin), ended]);
}

async function unpackInto(directory: string, bin: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await Promise.all([
    pipeline(
      createReadStream(path.join(bin, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(path.join(directory, 'chrome-headless-shell'), { mode: 0o755 }),
    ),
    unpackTar(path.join(bin, 'al2023.tar.br'), path.join(directory, 'libraries')),
    unpackTar(path.join(bin, 'fonts.tar.br'), path.join(directory, 'fonts')),
  ]);
}

/**
 * The headless shell that an npm package carries for serverless hosts, with the libraries and the font
 * configuration that a bare system lacks. Unpacked once for each version, under a temporary name that
 * becomes final when it is whole.
 *
 * @returns `undefined` where the package has none for this platform.
 */
export async function unpackShippedBrowser(
  cacheDirectory: string,
): Promise<
  { readonly executable: string; readonly environment: Readonly<Record<string, string>> } | undefined
> {
  const source = packageDirectory();
  if (process.platform !== 'linux' || process.arch !== 'x64' || source === undefined) return undefined;
  const { version } = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8')) as {
    version: string;
  };
  const folder = path.join(cacheDirectory, 'browsers');
  const home = path.join(folder, `shipped-${version}`);
  if (!existsSync(home)) {
    const draft = path.join(folder, `${randomUUID()}.tmp`);
    try {
      await unpackInto(draft, path.join(source, 'bin'));
      await rename(draft, home).catch((error: unknown) => {
        if (!existsSync(home)) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  return {
    executable: path.join(home, 'chrome-headless-shell'),
    environment: {
      LD_LIBRARY_PATH: path.join(home, 'libraries', 'lib'),
      FONTCONFIG_PATH: path.join(home, 'fonts'),
    },
  };
}
