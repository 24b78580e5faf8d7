import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planResult } from '../../cli/json-results.ts';
import { makeWorkspace } from './deployment.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['cli', 'client', 'data', 'errors', 'server', 'templates', 'video', 'worker'];
const copied = [...folders, 'package.json', 'tsconfig.json'];

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

let page: string;
let checkout: string;

/** Files that the page gives in full: a bold path, then a block. */
const filesOf = (text: string): readonly (readonly [file: string, content: string])[] =>
  [...text.matchAll(/^\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)^```$/gms)].map(
    ([, file = '', content = '']) => [file, content] as const,
  );

/** Lines of the page's shell blocks, without their remarks. */
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, ''))
      .filter((line) => line !== ''),
  );

function run(command: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(command, [...args], { cwd: checkout }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, output: stdout + stderr }),
    );
  });
}

/** Runs what the page shows as `npm run dev -- …`, in the copy. */
function runShown(start: string, ...more: readonly string[]): Promise<Outcome> {
  const shown = commandsOf(page).find((command) => command.startsWith(start));
  if (shown === undefined) throw new Error(`The page shows no command "${start}".`);
  return run('npm', ['run', '--silent', ...shown.split(/\s+/).slice(2), ...more]);
}

beforeAll(async () => {
  page = await readFile(path.join(root, 'docs/templates.md'), 'utf8');
  checkout = await mkdtemp(path.join(tmpdir(), 'bespoke-guide-'));
  for (const name of copied) await cp(path.join(root, name), path.join(checkout, name), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'));
  await makeWorkspace(path.join(checkout, '.bespoke'));
  for (const command of commandsOf(page).filter((line) => /^(mkdir|cp) /.test(line))) {
    const { code, output } = await run('sh', ['-c', command]);
    expect(output).toBe('');
    expect(code).toBe(0);
  }
  for (const [file, content] of filesOf(page)) {
    const target = path.join(checkout, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
});

afterAll(() => rm(checkout, { recursive: true, force: true }));

describe('docs/templates.md, followed to the letter', () => {
  it('compiles', async () => {
    const include = ['templates/birthday', 'templates/registry.ts', 'video/kit/asset-modules.d.ts'];
    await writeFile(
      path.join(checkout, 'tsconfig.guide.json'),
      JSON.stringify({ extends: './tsconfig.json', include }),
    );
    const { code, output } = await run(process.execPath, [
      'node_modules/typescript-7/bin/tsc',
      '-p',
      'tsconfig.guide.json',
    ]);
    expect(output).toBe('');
    expect(code).toBe(0);
  });

  it('passes the tests that it gives', async () => {
    const { code, output } = await run(process.execPath, [
      'node_modules/vitest/vitest.mjs',
      'run',
      'templates/birthday',
    ]);
    expect(output).toMatch(/Tests .*15 passed/);
    expect(code).toBe(0);
  });

  it('plans its rows: one clip for all, one for each person, one for each kind', async () => {
    const { code, stdout } = await runShown('npm run dev -- plan', '--json');
    const { badRows, scenes } = planResult.parse(JSON.parse(stdout));
    expect(code).toBe(1);
    expect(badRows).toMatchObject([{ row: 4, code: 'row-invalid' }]);
    expect(scenes).toMatchObject([
      { scene: 'opening', distinct: 1, personal: 0 },
      { scene: 'greeting', distinct: 3, personal: 3 },
      { scene: 'gift', distinct: 3, personal: 0 },
    ]);
  });

  it('draws every scene of a row', async () => {
    const { code, stdout } = await runShown('npm run dev -- stills', '--quality', 'draft');
    expect(code).toBe(0);
    const files = stdout.trim().split('\n');
    expect(files.map((file) => path.basename(file))).toEqual([
      '01-opening.png',
      '02-greeting.png',
      '03-gift.png',
    ]);
    const pictures = await Promise.all(
      files.map((file) => sharp(path.resolve(checkout, file)).resize(64).removeAlpha().raw().toBuffer()),
    );
    for (const picture of pictures) expect(new Set(picture).size).toBeGreaterThan(20);
    expect(new Set(pictures.map((picture) => picture.toString('base64'))).size).toBe(3);
  });
});
