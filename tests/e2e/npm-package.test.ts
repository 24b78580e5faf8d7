import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import { copyEmptyDatabase } from '../services/shared-cache.ts';
import { keptFolder, runCli, startCli } from './cli-process.ts';
import { portIn } from './cli-server.ts';
import { decodeFrames } from './decode-video.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ dev: z.boolean().optional(), devOptional: z.boolean().optional() }),
  ),
});
const projectManifest = z.object({ name: z.string(), dependencies: z.record(z.string(), z.string()) });
const manifest = z.object({ bin: z.object({ bespoke: z.string() }) });

let folder: string;
let installed: string;
let program: string;

/** Puts the packages that users get beside the installed one, as npm does, and none of development. */
async function linkDependencies(): Promise<void> {
  const { packages } = lockfile.parse(
    JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')),
  );
  for (const [place, { dev, devOptional }] of Object.entries(packages)) {
    const direct = /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(place);
    if (!direct || dev === true || devOptional === true || !existsSync(path.join(root, place))) continue;
    await mkdir(path.join(folder, path.dirname(place)), { recursive: true });
    await symlink(path.join(root, place), path.join(folder, place));
  }
}

beforeAll(async () => {
  folder = await keptFolder();
  installed = path.join(folder, 'node_modules/bespoke');
  await mkdir(installed, { recursive: true });
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  await run('tar', ['-xzf', path.join(folder, archive), '-C', installed, '--strip-components=1']);
  await linkDependencies();
  const bespoke = 'file:bespoke.tgz';
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ dependencies: { bespoke } }));
  await mkdir(path.join(folder, '.bespoke'), { mode: 0o700 });
  await copyEmptyDatabase(workspaceAt(path.join(folder, '.bespoke')).database);
  const { bin } = manifest.parse(JSON.parse(await readFile(path.join(installed, 'package.json'), 'utf8')));
  program = path.join(installed, bin.bespoke);
});

describe('the npm package, installed in another project', () => {
  it('holds no tests', async () => {
    const files = await readdir(installed, { recursive: true });
    expect(files.filter((name) => /\.test\.tsx?$|^(tests|bench)\//.test(name))).toEqual([]);
  });

  it('logs where in its sources something failed unexpectedly', async () => {
    const workspace = path.join(folder, 'odd');
    await mkdir(path.join(workspace, 'secret'), { recursive: true });
    const { stderr } = await runCli(['keys', 'list'], {
      cwd: folder,
      program,
      env: { BESPOKE_WORKSPACE: workspace },
    });
    const log = await readFile(/Log: (\S+)/.exec(stderr)?.[1] ?? '', 'utf8');
    const [, place = ''] = /\((\/\S+\/worker\/\S+\.ts):\d+/.exec(log) ?? [];
    expect(place.startsWith(installed)).toBe(true);
    expect(existsSync(place)).toBe(true);
  });

  it('plans its sample rows, and serves its player', async () => {
    const csv = path.join(installed, 'data/samples/renewals.csv');
    const server = startCli(['serve', '--port', '0'], { cwd: folder, program });
    const port = portIn(await server.says(/^Ready\./m));
    for (const address of ['/player/bespoke-player.js', '/docs'])
      expect((await fetch(`http://127.0.0.1:${port}${address}`)).status, address).toBe(200);
    const planned = await runCli(['plan', csv, '--template', 'renewal-offer', '--limit', '1'], {
      cwd: folder,
      program,
    });
    expect(planned.stdout).toContain('1 good, 0 bad');
  });
});

describe('a project of its user, in a folder whose name is not plain', () => {
  const put = async (file: string, content: string) => {
    await mkdir(path.dirname(path.join(project, file)), { recursive: true });
    await writeFile(path.join(project, file), content);
  };
  let project: string;

  it('depends on the package as the folder around it does', async () => {
    project = path.join(folder, 'meine größte Kampagne');
    const { code, stderr } = await runCli(['init', path.basename(project)], { cwd: folder, program });
    expect([code, stderr]).toEqual([0, expect.stringContaining('npm install') as string]);
    const made = projectManifest.parse(
      JSON.parse(await readFile(path.join(project, 'package.json'), 'utf8')),
    );
    expect(made.name).toBe('meine-gr-te-kampagne');
    expect(made.dependencies['bespoke']).toBe('file:../bespoke.tgz');
    const again = await runCli(['init', '.', '--json'], { cwd: project, program });
    expect(JSON.parse(again.stdout)).toEqual({ folder: project, files: ['package.json'] });
    await mkdir(path.join(project, '.bespoke'), { mode: 0o700 });
    await copyEmptyDatabase(workspaceAt(path.join(project, '.bespoke')).database);
    const types = 'node_modules/@types/react';
    await symlink(path.join(root, types), path.join(folder, types));
  });

  it('has types, in the editor and for programs', async () => {
    await put(
      'program.ts',
      `import { createClient } from 'bespoke/client';
      import 'bespoke/player';
      import { bindPath } from 'bespoke/template';
      import { hello } from './templates/hello/template.ts';
      const client = createClient({ baseUrl: 'http://127.0.0.1', key: 'bsp_' });
      const [scene] = bindPath(hello, { firstName: 'Anna' }, {}, { asOf: '2026-01-15' });
      // @ts-expect-error It is a function.
      const wrong: string = client.listCampaigns;
      console.log(scene?.scene, wrong, document.querySelector('bespoke-player')?.hidden);`,
    );
    const settings = JSON.parse(await readFile(path.join(project, 'tsconfig.json'), 'utf8')) as object;
    await put('tsconfig.json', JSON.stringify({ ...settings, include: ['templates', 'program.ts'] }));
    const compiler = path.join(root, 'node_modules/typescript-7/bin/tsc');
    const { stdout } = await run(process.execPath, [compiler, '-p', '.'], { cwd: project }).catch(
      (error: unknown) => error as { stdout: string },
    );
    expect(stdout).toBe('');
    const code = "const { createClient } = await import('bespoke/client'); console.log(typeof createClient)";
    const loaded = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: project });
    expect(loaded.stdout).toBe('function\n');
  });

  it('renders a template that imports what projects import', async () => {
    await put(
      'node_modules/shades/package.json',
      '{ "name": "shades", "type": "module", "exports": "./x.js" }',
    );
    await put('node_modules/shades/x.js', "export const shade = '#ff0000';");
    await put('src/words.ts', "export const word: string = 'Hallo';");
    await put('tsconfig.json', '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }');
    const film = 'templates/film';
    await put(`${film}/look.css`, '.look { font-weight: 700 }');
    await put(`${film}/size.json`, '{ "part": 9 }');
    await put(
      `${film}/template.tsx`,
      `import { defineScene, defineTemplate, text } from 'bespoke/template';
      import { FitText, ThemeProvider } from 'bespoke/kit';
      import { AbsoluteFill } from 'remotion';
      import { shade } from 'shades';
      import { z } from 'zod';
      import { word } from '@/words';
      import size from './size.json';
      import './look.css';
      const One = ({ firstName }: { readonly firstName: string }) => (
        <AbsoluteFill className="look" style={{ background: shade }}>
          <ThemeProvider theme={{ locale: 'de', face: 'Inter Variable', displayFace: 'Inter Variable' }}>
            <FitText width={600} size={size.part}>{word + firstName}</FitText>
          </ThemeProvider>
        </AbsoluteFill>
      );
      export const components = { one: One };
      export default defineTemplate({
        id: 'film', fps: 10,
        record: { firstName: text({ label: 'First name', personal: true, means: 'first name' }) },
        scenes: { one: defineScene({ inputs: z.object({ firstName: z.string() }), durationInFrames: 5 }) },
      });`,
    );
    const args = ['batch', 'customers.csv', '--template', 'film', '--limit', '1', '--quality', 'draft'];
    const made = await runCli(args, { cwd: project, program });
    expect(made.stderr).not.toContain('Error');
    expect(made.code).toBe(0);
    const [video = ''] = await readdir(path.join(project, 'out/videos'));
    const [, red] = await decodeFrames(path.join(project, 'out/videos', video), { width: 640, height: 360 });
    expect([...(red ?? [])].slice(-3).map((value) => value > 200)).toEqual([true, false, false]);
  });
});
