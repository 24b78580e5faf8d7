import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type OutputFile } from 'esbuild';
import { type PageLanguage, pageLanguages } from '../story/languages.ts';

/** Replaces a part that other parts contain. */
const nothing =
  'export default class { static shadowRootOptions = { mode: "open" }; static getTemplateHTML() { return ""; } }';

/** Modules that the library's parts load but this page never uses, with their replacements. */
const leftOut: Readonly<Record<string, string>> = {
  'media-keyboard-shortcuts-dialog.js': 'export const getHotkeyToken = ({ key }) => key;',
  'media-gesture-receiver.js': nothing,
  'media-tooltip.js': nothing,
  'media-preview-thumbnail.js': nothing,
  'media-preview-time-display.js': '',
  'media-preview-chapter-display.js': '',
  // The page has its own store.
  'media-store.js': 'export const createMediaStore = () => undefined;',
  // English words are their own keys.
  'en.js': 'export const En = {};',
};

/** The captions button uses `aria-checked`, which requires the role of a switch. */
function mend(file: string, source: string): string {
  return path.basename(file) === 'media-captions-button.js'
    ? source.replace('"role", "button"', '"role", "switch"')
    : source;
}

/** What the library's compiled parts would say of mistakes that its source cannot have. Each part says it again. */
const unsaid =
  /"(?:Cannot add the same private member more than once|(?:read from|write to) private field|access private method)"/g;

/**
 * Removes from the control library what the page never shows, and the indentation of its markup and styles.
 */
const lightControls: Plugin = {
  name: 'light-controls',
  setup(build) {
    build.onLoad({ filter: /[\\/]media-chrome[\\/]dist[\\/].*[.]js$/ }, async ({ path: file }) => ({
      contents:
        leftOut[path.basename(file)] ??
        mend(file, await readFile(file, 'utf8'))
          .replace(/\n\s+/g, '\n')
          .replace(unsaid, '""'),
      loader: 'js',
    }));
  },
};

/** Texts of all `<style>` elements that a part of the library puts into its shadow tree. */
function stylesOf(part: unknown): readonly string[] {
  if (typeof part !== 'function') return [];
  const styles: string[] = [];
  for (const name of Object.getOwnPropertyNames(part).filter((each) => each.endsWith('TemplateHTML'))) {
    const make: unknown = Reflect.get(part, name);
    const html: unknown = typeof make === 'function' ? Reflect.apply(make, part, [{}, {}]) : '';
    for (const [, text = ''] of String(html).matchAll(/<style>([\s\S]*?)<\/style>/g)) styles.push(text);
  }
  return styles;
}

/** The parts of the library as the page loads them, for inspection. */
async function evaluate(parts: readonly string[]): Promise<readonly unknown[]> {
  const lines = parts.map((part, index) => `export * as part${index} from ${JSON.stringify(part)};`);
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), resolveDir: path.dirname(fileURLToPath(import.meta.url)) },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    plugins: [lightControls],
  });
  const [script] = outputFiles;
  const address = `data:text/javascript;base64,${Buffer.from(script?.contents ?? []).toString('base64')}`;
  const loaded = (await import(address)) as Readonly<Record<string, object>>;
  return Object.values(loaded).flatMap((part): unknown[] => Object.values(part));
}

/**
 * Sources for `style-src` that allow only the style sheets of the control library: it writes them as `<style>`
 * elements, which a strict policy refuses unless their hashes are listed.
 *
 * @param modules of the page, with paths as a bundler reports them.
 */
async function styleSources(modules: readonly string[]): Promise<readonly string[]> {
  const names = modules.flatMap((module) => /media-chrome\/dist\/media-[a-z-]+[.]js$/.exec(module) ?? []);
  const parts = await evaluate([...new Set(names)].filter((name) => !(path.basename(name) in leftOut)));
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  return [...new Set(parts.flatMap(stylesOf).map((text) => `'sha256-${hash(text)}'`))].sort();
}

/** The files that viewers load, built in memory. */
export interface BuiltPlayer {
  /** Content by name. Names contain a hash of the content, so any cache may keep them; only `embed` has none. */
  readonly files: ReadonlyMap<string, PlayerFile>;
  /** The viewer page's module, for `<script type="module" src="/player/…">`. */
  readonly script: string;
  /** The module of the page behind a link that does not work. */
  readonly gone: string;
  /** The modules with the page's words, of which the script loads one first. */
  readonly words: Readonly<Record<PageLanguage, string>>;
  /** The style sheet of both pages. */
  readonly style: string;
  /** The file that embedding pages load: its name is fixed, so caches must revalidate it. */
  readonly embed: string;
  /** What the page's policy must allow in `style-src` besides `'self'`. */
  readonly styleSources: readonly string[];
}

/** A file of the player. */
export interface PlayerFile {
  readonly type: 'text/javascript; charset=utf-8' | 'text/css; charset=utf-8';
  readonly body: Buffer;
  /** Whether the name holds a hash of the content. */
  readonly immutable: boolean;
}

const folder = fileURLToPath(new URL('.', import.meta.url));
const embedName = 'bespoke-player.js';

const nameOf = ({ path }: OutputFile): string => path.replace(/^.*[\\/]/, '');

function toFile({ path, contents }: OutputFile, immutable: boolean): PlayerFile {
  const type = path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  return { type, body: Buffer.from(contents), immutable };
}

/**
 * Builds the viewer page and the web component. The page replaces the content of its `<main>`; besides its
 * own origin it needs `media-src blob:` and `img-src data:` where Media Source is missing.
 */
export async function buildPlayer(): Promise<BuiltPlayer> {
  const usual = {
    ...({ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' } as const),
    // Escapes would triple the size of Arabic words.
    charset: 'utf8',
  } as const;
  const [page, embed] = await Promise.all([
    build({
      ...usual,
      absWorkingDir: folder,
      entryPoints: { page: 'page/main.ts', gone: 'page/gone.ts', style: 'page/page.css' },
      entryNames: '[name]-[hash]',
      chunkNames: 'part-[hash]',
      splitting: true,
      metafile: true,
      plugins: [lightControls],
      outdir: '/player',
    }),
    build({ ...usual, absWorkingDir: folder, entryPoints: ['bespoke-player.ts'], outdir: '/player' }),
  ]);
  const files = new Map(page.outputFiles.map((file) => [nameOf(file), toFile(file, true)]));
  const named = (prefix: string): string => {
    const name = [...files.keys()].find((each) => each.startsWith(prefix));
    if (name === undefined) throw new Error(`The player was built without "${prefix}".`);
    return name;
  };
  /** Parts that are loaded on demand have names without meaning. */
  const partOf = (module: string): string => {
    const part = Object.entries(page.metafile.outputs).find(([, { entryPoint }]) => entryPoint === module);
    if (part === undefined) throw new Error(`The player was built without "${module}".`);
    return path.basename(part[0]);
  };
  const words = Object.fromEntries(
    pageLanguages.map((language) => [language, partOf(`words/${language}.ts`)]),
  ) as Record<PageLanguage, string>;
  const [component] = embed.outputFiles;
  if (component !== undefined) files.set(embedName, toFile(component, false));
  return {
    files,
    script: named('page-'),
    gone: named('gone-'),
    words,
    style: named('style-'),
    embed: embedName,
    styleSources: await styleSources(Object.keys(page.metafile.inputs)),
  };
}
