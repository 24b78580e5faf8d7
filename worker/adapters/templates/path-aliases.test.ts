import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tsconfigOf } from './path-aliases.ts';

let folder: string;
const put = async (file: string, text: string) => {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), text);
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-aliases-'));
  await mkdir(path.join(folder, 'templates/a'), { recursive: true });
  await put('base.json', '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }');
  await put('node_modules/settings/package.json', '{}');
  await put('node_modules/settings/tsconfig.json', '{ "compilerOptions": { "paths": {} } }');
});
afterEach(() => rm(folder, { recursive: true }));

it.each([
  [
    'aliases, comments and commas',
    '{ // "a"\n "compilerOptions": { "paths": { "@/*": ["./src/*"], }, /* b */ }, }',
    true,
  ],
  ['aliases of a file that it extends', '{ "extends": "./base" }', true],
  ['aliases of a package that it extends', '{ "extends": ["settings"] }', true],
  ['aliases of a file that it refers to', '{ "references": [{ "path": "./base.json" }] }', true],
  ['no aliases', '{ "compilerOptions": { "strict": true } }', false],
  [
    'a package that is not installed',
    '{ "extends": "nope/tsconfig.json", "compilerOptions": { "paths": {} } }',
    false,
  ],
  ['a mistake', '{ "compilerOptions": { "paths": { } }', false],
  ['itself', '{ "extends": "./tsconfig.json" }', false],
])('settings with %s', async (_what, text, taken) => {
  await put('tsconfig.json', text);
  const file = tsconfigOf([{ folder: path.join(folder, 'templates/a') }]);
  expect(file).toBe(taken ? path.join(folder, 'tsconfig.json') : '');
});
