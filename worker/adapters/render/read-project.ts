import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { errors } from '../../../errors/messages.ts';
import { packageFolder } from '../package-folder.ts';
import { tsconfigOf } from '../templates/path-aliases.ts';
import { BrowserTab, SceneError } from './browser-tab.ts';
import { runBundler } from './bundle.ts';
import { serveBundle } from './bundle-server.ts';
import { findBrowser } from './find-browser.ts';
import { RenderingBrowser } from './rendering-browser.ts';

const composition = z.object({
  id: z.string(),
  width: z.number(),
  height: z.number(),
  fps: z.number(),
  durationInFrames: z.number(),
  defaultProps: z.record(z.string(), z.json()),
  schema: z.json().nullish(),
  isComputed: z.boolean(),
});

/** A composition of a Remotion project, with the metadata of its default props. */
export type ProjectComposition = Readonly<z.output<typeof composition>>;

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));
const entryPoint = path.join(projectRoot, 'video/remotion.tsx');

/** Packages of which there is one only, that of Bespoke, and what may need an older one. */
const shared = {
  react: { name: 'React', needs: 'the packages that need the older one (such as @react-three/fiber)' },
  zod: { name: 'zod', needs: 'what needs the older one (such as `.Enum`, which is `.enum` now)' },
} as const;

/** What is said of a project that has another React, or another zod: code of its time may not work with this one. */
function otherVersions(root: string): readonly string[] {
  const versionOf = (name: string, from: string): string => {
    const folder = packageFolder(name, from);
    const manifest: unknown = folder && JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return z.object({ version: z.string() }).safeParse(manifest).data?.version ?? '';
  };
  const major = (version: string): string => version.split('.', 1)[0] ?? '';
  return Object.entries(shared).flatMap(([id, { name, needs }]) => {
    const [theirs, own] = [versionOf(id, path.dirname(root)), versionOf(id, projectRoot)];
    if (theirs === '' || major(theirs) === major(own)) return [];
    return `The project has ${name} ${theirs}, and scenes are drawn with ${name} ${own}: update ${needs}.`;
  });
}

/** How long reading may take, with all that the project computes. */
const timeLimitMs = 60_000;

/**
 * Lists the compositions of a Remotion project by running its root component in the rendering browser.
 *
 * @param root absolute, the module that exports the root component.
 * @throws BespokeError `bundle-failed`, `browser-missing`; `project-unreadable` when the project's code fails.
 */
export async function readProject(
  root: string,
  {
    cacheDirectory,
    browser: configured,
    publicFolder,
  }: {
    readonly cacheDirectory: string;
    readonly browser?: string | undefined;
    /** Absolute, the project's own: `calculateMetadata` may read files of it. */
    readonly publicFolder?: string | undefined;
  },
): Promise<readonly ProjectComposition[]> {
  await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(path.join(cacheDirectory, 'project-'));
  const entry = path.join(folder, 'entry.js');
  const bundle = path.join(folder, 'bundle');
  const nothing = path.join(folder, 'nothing');
  try {
    await mkdir(nothing);
    const lines = [
      `import * as project from ${JSON.stringify(root)};`,
      `import { describeCompositions } from ${JSON.stringify(entryPoint)};`,
      'window.bespokeDescribe = async () => JSON.stringify(await describeCompositions(project));',
      // The bundler looks for the word.
      '/* registerRoot */',
    ];
    await writeFile(entry, lines.join('\n'));
    await runBundler(
      [entry, bundle, publicFolder ?? nothing, tsconfigOf([{ folder: path.dirname(root) }])],
      projectRoot,
    );
    const server = await serveBundle(bundle);
    const found = await findBrowser({ configured, root: projectRoot, cacheDirectory });
    const browser = await RenderingBrowser.launch(found, cacheDirectory);
    const timer = setTimeout(() => void browser.kill(), timeLimitMs);
    try {
      const tab = await BrowserTab.open(browser, { width: 320, height: 180, scale: 1 }, server.url, '');
      const listed = await tab.evaluate<string>('window.bespokeDescribe()').catch((error: unknown) => {
        if (!(error instanceof SceneError)) throw error;
        const why = [tab.exception ?? error.message, ...otherVersions(root)];
        throw errors.projectUnreadable({ file: root, why: why.join('\n') }, { cause: error });
      });
      return z.array(composition).parse(JSON.parse(listed));
    } finally {
      clearTimeout(timer);
      await browser.kill();
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
