import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Loader, type Metafile } from 'esbuild';
import { errors } from '../../../errors/messages.ts';
import { packageFolder } from '../package-folder.ts';

const assetExtensions = [
  ...['.png', '.jpg', '.jpeg', '.webp', '.gif', '.svg', '.avif'],
  ...['.woff', '.woff2', '.ttf', '.otf', '.wav', '.mp3', '.mp4', '.webm'],
];

/** Assets are hashed by their content; esbuild only has to find them. */
const assetLoaders: Readonly<Record<string, Loader>> = Object.fromEntries(
  assetExtensions.map((extension) => [extension, 'empty' as const]),
);

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isStyleSheet = (file: string): boolean => file.endsWith('.css');

interface Reached {
  readonly files: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
  /** Packages whose style sheets are imported. */
  readonly stylingPackages: ReadonlySet<string>;
}

/** Which files and packages every module imports, directly or through others. */
export class SourceGraph {
  readonly #root: string;
  readonly #metafile: Metafile;
  readonly #hashes = new Map<string, Promise<string>>();

  private constructor(root: string, metafile: Metafile) {
    this.#root = root;
    this.#metafile = metafile;
  }

  /**
   * Follows the imports of `entries` below `root`, both absolute. It does not look into packages.
   *
   * @throws BespokeError `bundle-failed` naming the file that cannot be read or resolved.
   */
  static async of(root: string, entries: readonly string[]): Promise<SourceGraph> {
    try {
      const { metafile } = await build({
        absWorkingDir: root,
        entryPoints: [...entries],
        outdir: path.join(root, 'never-written'),
        bundle: true,
        write: false,
        metafile: true,
        format: 'esm',
        jsx: 'automatic',
        packages: 'external',
        loader: { ...assetLoaders },
        logLevel: 'silent',
      });
      return new SourceGraph(root, metafile);
    } catch (error) {
      const first = error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error);
      throw errors.importsUnreadable({ why: first }, { cause: error });
    }
  }

  /**
   * Hash of everything that the given modules import: contents of files, versions of packages.
   *
   * @param besides modules that are loaded in the same page; their style sheets affect everything in it.
   */
  async hash(modules: readonly string[], besides: readonly string[] = []): Promise<string> {
    const own = this.#reach(modules);
    const others = this.#reach(besides);
    const files = new Set([...own.files, ...[...others.files].filter(isStyleSheet)]);
    const packages = new Set([...own.packages, ...others.stylingPackages]);
    const lines = await Promise.all([
      ...[...files].sort().map(async (file) => `${file} ${await this.#hashFile(file)}`),
      ...[...packages].sort().map(async (name) => `${name} ${await this.#versionOf(name)}`),
    ]);
    return createHash('sha256').update(lines.join('\n')).digest('hex');
  }

  #reach(modules: readonly string[]): Reached {
    const files = new Set<string>();
    const packages = new Set<string>();
    const stylingPackages = new Set<string>();
    const waiting = modules.map((file) => path.relative(this.#root, file));
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (files.has(file)) continue;
      files.add(file);
      for (const { path: imported, external } of this.#metafile.inputs[file]?.imports ?? []) {
        if (external !== true) {
          waiting.push(imported);
          continue;
        }
        packages.add(packageName(imported));
        if (isStyleSheet(imported)) stylingPackages.add(packageName(imported));
      }
    }
    return { files, packages, stylingPackages };
  }

  #hashFile(file: string): Promise<string> {
    return this.#once(file, async () =>
      createHash('sha256')
        .update(await readFile(path.join(this.#root, file)))
        .digest('hex'),
    );
  }

  #versionOf(name: string): Promise<string> {
    return this.#once(`package ${name}`, async () => {
      const folder = packageFolder(name, this.#root);
      if (folder === undefined) throw errors.packageMissing({ name });
      const manifest = await readFile(path.join(folder, 'package.json'), 'utf8');
      return (JSON.parse(manifest) as { version: string }).version;
    });
  }

  #once(key: string, compute: () => Promise<string>): Promise<string> {
    const known = this.#hashes.get(key) ?? compute();
    this.#hashes.set(key, known);
    return known;
  }
}
