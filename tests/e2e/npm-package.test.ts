import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import { copyEmptyDatabase } from '../services/shared-cache.ts';
import { keptFolder, runCli, startCli } from './cli-process.ts';
import { portIn } from './cli-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ dev: z.boolean().optional(), devOptional: z.boolean().optional() }),
  ),
});
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

  it('makes a video of its sample row, by a server that serves its player', async () => {
    const csv = path.join(installed, 'data/samples/renewals.csv');
    const usual = [csv, '--template', 'renewal-offer', '--limit', '1', '--quality', 'draft'];
    const server = startCli(['serve', '--port', '0'], { cwd: folder, program });
    const port = portIn(await server.says(/^Ready\./m));
    for (const address of ['/player/bespoke-player.js', '/docs'])
      expect((await fetch(`http://127.0.0.1:${port}${address}`)).status, address).toBe(200);

    const planned = await runCli(['plan', ...usual], { cwd: folder, program });
    expect(planned.stdout).toContain('1 good, 0 bad');
    const made = await runCli(['batch', ...usual], { cwd: folder, program });
    expect(made.stderr).not.toContain('Error');
    expect(made.code).toBe(0);
    const [video = ''] = await readdir(path.join(folder, 'out/videos'));
    const bytes = await readFile(path.join(folder, 'out/videos', video));
    expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
  });
});
