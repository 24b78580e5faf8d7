import { randomUUID } from 'node:crypto';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { doctorResult } from '../../cli/json-results.ts';
import { keptFolder, runCli, startCli } from '../e2e/cli-process.ts';
import { portIn } from '../e2e/cli-server.ts';
import { makeWorkspace } from '../e2e/deployment.ts';
import { freePort } from '../services/free-port.ts';
import { startTestRedis, type TestRedis } from '../services/redis-server.ts';

const args = ['batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft'];

/** What is missing or wrong around the program, each reported in its own words and with status 2. */
describe('bespoke, in bad surroundings', () => {
  let cwd: string;
  let evicting: TestRedis;
  beforeAll(async () => {
    cwd = await keptFolder();
    await makeWorkspace(path.join(cwd, '.bespoke'));
    await writeFile(path.join(cwd, 'a.csv'), 'customer_id,name\nc-1,Anna\n');
    await writeFile(path.join(cwd, 'file'), '');
    evicting = await startTestRedis({ policy: 'allkeys-lru' });
  });
  afterAll(() => evicting.remove());

  let databaseUrl: string;
  beforeAll(async () => {
    const name = `cli_${randomUUID().replaceAll('-', '')}`;
    const client = new Client({ connectionString: inject('postgresUrl') });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    databaseUrl = inject('postgresUrl').replace(/\/postgres$/, `/${name}`);
  });

  const shared = () => ({
    REDIS_URL: `${inject('redisUrl')}/9`,
    DATABASE_URL: databaseUrl,
    BESPOKE_STORE: path.join(cwd, 'store'),
    BESPOKE_SECRET: 's'.repeat(40),
  });

  async function expectRefusal(
    code: string,
    words: RegExp,
    env: Readonly<Record<string, string>> = {},
    more: readonly string[] = [],
  ): Promise<void> {
    const run = await runCli([...args, ...more], { cwd, env });
    expect(run.stderr).toContain(`(${code})`);
    expect(run.stderr.replace(/\s+/g, ' ')).toMatch(words);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(run.code).toBe(2);
  }

  it('a file where the output folder should be', () =>
    expectRefusal('directory-not-writable', /file is a file, but a folder is required there/, {}, [
      '--out',
      'file',
    ]));

  it('a workspace that cannot be made', () =>
    expectRefusal('directory-not-writable', /file/, { BESPOKE_WORKSPACE: path.join(cwd, 'file', 'w') }));

  it('no browser: nothing is marked as failed', async () => {
    await expectRefusal(
      'browser-missing',
      /BESPOKE_BROWSER is set to \/nowhere\/chrome, which does not run/,
      {
        BESPOKE_BROWSER: '/nowhere/chrome',
      },
    );
    // The worker is refused before the first row is read, so there may be no folder yet.
    expect(await readdir(path.join(cwd, 'out')).catch(() => [])).not.toContain('failed.csv');
  });

  it('Redis that is away', async () => {
    const port = await freePort();
    await expectRefusal('redis-away', new RegExp(`127.0.0.1:${port} did not answer`), {
      ...shared(),
      REDIS_URL: `redis://127.0.0.1:${port}`,
    });
  });

  it('Redis that may throw jobs away', () =>
    expectRefusal('redis-evicts', /maxmemory-policy allkeys-lru/, { ...shared(), REDIS_URL: evicting.url }));

  it('PostgreSQL that is away', async () => {
    const port = await freePort();
    await expectRefusal('postgres-away', new RegExp(`127.0.0.1:${port}`), {
      ...shared(),
      DATABASE_URL: `postgres://bespoke@127.0.0.1:${port}/postgres`,
    });
  });

  it('a secret that is too short', () =>
    expectRefusal('secret-invalid', /BESPOKE_SECRET/, { BESPOKE_SECRET: 'short' }));

  it('settings that make no sense, without repeating them', async () => {
    const { stderr, code } = await runCli(args, { cwd, env: { REDIS_URL: 'hunter2' } });
    expect(stderr).toContain('(config-invalid)');
    expect(stderr).toContain('REDIS_URL');
    expect(stderr).not.toContain('hunter2');
    expect(code).toBe(2);
  });

  it('doctor names what fails and ends with 2, or finds all well', async () => {
    const bad = await runCli(['doctor', '--json'], {
      cwd,
      env: { BESPOKE_BROWSER: '/nowhere/chrome', REDIS_URL: evicting.url },
    });
    const { checks, ok } = doctorResult.parse(JSON.parse(bad.stdout));
    expect(ok).toBe(false);
    expect(checks.filter(({ state }) => state === 'fail').map(({ name }) => name)).toEqual([
      'Queue',
      'Browser',
    ]);
    expect(bad.code).toBe(2);

    const good = await runCli(['doctor'], { cwd, env: shared() });
    expect(good.stdout).toMatch(/ok\s+Queue\s+Redis at/);
    expect(good.stdout).toMatch(/ok\s+Database\s+PostgreSQL at/);
    expect(good.stdout).not.toContain('s'.repeat(40));
    expect(good.code).toBe(0);
  });

  it('an unexpected failure points to a private log that names no one', async () => {
    const workspace = path.join(cwd, 'odd');
    await mkdir(path.join(workspace, 'store'), { recursive: true });
    await mkdir(path.join(workspace, 'secret'));
    const { stderr, code } = await runCli(args, { cwd, env: { BESPOKE_WORKSPACE: workspace } });
    expect(stderr).toContain('(internal)');
    const log = /Log: (\S+)/.exec(stderr)?.[1] ?? '';
    expect((await stat(log)).mode & 0o777).toBe(0o600);
    expect(code).toBe(2);
  });

  it('a worker answers with metrics, drains at the first signal and ends with 0', async () => {
    const worker = startCli(['worker', '-c', '1', '--metrics-port', '0'], { cwd, env: shared() });
    await worker.says(/Ready, 1 clip at a time/);
    const port = portIn(await worker.says(/^Metrics at/m));
    const figures = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(figures).toMatch(/^bespoke_queue_up 1$/m);
    expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({ status: 'ready' });
    const batch = await runCli([...args, '--out', 'shared'], { cwd, env: shared() });
    expect(batch.code).toBe(0);
    worker.kill('SIGTERM');
    const { code, stderr } = await worker.ended;
    expect(stderr).toContain('Stopped. Nothing is lost.');
    expect(code).toBe(0);
  });
});
