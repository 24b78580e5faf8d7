import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchResult, planResult } from '../../cli/json-results.ts';
import { personErasedResult, personExportedResult, personWelcomedResult } from '../../cli/json-results.ts';
import { keptFolder, runCli } from './cli-process.ts';
import { makeWorkspace } from './deployment.ts';
import { searchEverywhere } from './search-everywhere.ts';
import { parseConfig } from '../../worker/config.ts';

/** The second row of the marked person is bad, and so is one of another person. */
const csv = 'customer_id,name\nBeeblebrox,Zaphodine\nc-2,Anna\nBeeblebrox,\nc-3,\n';
const reading = ['a.csv', '-t', 'frame-counter', '-q', 'draft'];

/** One workspace for the file, in the order of the tests. */
describe('bespoke people', () => {
  let cwd: string;
  const run = (...args: readonly string[]) => runCli(args, { cwd });
  const plan = async () => {
    const { code, stdout } = await run('plan', ...reading, '--json');
    return { code, rows: planResult.parse(JSON.parse(stdout)).rows };
  };
  beforeAll(async () => {
    cwd = await keptFolder();
    await makeWorkspace(path.join(cwd, '.bespoke'));
    await writeFile(path.join(cwd, 'a.csv'), csv);
  });

  it('exports a person to a file that only its owner reads', async () => {
    const { code, stdout } = await run('batch', ...reading, '--json');
    expect([code, batchResult.parse(JSON.parse(stdout)).rows]).toEqual([
      1,
      { total: 4, done: 2, failed: 2, skipped: 0, cancelled: 0 },
    ]);
    const exported = await run('people', 'export', '--id', 'Beeblebrox', '--out', 'person.json', '--json');
    expect(personExportedResult.parse(JSON.parse(exported.stdout)).file).toBe(path.join(cwd, 'person.json'));
    expect((await stat(path.join(cwd, 'person.json'))).mode & 0o777).toBe(0o600);
    const held = await readFile(path.join(cwd, 'person.json'), 'utf8');
    expect(held).toContain('Zaphodine');
    expect(held).not.toContain('Anna');
  });

  it('erases nobody without --yes', async () => {
    const { code, stderr } = await run('people', 'erase', '--id', 'Beeblebrox');
    expect([code, stderr]).toEqual([2, expect.stringContaining('Add --yes to erase it')]);
  });

  it('erases a person; plan and batch then agree that their rows are skipped', async () => {
    const { code, stdout } = await run('people', 'erase', '--id', 'Beeblebrox', '--yes', '--json');
    const receipt = personErasedResult.parse(JSON.parse(stdout));
    expect([code, receipt]).toMatchObject([0, { barred: true, removed: { videos: 2, clips: 1 } }]);
    expect(stdout).not.toMatch(/Beeblebrox|Zaphodine/);

    expect(await plan()).toEqual({ code: 1, rows: { good: 1, bad: 1, erased: 2, heldOut: 0 } });
    const planned = await run('plan', ...reading);
    expect(planned.stdout).toContain('1 good, 1 bad, 2 rows of people who were erased');
    const again = batchResult.parse(JSON.parse((await run('batch', ...reading, '--json')).stdout));
    expect(again).toMatchObject({ erased: 2, rows: { total: 4, done: 0, failed: 1, skipped: 3 } });

    const nothing = await run('people', 'export', '--id', 'Beeblebrox', '--json');
    expect(nothing.stderr).toContain('Nothing is held about this person.');
    expect(personExportedResult.parse(JSON.parse(nothing.stdout)).exported).toMatchObject({ videos: [] });
    const config = parseConfig({ BESPOKE_WORKSPACE: path.join(cwd, '.bespoke') });
    expect(await readdir(path.join(cwd, '.bespoke'))).toContain('database');
    expect(await searchEverywhere({ config }, ['Zaphodine', 'Beeblebrox'])).toEqual([]);
  });

  it('lets them come back at their own request', async () => {
    const { code, stdout } = await run('people', 'welcome', '--id', 'Beeblebrox', '--json');
    expect([code, personWelcomedResult.parse(JSON.parse(stdout))]).toEqual([0, { welcome: true }]);
    expect(await plan()).toEqual({ code: 1, rows: { good: 2, bad: 2, erased: 0, heldOut: 0 } });
  });
});
