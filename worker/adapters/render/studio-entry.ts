import { existsSync } from 'node:fs';
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
