import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { templatesIn } from './find-templates.ts';
import { loadTemplates } from './load-templates.ts';

let folder: string;
const put = async (file: string, content: string) => {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), content);
};

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'bespoke größe ')));
  await put('package.json', '{}');
});
afterEach(() => rm(folder, { recursive: true }));

/** What is a template as far as loading goes, without anything of Bespoke. */
const template = (id: string, title = "'Title'") =>
  `export const contract = { id: '${id}', record: {}, scenes: {}, story: {}, title: ${title} };`;

async function load() {
  const registry = await loadTemplates(templatesIn(path.join(folder, 'templates')));
  return {
    titles: registry.map((each) => each.template.title),
    broken: (registry.broken ?? []).map(({ id, file, line, reason }) => ({ id, file, line, reason })),
  };
}

it('imports JSON, path aliases, packages of the project and of its workspace', async () => {
  await put('tsconfig.json', '{ "compilerOptions": { "paths": { "@words": ["./src/words.ts"] } } }');
  await put('src/words.ts', "export const word: string = 'alias';");
  await put('node_modules/commonjs/package.json', '{ "main": "index.js" }');
  await put('node_modules/commonjs/index.js', "exports.word = 'commonjs';");
  await put('node_modules/esm/package.json', '{ "type": "module", "exports": "./index.js" }');
  await put('node_modules/esm/index.js', "export const word = 'esm';");
  await put('packages/brand/package.json', '{ "name": "brand", "main": "index.ts" }');
  await put('packages/brand/index.ts', "export const word: string = 'workspace';");
  await symlink(path.join(folder, 'packages/brand'), path.join(folder, 'node_modules/brand'));
  await put('templates/a/words.json', '{ "word": "json" }');
  await put(
    'templates/a/template.ts',
    `import './look.css';
    import { readFileSync } from 'node:fs';
    import { word as alias } from '@words';
    import { word as workspace } from 'brand';
    import commonjs from 'commonjs';
    import { word as esm } from 'esm';
    import json from './words.json';
    const read = readFileSync(new URL('words.json', import.meta.url), 'utf8').length;
    ${template('a', "[alias, workspace, commonjs.word, esm, json.word, read].join(' ')")}`,
  );
  await put('templates/a/look.css', 'p { color: red }');
  expect(await load()).toEqual({ titles: ['alias workspace commonjs esm json 18'], broken: [] });
});

it('leaves out what only components of the same file import', async () => {
  await put(
    'templates/a/template.tsx',
    `import picture from './picture.png';
    import { useFormat } from 'bespoke/kit';
    import { onlyInBrowsers } from 'only-in-browsers';
    const One = () => <img src={picture} width={useFormat().unit} alt={onlyInBrowsers} />;
    export const components = { one: One };
    ${template('a')}`,
  );
  await put('templates/a/picture.png', 'pixels');
  await put('node_modules/only-in-browsers/package.json', '{ "type": "module", "exports": "./index.js" }');
  await put('node_modules/only-in-browsers/index.js', 'export const onlyInBrowsers = window.name;');
  expect(await load()).toEqual({ titles: ['Title'], broken: [] });
});

it('says in which file and line of the sources each mistake is', async () => {
  await put('templates/a/template.ts', `\n\nconst = 3;`);
  await put('templates/b/template.ts', `import './nope.ts';\n${template('b')}`);
  await put('templates/c/template.ts', `\nimport { x } from 'nope';\nx();\n${template('c')}`);
  await put('templates/d/template.ts', `import './facts.ts';\n${template('d')}`);
  await put('templates/d/facts.ts', `interface A {\n  a: string;\n}\nthrow new Error('No facts.');`);
  await put('templates/e/template.ts', template('f'));
  await put('templates/f/components.tsx', '');
  await put('templates/g/template.ts', template('g'));
  await put(
    'templates/h/template.ts',
    `\nimport { mix } from 'bespoke/kit';\n${template('h', 'mix(1, 2, 3)')}`,
  );
  const { titles, broken } = await load();
  expect(titles).toEqual(['Title']);
  expect(broken).toEqual([
    {
      id: 'a',
      file: 'templates/a/template.ts',
      line: 3,
      reason: expect.stringContaining('Expected') as string,
    },
    { id: 'b', file: 'templates/b/template.ts', line: 1, reason: 'Could not resolve "./nope.ts"' },
    { id: 'c', file: 'templates/c/template.ts', line: 2, reason: 'The package nope is not installed.' },
    { id: 'd', file: 'templates/d/facts.ts', line: 4, reason: 'No facts.' },
    {
      id: 'e',
      file: 'templates/e/template.ts',
      line: undefined,
      reason: 'Its id is "f", but its folder is called "e".',
    },
    { id: 'f', file: 'templates/f/template.ts', line: undefined, reason: 'It has no file template.ts.' },
    {
      id: 'h',
      file: 'templates/h/template.ts',
      line: 2,
      reason: 'It uses bespoke/kit, which only components can. Import it where scenes are drawn.',
    },
  ]);
});
