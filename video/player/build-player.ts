import { fileURLToPath } from 'node:url';
import { build, type OutputFile } from 'esbuild';
import { lightControls, styleSources } from './library-parts.ts';

/** The files that viewers load, built in memory. */
export interface BuiltPlayer {
  /** Content by name. Names hold a hash of the content, so any cache may keep them; but `embed` does not. */
  readonly files: ReadonlyMap<string, PlayerFile>;
  /** The viewer page's module, for `<script type="module" src="/player/…">`. */
  readonly script: string;
  /** The module of the page behind a link that does not work. */
  readonly gone: string;
  /** The style sheet of both pages. */
  readonly style: string;
  /** What other people's pages load: a name that stays, to be asked for again. */
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
  const usual = { bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' } as const;
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
    build({ ...usual, absWorkingDir: folder, entryPoints: ['embed/bespoke-player.ts'], outdir: '/player' }),
  ]);
  const files = new Map(page.outputFiles.map((file) => [nameOf(file), toFile(file, true)]));
  const named = (prefix: string): string => {
    const name = [...files.keys()].find((each) => each.startsWith(prefix));
    if (name === undefined) throw new Error(`The player was built without "${prefix}".`);
    return name;
  };
  const [component] = embed.outputFiles;
  if (component !== undefined) files.set(embedName, toFile(component, false));
  return {
    files,
    script: named('page-'),
    gone: named('gone-'),
    style: named('style-'),
    embed: embedName,
    styleSources: await styleSources(Object.keys(page.metafile.inputs)),
  };
}
