import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planResult } from '../../cli/json-results.ts';
import { probeFile } from './decode-video.ts';
import { copyProject, type Outcome, type ProjectCopy } from './project-copy.ts';

let page: string;
let checkout: ProjectCopy;

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

/** Runs what the page shows as `npx bespoke …`, in the copy. */
function runShown(start: string, more: string): Promise<Outcome> {
  const shown = commandsOf(page).find((command) => command.startsWith(start));
  if (shown === undefined) throw new Error(`The page shows no command "${start}".`);
  return checkout.run('sh', ['-c', `${shown.replace(/^npx bespoke/, 'node dist/bespoke.mjs')} ${more}`]);
}

beforeAll(async () => {
  page = await readFile(fileURLToPath(new URL('../../docs/templates.md', import.meta.url)), 'utf8');
  checkout = await copyProject();
  for (const command of commandsOf(page).filter((line) => /^(mkdir|cp) /.test(line))) {
    const { code, output } = await checkout.run('sh', ['-c', command]);
    expect(output).toBe('');
    expect(code).toBe(0);
  }
  for (const [file, content] of filesOf(page)) await checkout.write(file, content);
  await checkout.run(process.execPath, ['scripts/build.mjs']);
});

afterAll(() => checkout.remove());

describe('docs/templates.md, followed to the letter', () => {
  it('begins with the template of a new project', async () => {
    const files = filesOf(page).filter(([file]) => file.startsWith('templates/hello/'));
    expect(files).toHaveLength(2);
    for (const [file, content] of files) {
      expect(await readFile(new URL(`../../starter/${file}`, import.meta.url), 'utf8')).toBe(content);
    }
  });

  it('compiles', async () => {
    const include = ['templates/birthday', 'templates/hello', 'video/kit/asset-modules.d.ts'];
    await checkout.write('tsconfig.guide.json', JSON.stringify({ extends: './tsconfig.json', include }));
    const { code, output } = await checkout.run(process.execPath, [
      'node_modules/typescript-7/bin/tsc',
      '-p',
      'tsconfig.guide.json',
    ]);
    expect(output).toBe('');
    expect(code).toBe(0);
  });

  it('renders its shortest template', async () => {
    const { code, output } = await runShown('npx bespoke render', '--quality draft');
    expect(code, output).toBe(0);
    const { streams } = await probeFile(path.join(checkout.folder, 'hello.mp4'));
    expect(streams[0]).toMatchObject({ width: 640, height: 360, nb_frames: '90' });
  });

  it('passes the tests that it gives', async () => {
    const { code, output } = await checkout.run(process.execPath, [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project=unit',
      'templates/birthday',
    ]);
    expect(output).toMatch(/Tests .*15 passed/);
    expect(code).toBe(0);
  });

  it('plans its rows: one clip for all, one for each person, one for each kind', async () => {
    const { code, stdout } = await runShown('npx bespoke plan', '--json');
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
    const { code, stdout } = await runShown('npx bespoke stills', '--quality draft');
    expect(code).toBe(0);
    const files = stdout.trim().split('\n');
    expect(files.map((file) => path.basename(file))).toEqual([
      '01-opening.png',
      '02-greeting.png',
      '03-gift.png',
    ]);
    const pictures = await Promise.all(
      files.map((file) =>
        sharp(path.resolve(checkout.folder, file)).resize(64).removeAlpha().raw().toBuffer(),
      ),
    );
    for (const picture of pictures) expect(new Set(picture).size).toBeGreaterThan(20);
    expect(new Set(pictures.map((picture) => picture.toString('base64'))).size).toBe(3);
  });
});
