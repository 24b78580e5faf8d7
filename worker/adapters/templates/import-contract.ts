import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type BuildOptions, type Loader, type Message, type Metafile, type Plugin } from 'esbuild';

/** Packages of which templates and this program use the same copy. */
const shared = /^(?:zod|react|react-dom|remotion)(?:\/|$)/;

/** The entry points of this program that contracts may import, as the module that this process has loaded. */
const entryPoints: Readonly<Record<string, string>> = {
  // Beside this module when the program is built, see scripts/build.mjs.
  'bespoke/template': import.meta.filename.endsWith('.mjs')
    ? pathToFileURL(path.join(import.meta.dirname, 'template.mjs')).href
    : new URL('../../../video/template.ts', import.meta.url).href,
};

/** Keeps the plugin from resolving what it asks esbuild to resolve. */
const asked = Symbol('asked');

/**
 * Leaves packages to Node, by their addresses, because the built module is elsewhere. Nothing is imported that only
 * unused exports need, so that a contract beside its components loads no React. Packages of a workspace whose sources
 * are TypeScript are built in.
 */
const packages: Plugin = {
  name: 'packages',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, async ({ path: name, pluginData, kind, ...from }) => {
      if (kind === 'entry-point' || pluginData === asked || path.isAbsolute(name)) return undefined;
      if (isBuiltin(name)) return { path: name, external: true, sideEffects: false };
      const own = entryPoints[name] ?? (shared.test(name) ? import.meta.resolve(name) : undefined);
      if (own !== undefined) return { path: own, external: true, sideEffects: false };
      if (name.startsWith('bespoke/')) return { path: name, external: true, sideEffects: false };
      const { importer, resolveDir } = from;
      const found = await builder.resolve(name, { importer, resolveDir, kind, pluginData: asked });
      if (found.errors.length > 0) {
        return { errors: [{ text: `The package ${name} is not installed.` }] };
      }
      return /[\\/]node_modules[\\/]/.test(found.path)
        ? { path: pathToFileURL(found.path).href, external: true, sideEffects: false }
        : { path: found.path, sideEffects: found.sideEffects };
    });
  },
};

const codeFile = /\.[cm]?([jt]s)(x?)$/;

/** Modules keep their addresses, and files that only the bundle can load are empty. */
const files: Plugin = {
  name: 'files',
  setup(builder) {
    builder.onLoad({ filter: /.*/ }, async ({ path: file }) => {
      if (file.endsWith('.json')) return undefined;
      const [, kind, x = ''] = codeFile.exec(file) ?? [];
      if (kind === undefined) return { contents: '', loader: 'empty' };
      const code = await readFile(file, 'utf8');
      return {
        contents: code
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
          .replaceAll('import.meta.filename', JSON.stringify(file))
          .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file))),
        loader: `${kind}${x}` as Loader,
      };
    });
  },
};

const options = {
  bundle: true,
  write: false,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  sourcemap: 'inline',
  sourcesContent: false,
  treeShaking: true,
  logLevel: 'silent',
  // As Node looks for packages, not as bundlers do.
  conditions: [],
  mainFields: ['main'],
  plugins: [packages, files],
} satisfies BuildOptions;

/** What a module exports besides components. */
async function exportsOf(contract: string): Promise<readonly string[]> {
  const { metafile } = await build({
    ...options,
    absWorkingDir: path.dirname(contract),
    bundle: false,
    sourcemap: false,
    plugins: [],
    entryPoints: [contract],
    outdir: path.dirname(contract),
  });
  return Object.values(metafile.outputs)
    .flatMap((output) => output.exports)
    .filter((name) => name !== 'components');
}

/** A module with only those exports of the contract that are no components. */
async function entryOf(contract: string): Promise<Pick<BuildOptions, 'entryPoints' | 'stdin'>> {
  if (!contract.endsWith('x')) return { entryPoints: [contract] };
  const names = await exportsOf(contract);
  const contents = `export { ${names.join(', ')} } from ${JSON.stringify(contract)};`;
  return { stdin: { contents, resolveDir: path.dirname(contract), sourcefile: 'entry.js' } };
}

/** A mistake in the modules of a contract. */
export interface Mistake {
  /** Absolute. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** What esbuild says of it; `undefined` where the module threw. */
  readonly reason?: string;
}

const mistakes = new WeakMap<object, Mistake>();

/** Where the mistake is that kept a contract from being imported, if that is known. */
export const mistakeOf = (thrown: unknown): Mistake | undefined =>
  typeof thrown === 'object' && thrown !== null ? mistakes.get(thrown) : undefined;

/** The first mistake that esbuild reports. */
function reportedIn(error: object, folder: string): Mistake | undefined {
  const [message] = 'errors' in error ? (error.errors as readonly Message[]) : [];
  const { text, location = null } = message ?? {};
  if (text === undefined || location === null) return undefined;
  return { file: path.resolve(folder, location.file), line: location.line, reason: text };
}

const places = /^\s+at (?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/gm;

/** Paths in stacks are partly encoded. */
function decoded(address: string): string {
  try {
    return address.startsWith('file:') ? fileURLToPath(address) : decodeURI(address);
  } catch {
    return address;
  }
}

/** The first place of a stack that is in the contract's folder. The process maps stacks to sources. */
function thrownAt(error: object, folder: string): Mistake | undefined {
  const stack = 'stack' in error ? String(error.stack) : '';
  return [...stack.matchAll(places)]
    .map(([, address = '', line]) => ({ file: decoded(address), line: Number(line) }))
    .find(({ file }) => file.startsWith(folder + path.sep));
}

/** Refuses what only components can import, if the contract uses it: Node cannot load the fonts of the kit. */
async function refuseDrawing({ inputs, outputs }: Metafile, folder: string): Promise<void> {
  const imported = Object.values(outputs).flatMap(({ imports }) => imports.map((each) => each.path));
  const name = imported.find((each) => each.startsWith('bespoke/'));
  if (name === undefined) return;
  const [importer = ''] =
    Object.entries(inputs).find(([, { imports }]) => imports.some((each) => each.path === name)) ?? [];
  const file = path.resolve(folder, importer);
  const lines = (await readFile(file, 'utf8')).split('\n');
  const error = new Error(`It uses ${name}, which only components can. Import it where scenes are drawn.`);
  mistakes.set(error, { file, line: lines.findIndex((line) => line.includes(name)) + 1 });
  throw error;
}

/**
 * Imports the module of a template's contract, which may be TypeScript and in any folder. It is built into a file that
 * is removed when it is loaded; stacks name the sources.
 *
 * @param contract absolute.
 * @throws what the module throws, or what esbuild reports; `mistakeOf` says where.
 */
export async function importContract(contract: string): Promise<unknown> {
  const folder = path.dirname(contract);
  const temporary = await mkdtemp(path.join(await realpath(tmpdir()), 'bespoke-contract-'));
  const outfile = path.join(temporary, 'template.mjs');
  try {
    const entry = await entryOf(contract);
    const { outputFiles, metafile } = await build({ ...options, ...entry, outfile, absWorkingDir: folder });
    await refuseDrawing(metafile, folder);
    await writeFile(outfile, outputFiles[0]?.contents ?? '');
    return (await import(pathToFileURL(outfile).href)) as unknown;
  } catch (error) {
    if (typeof error === 'object' && error !== null) {
      const mistake = mistakes.get(error) ?? reportedIn(error, folder) ?? thrownAt(error, folder);
      if (mistake !== undefined) mistakes.set(error, mistake);
    }
    throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
