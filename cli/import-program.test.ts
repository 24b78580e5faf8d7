import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-program-'));
  await write('package.json', JSON.stringify({ type: 'module' }));
  await write('part.ts', "export const greeting: string = 'Hello';");
  await write('late.ts', 'export const here = import.meta.url;');
  await write(
    'main.ts',
    `import { greeting } from './part.ts';
     const { here } = await import('./late.ts');
     console.log(greeting, here);
     if (process.argv.includes('--fail')) throw new Error('on purpose');`,
  );
});
afterEach(() => rm(folder, { recursive: true }));

const write = (file: string, source: string): Promise<void> => writeFile(path.join(folder, file), source);

async function run(cache = 'cache', ...args: string[]): Promise<string> {
  const importing = new URL('import-program.mjs', import.meta.url);
  const main = pathToFileURL(path.join(folder, 'main.ts'));
  const code = `import { importProgram } from '${importing.href}';
    await importProgram(new URL('${main.href}'), '${path.join(folder, cache)}');`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--input-type=module', '--eval', code, '--', ...args],
  ]);
  return stdout.trim();
}

async function builds(): Promise<number> {
  const files = await readdir(path.join(folder, 'cache'), { recursive: true });
  return files.filter((file) => file.endsWith('main.mjs')).length;
}

const late = (): string => pathToFileURL(path.join(folder, 'late.ts')).href;

it('builds a program once, which knows where its sources lie', async () => {
  expect(await run()).toBe(`Hello ${late()}`);
  expect(await run()).toBe(`Hello ${late()}`);
  expect(await builds()).toBe(1);
});

it('builds it anew when one of its sources has changed', async () => {
  await run();
  await write('part.ts', "export const greeting: string = 'Salut';");
  expect(await run()).toBe(`Salut ${late()}`);
  expect(await builds()).toBe(2);
});

it.each(['mts', 'mjs', 'js'])('builds it anew when a source of the kind .%s has changed', async (kind) => {
  const name = `other.${kind}`;
  await write('part.ts', `export { greeting } from './${name}';`);
  await write(name, "export const greeting = 'Ahoj';");
  expect(await run()).toBe(`Ahoj ${late()}`);
  await write(name, "export const greeting = 'Hej';");
  expect(await run()).toBe(`Hej ${late()}`);
});

it('builds it anew when what was built is gone', async () => {
  await run();
  const built = await readdir(path.join(folder, 'cache'), { withFileTypes: true });
  const folders = built.filter((each) => each.isDirectory());
  await Promise.all(folders.map(({ name }) => rm(path.join(folder, 'cache', name), { recursive: true })));
  expect(await run()).toBe(`Hello ${late()}`);
});

it('shows failures where they are in the sources', async () => {
  await expect(run('cache', '--fail')).rejects.toThrow(/main\.ts:4:\d+/);
});

it('says where a source is wrong, and goes on when it is mended', async () => {
  await write('part.ts', 'export const greeting: = 1;');
  await expect(run()).rejects.toThrow(/part\.ts:1:23/);
  await write('part.ts', "export const greeting = 'Again';");
  expect(await run()).toBe(`Again ${late()}`);
});

it('runs it where nothing may be written', async () => {
  await mkdir(path.join(folder, 'blocked'));
  await write('blocked/file', '');
  expect(await run('blocked/file')).toBe(`Hello ${late()}`);
});
