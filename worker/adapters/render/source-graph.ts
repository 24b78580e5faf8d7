import { createHash } from 'node:crypto';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build, type Loader, type Message, type Metafile, type Plugin } from 'esbuild';
import { errors } from '../../../errors/messages.ts';
import { packageFolder } from '../package-folder.ts';
import { ownEntryPoint, importDirectly } from './entry-points.ts';
import { importAssets } from './follow-assets.ts';
import { fontPackageOf } from './local-fonts.mjs';

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Files that are not there, and addresses and parts of a document in style sheets: nothing of it is loaded. */
const isNoPackage = (specifier: string): boolean => /^(?:[a-z][a-z0-9+.-]*:|\/|#|\.)/i.test(specifier);

const isStyleSheet = (file: string): boolean => file.endsWith('.css');

/** Packages that every bundle has once, as this program finds them. */
const isShared = (name: string): boolean => /^(?:react|react-dom|remotion|zod)$/.test(name);

/** Hash of all files of a folder, but for packages that are installed in it. */
async function hashFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((each) => each.isFile())
    .map((each) => path.relative(folder, path.join(each.parentPath, each.name)))
    .filter((file) => !/(?:^|[\\/])(?:node_modules|\.[^\\/]*)[\\/]/.test(file))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(await readFile(path.join(folder, file)));
  return hash.digest('hex');
}

/** Something in a module that keeps it from being loaded. */
export interface Mistake {
  /** Relative to the folder that contains `templates/`, or to this program's. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

interface Reached {
  readonly files: ReadonlySet<string>;
  /** Each with a file that imports it. */
  readonly packages: ReadonlyMap<string, string>;
  /** Packages whose style sheets are imported. */
  readonly stylingPackages: ReadonlyMap<string, string>;
}

/** Files that are neither code nor these are assets: hashed by their content, so esbuild only has to find them. */
const isData = (file: string): boolean => /\.(?:css|json)$/.test(file);

function codeLoader(file: string): Loader | undefined {
  const [, kind, x = ''] = /\.[cm]?([jt]s)(x?)$/.exec(file) ?? [];
  return kind === undefined ? undefined : (`${kind}${x}` as Loader);
}

/** What the builds so far have found. */
class Mistakes {
  readonly first = new Map<string, Mistake>();
  /** Files that are no code that can be read: nothing that they import is followed. */
  readonly unreadable = new Set<string>();
  readonly #unresolved = new Set<string>();

  /** @returns whether it was not known. */
  add({ text, location }: Message): boolean {
    if (location === null) return false;
    const { file, line } = location;
    const [, specifier] = /^Could not resolve "(.*)"/.exec(text) ?? [];
    const known = specifier === undefined ? this.unreadable : this.#unresolved;
    const before = known.size;
    known.add(specifier === undefined ? file : `${file} ${specifier}`);
    if (!this.first.has(file)) this.first.set(file, { file, line, text });
    return known.size > before;
  }

  leadsNowhere(file: string, specifier: string): boolean {
    return this.#unresolved.has(`${file} ${specifier}`);
  }
}

/** Leaves out what is known to fail, and empties assets, which modules import that load them in another way. */
const follow = (root: string, publicFolder: string | undefined, mistakes: Mistakes): Plugin => ({
  name: 'follow',
  setup: (builder) => {
    const nameOf = (file: string): string => path.relative(root, file).split(path.sep).join('/');
    builder.onResolve({ filter: /.*/ }, ({ path: specifier, importer }) => {
      if (mistakes.leadsNowhere(nameOf(importer), specifier)) return { path: specifier, external: true };
      const own = ownEntryPoint(specifier, root);
      return own === undefined ? undefined : { path: own };
    });
    builder.onLoad({ filter: /.*/ }, async ({ path: file }) => {
      if (mistakes.unreadable.has(nameOf(file))) return { contents: '', loader: 'js' };
      const loader = codeLoader(file);
      if (loader === undefined) return isData(file) ? undefined : { contents: '', loader: 'file' };
      const code = await readFile(file, 'utf8');
      const direct = importDirectly(code, root);
      return { contents: importAssets(direct, path.dirname(file), publicFolder), loader };
    });
  },
});

const messagesOf = (error: unknown): readonly Message[] =>
  error instanceof Error && 'errors' in error ? (error.errors as Message[]) : [];

interface TemplatePlaces {
  /** Absolute, of the template: its files are named as seen from there, so that it may move. */
  readonly folder?: string;
  /** Absolute, in which `staticFile` looks. */
  readonly publicFolder?: string;
}

/** Which files and packages every module imports, directly or through others. */
export class SourceGraph {
  readonly #root: string;
  readonly #folder: string;
  readonly #metafile: Metafile;
  readonly #mistakes: ReadonlyMap<string, Mistake>;
  readonly #hashes = new Map<string, Promise<string>>();

  private constructor(
    root: string,
    folder: string,
    metafile: Metafile,
    mistakes: ReadonlyMap<string, Mistake>,
  ) {
    this.#root = path.resolve(root);
    this.#folder = path.resolve(folder);
    this.#metafile = metafile;
    this.#mistakes = mistakes;
  }

  /**
   * Follows the imports of `entries`, absolute. It does not look into packages. Mistakes in modules are remembered; all
   * that can be followed is.
   *
   * @param root absolute, of this program.
   */
  static async of(
    root: string,
    entries: readonly string[],
    { folder = root, publicFolder }: TemplatePlaces = {},
  ): Promise<SourceGraph> {
    const mistakes = new Mistakes();
    for (;;) {
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
          plugins: [follow(root, publicFolder, mistakes)],
          logLevel: 'silent',
        });
        return new SourceGraph(root, folder, metafile, mistakes.first);
      } catch (error) {
        const found = messagesOf(error).filter((message) => mistakes.add(message));
        if (found.length > 0) continue;
        const why = error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error);
        throw errors.importsUnreadable({ why }, { cause: error });
      }
    }
  }

  /**
   * Hash of everything that the given modules import: contents of files, versions of packages.
   *
   * @param besides modules that are loaded in the same page; their style sheets affect everything in it.
   * @throws BespokeError `bundle-failed` naming the first mistake, or the package that is not installed.
   */
  async hash(modules: readonly string[], besides: readonly string[] = []): Promise<string> {
    const [mistake] = this.mistakes(modules);
    if (mistake !== undefined) {
      throw errors.importsUnreadable({ why: `${mistake.file}:${mistake.line}: ${mistake.text}` });
    }
    return this.#hash(modules, besides, (name) => {
      throw errors.packageMissing({ name });
    });
  }

  /** The same for modules that may contain mistakes. */
  hashAsFound(modules: readonly string[]): Promise<string> {
    return this.#hash(modules, [], () => 'not installed');
  }

  /** What keeps the given modules from being loaded, packages that are not installed included. */
  mistakes(modules: readonly string[]): readonly Mistake[] {
    return [...this.#reach(modules).files].flatMap((file) => {
      const mistake = this.#mistakes.get(file);
      return mistake === undefined ? [] : { ...mistake, file: this.#shown(file) };
    });
  }

  /** A file as messages name it. */
  #shown(file: string): string {
    const absolute = path.join(this.#root, file);
    const isOfTemplate = this.#folder !== this.#root && absolute.startsWith(this.#folder + path.sep);
    return isOfTemplate ? path.relative(path.resolve(this.#folder, '../..'), absolute) : file;
  }

  /** A file as hashes name it: the same wherever template and program lie. */
  #nameOf(file: string): string {
    const absolute = path.join(this.#root, file);
    const own = absolute.startsWith(this.#root + path.sep) && !absolute.startsWith(this.#folder + path.sep);
    const name = own ? file : path.relative(this.#folder, absolute);
    return `${own ? 'bespoke' : 'template'}:${name.split(path.sep).join('/')}`;
  }

  async #hash(
    modules: readonly string[],
    besides: readonly string[],
    missing: (name: string) => string,
  ): Promise<string> {
    const own = this.#reach(modules);
    const others = this.#reach(besides);
    const files = new Set([...own.files, ...[...others.files].filter(isStyleSheet)]);
    const packages = new Map([...others.stylingPackages, ...own.packages]);
    const lines = await Promise.all([
      ...[...files].sort().map(async (file) => `${this.#nameOf(file)} ${await this.#hashFile(file)}`),
      ...[...packages]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(async ([name, file]) => `${name} ${(await this.#versionOf(name, file)) ?? missing(name)}`),
    ]);
    return createHash('sha256').update(lines.join('\n')).digest('hex');
  }

  #reach(modules: readonly string[]): Reached {
    const files = new Set<string>();
    const packages = new Map<string, string>();
    const stylingPackages = new Map<string, string>();
    const waiting = modules.map((file) => path.relative(this.#root, file));
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (files.has(file)) continue;
      files.add(file);
      for (const { path: imported, external } of this.#metafile.inputs[file]?.imports ?? []) {
        if (external !== true) {
          waiting.push(imported);
          continue;
        }
        if (isBuiltin(imported) || isNoPackage(imported)) continue;
        packages.set(packageName(imported), file);
        const font = fontPackageOf(imported, path.dirname(path.join(this.#root, file)));
        if (font !== undefined) packages.set(font, file);
        if (isStyleSheet(imported)) stylingPackages.set(packageName(imported), file);
      }
    }
    return { files, packages, stylingPackages };
  }

  #hashFile(file: string): Promise<string> {
    return this.#once(file, async () =>
      createHash('sha256')
        // An import can ask for a form of it, such as `./x.svg?url`.
        .update(await readFile(path.join(this.#root, file.replace(/[?#].*$/, ''))))
        .digest('hex'),
    );
  }

  /** A package as the file that imports it finds it, or as this project does. */
  #folderOf(name: string, file: string): string | undefined {
    const from = path.dirname(path.join(this.#root, file));
    const found = isShared(name) ? undefined : packageFolder(name, from);
    return found ?? packageFolder(name, this.#root);
  }

  /** `undefined` if it is not installed. */
  async #versionOf(name: string, file: string): Promise<string | undefined> {
    const folder = this.#folderOf(name, file);
    if (folder === undefined) return undefined;
    return this.#once(`package ${folder}`, async () => {
      const real = await realpath(folder);
      const manifest = await readFile(path.join(folder, 'package.json'), 'utf8');
      const { version } = JSON.parse(manifest) as { readonly version?: string };
      // The version of a package of the same workspace says nothing about its content.
      return version !== undefined && /[\\/]node_modules[\\/]/.test(real) ? version : hashFolder(real);
    });
  }

  #once(key: string, compute: () => Promise<string>): Promise<string> {
    const known = this.#hashes.get(key) ?? compute();
    this.#hashes.set(key, known);
    return known;
  }
}
