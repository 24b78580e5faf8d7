import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { errors } from '../../errors/messages.ts';
import manifest from '../../package.json' with { type: 'json' };
import { type CommandContext, exitCodes, version } from '../context.ts';
import type { InitResult } from '../json-results.ts';
import { typedPath } from '../layout.ts';

const programRoot = fileURLToPath(new URL('../../', import.meta.url));
const starter = path.join(programRoot, 'starter');

const jsonObject = z.record(z.string(), z.unknown());
const dependencies = z.looseObject({ dependencies: z.record(z.string(), z.string()).optional() });

async function readManifest(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const file = path.join(folder, 'package.json');
  if (!existsSync(file)) return {};
  try {
    return jsonObject.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    throw errors.manifestUnreadable({ file: typedPath(file) });
  }
}

const fileSpec = (from: string, to: string): string =>
  `file:${path.relative(from, to).split(path.sep).join('/')}`;

/** Where npm finds this program again: as the project that installed it says, or else in the folder that it runs from. */
async function programSpec(project: string): Promise<string> {
  const modules = path.dirname(programRoot);
  if (path.basename(modules) !== 'node_modules') return fileSpec(project, programRoot);
  const owner = path.dirname(modules);
  const { dependencies: named = {} } = dependencies.catch({}).parse(await readManifest(owner));
  const spec = named['bespoke'];
  if (spec === undefined) return fileSpec(project, programRoot);
  return spec.startsWith('file:') ? fileSpec(project, path.resolve(owner, spec.slice('file:'.length))) : spec;
}

const defaultsOf = async (project: string) => ({
  name:
    path
      .basename(project)
      .toLowerCase()
      .replace(/[^a-z\d]+/g, '-')
      .replace(/^-|-$/g, '') || 'campaigns',
  private: true,
  type: 'module',
  scripts: {
    dev: 'bespoke studio',
    batch: 'bespoke batch customers.csv --template hello',
    serve: 'bespoke serve',
    test: 'bespoke story check hello && tsc',
  },
  dependencies: {
    bespoke: await programSpec(project),
    // Bespoke draws with its own copies; these are for the editor.
    react: manifest.dependencies.react,
    remotion: manifest.dependencies.remotion,
    zod: manifest.dependencies.zod,
  },
  devDependencies: {
    '@types/react': manifest.devDependencies['@types/react'],
    typescript: manifest.devDependencies.typescript,
  },
});

const tsconfig = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'DOM'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    isolatedModules: true,
    noEmit: true,
  },
  include: ['templates'],
};

/** What is there stays; what is missing is added. */
const completed = (
  own: Readonly<Record<string, unknown>>,
  missing: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const result = { ...own };
  for (const [name, value] of Object.entries(missing)) {
    const [there, added] = [jsonObject.safeParse(own[name]), jsonObject.safeParse(value)];
    if (!(name in own)) result[name] = value;
    else if (there.success && added.success) result[name] = completed(there.data, added.data);
  }
  return result;
};

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Runs `bespoke init`: makes a project for templates of one's own, in a new folder or in one that has a `package.json`.
 * Files that exist stay as they are; a `package.json` gets what it lacks.
 *
 * @throws BespokeError `usage-invalid` when the folder's `package.json` cannot be read.
 */
export async function runInitCommand({ terminal }: CommandContext, folder: string): Promise<number> {
  const project = path.resolve(folder);
  const own = await readManifest(project);
  const contents = new Map([
    ['tsconfig.json', json(tsconfig)],
    ['.gitignore', 'node_modules/\n.bespoke/\nout/\nstills/\n'],
  ]);
  for (const name of ['customers.csv', 'templates/hello/template.ts', 'templates/hello/components.tsx']) {
    contents.set(name, await readFile(path.join(starter, name), 'utf8'));
  }
  await mkdir(path.join(project, 'templates/hello'), { recursive: true });
  const defaults = await defaultsOf(project);
  await writeFile(path.join(project, 'package.json'), json(completed(own, defaults)));
  const written = ['package.json'];
  for (const [name, content] of contents) {
    const file = path.join(project, name);
    if (existsSync(file)) continue;
    await writeFile(file, content);
    written.push(name);
  }
  terminal.say(`Bespoke ${version} made a project with one template, hello:\n`);
  terminal.result(written.map((name) => typedPath(path.join(project, name))).join('\n'));
  const enter = project === process.cwd() ? [] : [`cd ${typedPath(project)}`];
  const next = [
    ...enter,
    'npm install',
    'npm run dev      # opens Studio',
    'npm run batch    # renders the rows',
  ];
  terminal.say(`\nNext:\n${next.map((line) => `  ${line}`).join('\n')}`);
  terminal.json({ folder: project, files: written } satisfies InitResult);
  return exitCodes.ok;
}
