import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { cp, mkdir, readdir, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { errors } from '../../../errors/messages.ts';
import { boundCommand, toolEnvironment } from '../media/bound-command.ts';
import type { NamedFolder } from '../templates/find-templates.ts';
import { tsconfigOf } from '../templates/path-aliases.ts';
import { SourceGraph } from './source-graph.ts';
import { studioEntry } from './studio-entry.ts';

const script = fileURLToPath(new URL('make-bundle.mjs', import.meta.url));
const keepForMs = 7 * 24 * 3600 * 1000;

/** @throws BespokeError `bundle-failed` */
export async function runBundler(args: readonly string[], root: string): Promise<void> {
  const { command, args: bound } = boundCommand(process.execPath, [script, ...args]);
  const child = spawn(command, bound, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: toolEnvironment(),
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const reason = log.split('\n').find((line) => /error/i.test(line)) ?? log.trim().split('\n').at(-1) ?? '';
  throw errors.templatesNotBundled({ why: reason.trim().slice(0, 400) });
}

/** Removes bundles that were not used for a week, and files of crashed processes. */
async function prune(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const entry = path.join(folder, name);
    const age =
      now -
      (await stat(entry).then(
        ({ mtimeMs }) => mtimeMs,
        () => now,
      ));
    const limit = name.endsWith('.tmp') ? 3600 * 1000 : keepForMs;
    if (age > limit) await rm(entry, { recursive: true, force: true });
  }
}

/** What is bundled; all absolute. */
export interface BundleSources {
  /** Calls `registerRoot`; unset: a module is generated that shows the templates. */
  readonly entryPoint?: string | undefined;
  /** The files in their `public/` are part of the bundle. */
  readonly templates: readonly NamedFolder[];
  /** This program's folder, from which packages are looked for. */
  readonly root: string;
}

const publicFolders = (templates: readonly NamedFolder[]): readonly NamedFolder[] =>
  templates
    .map(({ id, folder }) => ({ id, folder: path.join(folder, 'public') }))
    .filter(({ folder }) => existsSync(folder));

/** The module that shows the templates. Its name is that of its content, because it is part of the bundle's state. */
async function writeEntry(templates: readonly NamedFolder[], folder: string): Promise<string> {
  const source = studioEntry(templates);
  const name = createHash('sha256').update(source).digest('hex').slice(0, 32);
  const file = path.join(folder, `${name}.entry.js`);
  await writeFile(file, source);
  return file;
}

/** Names, sizes and times of all files in public folders. Footage is too large to be read at each start. */
async function stampOf(folders: readonly NamedFolder[]): Promise<string> {
  const stamps = folders.map(async ({ id, folder }) => {
    const files = await readdir(folder, { recursive: true });
    const lines = files.sort().map(async (file) => {
      const { size, mtimeMs } = await stat(path.join(folder, file));
      return `${id}/${file} ${size} ${mtimeMs}`;
    });
    return Promise.all(lines);
  });
  return (await Promise.all(stamps)).flat().join('\n');
}

/**
 * The folder of the entry point's bundle, made once for each state of the sources. A cached one is reused, and
 * processes that bundle at the same time do not disturb each other. A module of a template that cannot be bundled is
 * in it as one that throws why, so that it affects only who loads it. `public/<template>/` has a copy of each
 * template's own public folder.
 *
 * @throws BespokeError `bundle-failed`.
 */
export async function bundleOnce(
  { entryPoint: given, templates, root }: BundleSources,
  cacheDirectory: string,
): Promise<string> {
  await mkdir(path.join(cacheDirectory, 'bundles'), { recursive: true, mode: 0o700 });
  // The entry's path is part of the state: however the cache is reached, it is one.
  const bundles = await realpath(path.join(cacheDirectory, 'bundles'));
  const entryPoint = given ?? (await writeEntry(templates, bundles));
  const graph = await SourceGraph.of(root, [entryPoint, script]);
  const folders = publicFolders(templates);
  const state = createHash('sha256')
    .update(await graph.hashAsFound([entryPoint, script]))
    .update(await stampOf(folders));
  const target = path.join(bundles, state.digest('hex').slice(0, 32));
  if (existsSync(target)) {
    await utimes(target, new Date(), new Date());
    return target;
  }
  await prune(bundles, Date.now());
  const draft = path.join(bundles, `${randomUUID()}.tmp`);
  const nothing = path.join(bundles, `${randomUUID()}.tmp`);
  try {
    await mkdir(nothing);
    await runBundler([entryPoint, draft, nothing, tsconfigOf(templates)], root);
    for (const { id, folder } of folders) {
      await cp(folder, path.join(draft, 'public', id), {
        recursive: true,
        mode: constants.COPYFILE_FICLONE,
      });
    }
    await rename(draft, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
    return target;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(nothing, { recursive: true, force: true });
  }
}
