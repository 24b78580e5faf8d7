/**
 * Builds `dist/`, or other programs elsewhere: `node scripts/build.mjs [FOLDER ENTRY …]`.
 *
 * JavaScript, because `npm install --omit=dev` runs it too.
 */
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, formatMessages } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const [folder = 'dist', ...entries] = process.argv.slice(2);
const outdir = path.resolve(root, folder);

/** The program, and the entry points of package.json that Node loads. */
const ownEntries = [
  'cli/bespoke.ts',
  'video/template.ts',
  'client/api-client.ts',
  'video/player/bespoke-player.ts',
];

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

// Types are written after the build, and stay until they are written again.
if (existsSync(outdir)) {
  for (const name of await readdir(outdir)) {
    if (name !== 'types') await rm(path.join(outdir, name), { recursive: true, force: true });
  }
}
const { warnings } = await build({
  absWorkingDir: root,
  entryPoints: entries.length > 0 ? entries : ownEntries,
  outdir,
  // All files lie side by side, or the relative addresses would be wrong.
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'silent',
  plugins: [sourceAddresses],
});
for (const text of await formatMessages(warnings, { kind: 'warning' })) console.error(text);
if (entries.length === 0) await chmod(path.join(outdir, 'bespoke.mjs'), 0o755);
