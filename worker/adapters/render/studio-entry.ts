import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type NamedFolder, templateIn } from '../templates/find-templates.ts';

const programRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** A path as bundlers read it on every system, as code. */
const moduleName = (file: string): string => JSON.stringify(file.split(path.sep).join('/'));

/** Fixtures' images and sounds, as Studio shows and plays them. */
const files = String.raw`/^\.\/(?:fixtures|sounds)\/[^/]+\.(?:png|jpg|jpeg|webp|wav)$/`;

function describe({ id, folder }: NamedFolder): readonly string[] {
  const { contract = '', components } = templateIn(folder, id) ?? {};
  const importing = (file: string): string => `import(${moduleName(file)})`;
  const missing = (name: string): string =>
    `Promise.reject(new Error(${JSON.stringify(`Template ${id} has no file ${name}.`)}))`;
  return [
    '  {',
    `    id: ${JSON.stringify(id)},`,
    `    directory: ${JSON.stringify(`${pathToFileURL(folder).href}/`)},`,
    `    load: () => ${existsSync(contract) ? importing(contract) : missing('template.ts')},`,
    `    loadComponents: () => ${components === undefined ? missing('components.tsx') : importing(components)},`,
    `    files: import.meta.webpackContext(${moduleName(folder)}, { recursive: true, regExp: ${files} }),`,
    '  },',
  ];
}

/** The source of the module that registers the compositions of templates with Remotion. */
export const studioEntry = (templates: readonly NamedFolder[]): string =>
  [
    `import { showTemplates } from ${moduleName(path.join(programRoot, 'video/studio/show-templates.ts'))};`,
    '',
    // The bundler looks for the word.
    '// It calls registerRoot.',
    'await showTemplates([',
    ...templates.flatMap(describe),
    ']);',
    '',
  ].join('\n');

/**
 * Writes what Remotion Studio needs: the module that lists the templates, and a public folder with links to theirs.
 *
 * @param folder absolute; it is created.
 * @returns arguments for Remotion's `studio`.
 */
export async function writeStudio(
  templates: readonly NamedFolder[],
  folder: string,
): Promise<readonly string[]> {
  const publicFolder = path.join(folder, 'public');
  await mkdir(publicFolder, { recursive: true, mode: 0o700 });
  for (const { id, folder: template } of templates) {
    await symlink(template, path.join(publicFolder, id), 'junction');
  }
  const entry = path.join(folder, 'index.js');
  await writeFile(entry, studioEntry(templates));
  return [entry, `--public-dir=${publicFolder}`];
}
