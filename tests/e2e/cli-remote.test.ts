import { testRegistry } from '../fixtures/templates/registry.ts';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  batchResult,
  doctorResult,
  errorResult,
  keyCreatedResult,
  keysResult,
  personExportedResult,
  planResult,
  renderResult,
  storyGraphResult,
  templatesResult,
} from '../../cli/json-results.ts';
import { freePort } from '../services/free-port.ts';
import { keptFolder, runCli, testFolder } from './cli-process.ts';
import { folderWithRows, startServe, untilReady } from './cli-server.ts';

const note = 'BESPOKE_URL is not used here.';

/** Commands have the project's own templates here, and the server has the tests'. */
describe('bespoke, with BESPOKE_URL', () => {
  async function serve() {
    const { address, key = '' } = await startServe(await folderWithRows(0));
    const cwd = await testFolder();
    await writeFile(path.join(cwd, 'a.csv'), 'customer_id,name\nc-1,Anna\nc-2,\n');
    const env = { BESPOKE_URL: `${address}/`, BESPOKE_API_KEY: key };
    const run = (...args: readonly string[]) => runCli(args, { cwd, env, shipped: true });
    return { address, cwd, env, run };
  }

  it('lists, plans, renders, exports and manages keys there, and opens no workspace here', async () => {
    const { address, cwd, run } = await serve();
    const reading = ['a.csv', '-t', 'frame-counter', '-q', 'draft'];

    const listed = await run('templates', '--json');
    const { templates } = templatesResult.parse(JSON.parse(listed.stdout));
    expect(templates.map(({ id }) => id)).toEqual(testRegistry.map(({ template }) => template.id));
    const one = await run('templates', 'portrait');
    expect(one.stdout).toMatch(/name\s+text\s+Anna\s+refused\s+personal/);
    expect(one.stdout).not.toContain('frame-counter');
    const none = await run('templates', 'year-in-review');
    expect(none.stderr).toContain('(template-unknown)');
    expect(none.code).toBe(2);

    const drawn = await run('story', 'graph', 'crossroads', '--json');
    const { file } = storyGraphResult.parse(JSON.parse(drawn.stdout));
    expect(await readFile(file, 'utf8')).toMatch(/^<svg [^>]*>\n<title>The story of /);

    const planned = await run('plan', ...reading, '--json');
    expect(planResult.parse(JSON.parse(planned.stdout)).rows).toEqual({
      good: 1,
      bad: 1,
      erased: 0,
      heldOut: 0,
    });
    const batch = await run('batch', ...reading, '--json', '--concurrency', '1');
    expect(batch.stderr).toContain('--concurrency has no effect: BESPOKE_URL is set');
    expect(batchResult.parse(JSON.parse(batch.stdout)).rows).toMatchObject({ total: 2, done: 1, failed: 1 });
    expect(batch.code).toBe(1);
    expect(await readdir(path.join(cwd, 'out', 'videos'))).toEqual(['c-1.mp4']);
    const results = await readFile(path.join(cwd, 'out', 'results.csv'), 'utf8');
    expect(results).toContain(`${address}/v/`);
    const record = ['--record', '{"name":"Bo"}', '--out', 'bo.mp4', '--json'];
    const render = await run('render', ...reading.slice(1), ...record);
    expect(renderResult.parse(JSON.parse(render.stdout)).video).toBe(path.join(cwd, 'bo.mp4'));

    const person = await run('people', 'export', '--id', 'c-1', '--json');
    expect(JSON.stringify(personExportedResult.parse(JSON.parse(person.stdout)))).toContain('Anna');
    const keys = await run('keys', 'list', '--json');
    expect(keysResult.parse(JSON.parse(keys.stdout)).keys.map(({ name }) => name)).toEqual(['first']);
    expect((await readdir(cwd)).sort()).toEqual(['a.csv', 'bo.mp4', 'crossroads.svg', 'out']);
  });

  it('checks that server: parts, key and templates', async () => {
    const { address, env, run } = await serve();
    await untilReady(address);
    const good = await run('doctor', '--json');
    const { checks, ok } = doctorResult.parse(JSON.parse(good.stdout));
    expect([good.code, ok]).toEqual([0, true]);
    const found = Object.fromEntries(checks.map((check) => [check.name, check.found]));
    expect(found).toMatchObject({ Ready: 'yes', Database: 'works', Browser: 'works' });
    expect(found['Server']).toMatch(new RegExp(`^${address} answers in \\d+ ms$`));
    expect(found['Key']).toBe('accepted; allows render, read, admin');
    expect(found['Templates']).toContain('frame-counter (version 1)');
    expect(good.stdout).not.toContain(env.BESPOKE_API_KEY);

    const created = await run('keys', 'create', '--name', 'reader', '--scope', 'read', '--json');
    const { key } = keyCreatedResult.parse(JSON.parse(created.stdout));
    const check = (changes: Readonly<Record<string, string>>) =>
      runCli(['doctor'], { cwd: process.cwd(), env: { ...env, ...changes }, shipped: true });
    const reader = await check({ BESPOKE_API_KEY: key });
    expect(reader.stdout).toMatch(/warn\s+Key\s+accepted; allows read\n/);
    expect(reader.code).toBe(0);
    const wrong = await check({ BESPOKE_API_KEY: 'bsp_0_wrong' });
    expect(wrong.stdout).toMatch(/fail\s+Key\s+The key of this request is unknown, revoked or mistyped/);
    expect(wrong.stdout).toContain('BESPOKE_API_KEY');
    expect(wrong.code).toBe(2);
    const without = await check({ BESPOKE_API_KEY: '' });
    expect(without.stdout).toMatch(/fail\s+Settings\s+BESPOKE_API_KEY must be set together with BESPOKE_URL/);
    expect(without.code).toBe(2);
  });

  it('says so at once when nothing answers there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const env = { BESPOKE_URL: url, BESPOKE_API_KEY: 'any' };
    const cwd = await testFolder();
    for (const args of [['templates'], ['keys', 'list']]) {
      const began = performance.now();
      const { code, stderr } = await runCli(args, { cwd, env });
      expect(stderr).toContain(`${url} does not answer (ECONNREFUSED).`);
      expect(stderr).toContain('Check BESPOKE_URL');
      expect(code).toBe(2);
      expect(performance.now() - began).toBeLessThan(20_000);
    }
    const { stdout, code } = await runCli(['doctor'], { cwd, env });
    expect(stdout).toMatch(/fail\s+Server\s+http:.* does not answer \(ECONNREFUSED\)/);
    expect(code).toBe(2);
  });
});

/** None of these gets as far as a request, so no server runs. */
describe('bespoke, where only this machine can do it', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await keptFolder();
  });
  const env = { BESPOKE_URL: 'https://video.example.com', BESPOKE_API_KEY: 'any' };

  it.each([
    [['stills', 'missing.csv', '-t', 'frame-counter'], 2],
    [['studio', '--csv', 'missing.csv', '-t', 'frame-counter'], 2],
    [['story', 'check', 'crossroads', '--walks', '5'], 0],
    [['serve', '--no-worker'], 2],
    [['worker'], 2],
  ])('%j says that BESPOKE_URL is not used', async (args, status) => {
    const { code, stderr } = await runCli(args, { cwd, env });
    expect(stderr).toContain(note);
    expect(code).toBe(status);
    expect((await runCli(args, { cwd })).stderr).not.toContain(note);
  });

  it('refuses to check the stored clips of another deployment', async () => {
    const args = ['story', 'check', 'crossroads', '--stored', '--json'];
    const { code, stdout } = await runCli(args, { cwd, env });
    const { error } = errorResult.parse(JSON.parse(stdout));
    expect(error.message).toContain("--stored checks the clips in this machine's workspace");
    expect(code).toBe(2);
    await expect(access(path.join(cwd, '.bespoke'))).rejects.toThrow();
  });
});
