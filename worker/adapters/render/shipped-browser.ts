import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { toolEnvironment } from '../media/bound-command.ts';
import { packageFolder } from '../package-folder.ts';

const run = promisify(execFile);

/** The package's own configuration names folders of its usual host; without any system font a browser draws no text. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

async function unpackTar(archive: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const plain = path.join(directory, path.basename(archive, '.br'));
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(plain));
  await run('tar', ['-x', '-f', plain, '-C', directory], { env: toolEnvironment() });
  await rm(plain);
}

async function unpackInto(directory: string, bin: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await Promise.all([
    pipeline(
      createReadStream(path.join(bin, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(path.join(directory, 'chrome-headless-shell'), { mode: 0o700 }),
    ),
    // Required even if nothing is drawn with it.
    unpackTar(path.join(bin, 'swiftshader.tar.br'), directory),
    unpackTar(path.join(bin, 'al2023.tar.br'), path.join(directory, 'libraries')),
    unpackTar(path.join(bin, 'fonts.tar.br'), path.join(directory, 'fonts')),
    writeFile(path.join(directory, 'fonts.conf'), fontConfiguration),
  ]);
}

/**
 * The headless shell in an npm package for serverless hosts, with the libraries and the font configuration that a
 * bare system lacks. It is unpacked once for each version, under a temporary name until it is complete.
 *
 * @returns `undefined` if the package has no browser for this platform.
 */
export async function unpackShippedBrowser(
  cacheDirectory: string,
): Promise<
  { readonly executable: string; readonly environment: Readonly<Record<string, string>> } | undefined
> {
  const source = packageFolder('@sparticuz/chromium', fileURLToPath(new URL('.', import.meta.url)));
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
      FONTCONFIG_FILE: path.join(home, 'fonts.conf'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
    },
  };
}
