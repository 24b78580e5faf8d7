/**
 * Builds `dist/`, or other programs elsewhere: `node scripts/build.mjs [FOLDER ENTRY …]`.
 *
 * JavaScript, because `npm install --omit=dev` runs it too.
 */
import { existsSync } from 'node:fs';
import { chmod, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, formatMessages } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const [folder = 'dist', ...entries] = process.argv.slice(2);
const outdir = path.resolve(root, folder);

/**
 * Modules find files beside them through `import.meta.url`. Sources lie beside `dist/` in a checkout and in
 * the npm package, so it stays the address of the source, relative to the built file.
 *
 * @type {import('esbuild').Plugin}
 */
const sourceAddresses = {
  name: 'source-addresses',
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const relative = path.relative(outdir, file).split(path.sep).join('/');
      const address = `new URL(${JSON.stringify(relative)}, import.meta.url).href`;
      const source = await readFile(file, 'utf8');
      return { contents: source.replaceAll('import.meta.url', address), loader: 'ts' };
    });
  },
};

const isOfTemplate = (file) => /^(?:templates|tests\/fixtures\/templates)\/[^/]+\//.test(file);

/**
 * Modules of templates that cannot be built throw why, at the line where the mistake is: the program leaves out the
 * template that imports them.
 *
 * @param {ReadonlyMap<string, import('esbuild').Message>} mistakes by file.
 * @returns {import('esbuild').Plugin}
 */
const thrown = (mistakes) => ({
  name: 'thrown',
  setup(builder) {
    // A contract that is not there is looked for again when the program runs.
    builder.onResolve({ filter: /\/template\.ts$/ }, ({ path: file, resolveDir }) =>
      existsSync(path.resolve(resolveDir, file)) ? undefined : { path: file, external: true },
    );
    builder.onLoad({ filter: /.*/ }, ({ path: file }) => {
      const mistake = mistakes.get(path.relative(root, file).split(path.sep).join('/'));
      if (mistake === undefined) return undefined;
      const { text, location } = mistake;
      const contents = `${'\n'.repeat(location.line - 1)}throw new Error(${JSON.stringify(text)});`;
      return { contents, loader: 'js' };
    });
  },
});

/** Builds, without the modules of templates that have mistakes. */
async function buildAround(options, mistakes = new Map()) {
  try {
    const plugins = [thrown(mistakes), ...options.plugins];
    const { warnings } = await build({ ...options, plugins, logLevel: 'silent' });
    if (mistakes.size === 0) {
      for (const text of await formatMessages(warnings, { kind: 'warning' })) console.error(text);
    }
  } catch (error) {
    const found = (error.errors ?? []).filter(
      ({ location }) => location !== null && isOfTemplate(location.file) && !mistakes.has(location.file),
    );
    if (found.length === 0 || found.length < error.errors.length) throw error;
    for (const each of found) mistakes.set(each.location.file, each);
    return buildAround(options, mistakes);
  }
  for (const { text, location } of mistakes.values()) {
    console.error(`${location.file}:${location.line}: ${text}. Its template is left out.`);
  }
}

await rm(outdir, { recursive: true, force: true });
await buildAround({
  absWorkingDir: root,
  entryPoints: entries.length > 0 ? entries : ['cli/bespoke.ts'],
  outdir,
  // All files lie side by side, or the relative addresses would be wrong.
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  packages: 'external',
  // Scenes are bundled from their sources when they are rendered; the program itself never loads them.
  external: ['*/components.ts', '*/components.tsx'],
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  plugins: [sourceAddresses],
});
if (entries.length === 0) await chmod(path.join(outdir, 'bespoke.mjs'), 0o755);
