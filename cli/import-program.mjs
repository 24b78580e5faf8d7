import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import v8 from 'node:v8';

const projectRoot = fileURLToPath(new URL('../', import.meta.url));
const usualCache = join(projectRoot, 'node_modules/.cache/bespoke/programs');
/** What decides how a program is built, besides the files that it is built from. */
const ways = [
  fileURLToPath(import.meta.url),
  join(projectRoot, 'package.json'),
  join(projectRoot, 'tsconfig.json'),
];
const keptMs = 30 * 24 * 3600_000;

/** @param {Map<string, Buffer>} sources by their files. */
function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const way of ways) hash.update(readFileSync(way)).update('\0');
  for (const file of [...sources.keys()].sort()) {
    hash
      .update(`${file}\0`)
      .update(sources.get(file) ?? '')
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * Files know where their sources lie, wherever the built ones do.
 *
 * @param {Map<string, Buffer>} sources takes what is read.
 * @returns {import('esbuild').Plugin}
 */
const reading = (sources) => ({
  name: 'sources',
  setup(build) {
    build.onLoad({ filter: /\.([cm]?[jt]sx?|json)$/ }, async ({ path }) => {
      const source = await readFile(path);
      sources.set(path, source);
      if (path.endsWith('.json')) return undefined;
      const address = JSON.stringify(pathToFileURL(path).href);
      const contents = source.toString().replaceAll('import.meta.url', address);
      return { contents, loader: 'default' };
    });
  },
});

/** @param {string} cache */
async function removeOld(cache) {
  for (const entry of await readdir(cache)) {
    const { mtimeMs } = await stat(join(cache, entry));
    if (mtimeMs < Date.now() - keptMs) await rm(join(cache, entry), { recursive: true, force: true });
  }
}

/**
 * @param {string} entry
 * @param {string} cache
 * @param {string} record
 */
async function build(entry, cache, record) {
  const esbuild = await import('esbuild');
  const name = randomUUID();
  const sources = new Map();
  await mkdir(cache, { recursive: true });
  await esbuild.build({
    entryPoints: [entry],
    entryNames: 'main',
    outdir: join(cache, name),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    absWorkingDir: projectRoot,
    logLevel: 'silent',
    plugins: [reading(sources)],
  });
  await esbuild.stop();
  const draft = `${record}.${name}`;
  const files = [...sources.keys()];
  await writeFile(draft, JSON.stringify({ name, files, fingerprint: fingerprint(sources) }));
  await rename(draft, record);
  await removeOld(cache);
  return join(cache, name, 'main.mjs');
}

/**
 * @param {string} cache
 * @param {string} record
 */
function findBuilt(cache, record) {
  try {
    const built = JSON.parse(readFileSync(record, 'utf8'));
    const main = join(cache, built.name, 'main.mjs');
    const sources = new Map(built.files.map((/** @type {string} */ file) => [file, readFileSync(file)]));
    if (fingerprint(sources) === built.fingerprint && existsSync(main)) return main;
  } catch {
    // There is none, or a file that it was built from is gone.
  }
  return undefined;
}

/**
 * Imports a TypeScript program, built into few files when one of its sources has changed: loading its
 * hundreds of modules one by one takes longer than most commands. What cannot be built, since nothing may
 * be written or a source is wrong, is loaded so nevertheless, and tells then what is wrong.
 *
 * @param {URL} entry
 * @param {string} cache where built programs are kept.
 * @returns {Promise<void>}
 */
export async function importProgram(entry, cache = usualCache) {
  // The embedded database lives for seconds: optimizing its code costs more than it saves.
  v8.setFlagsFromString('--wasm-tiering-budget=100000000');
  module.enableCompileCache?.();
  process.setSourceMapsEnabled(true);
  const file = fileURLToPath(entry);
  const record = join(cache, `${createHash('sha256').update(file).digest('hex')}.json`);
  const built = findBuilt(cache, record) ?? (await build(file, cache, record).catch(() => undefined));
  if (built === undefined) {
    const { register } = await import('tsx/esm/api');
    register();
  }
  await import(built === undefined ? entry.href : pathToFileURL(built).href);
}
