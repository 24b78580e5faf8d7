import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { batchResult } from '../../cli/json-results.ts';
import { runCli, startCli } from '../e2e/cli-process.ts';
import { folderWithRows, startServe } from '../e2e/cli-server.ts';
import { expectNoOrphans } from './orphans.ts';

const rows = 6;
const batch = ['batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft'];
/** So that a batch is still under way when its first video is there. */
const oneAtATime = { args: ['--concurrency', '1'] };

async function videosIn(cwd: string): Promise<readonly string[]> {
  const names = await readdir(path.join(cwd, 'out', 'videos')).catch(() => []);
  return names.filter((name) => name.endsWith('.mp4')).sort();
}

async function startUntilFirstVideo(cwd: string) {
  const run = startCli(batch, { cwd });
  await run.says(/^done {6}videos\/.*\.mp4/m);
  const [finished = ''] = await videosIn(cwd);
  return { run, finished, made: await stat(path.join(cwd, 'out', 'videos', finished)) };
}

/** The same command ends what was started, and renders nothing again. */
async function expectContinued(
  cwd: string,
  { finished, made }: Pick<Awaited<ReturnType<typeof startUntilFirstVideo>>, 'finished' | 'made'>,
) {
  const { code, stdout, stderr } = await runCli([...batch, '--json'], { cwd });
  expect(stderr).not.toContain('Error');
  const result = batchResult.parse(JSON.parse(stdout));
  expect(result.continued).toBe(true);
  expect(result.rows).toEqual({ total: rows, done: rows, failed: 0, skipped: 0, cancelled: 0 });
  const after = await stat(path.join(cwd, 'out', 'videos', finished));
  expect([after.ino, after.mtimeMs]).toEqual([made.ino, made.mtimeMs]);
  expect(await videosIn(cwd)).toHaveLength(rows);
  expect(code).toBe(0);
  return { result, stderr };
}

describe('a batch that goes through a server', () => {
  it('stops following at Ctrl-C; the server continues, and so does the same command', async () => {
    const cwd = await folderWithRows(rows);
    const { process } = await startServe(cwd, oneAtATime);
    const started = await startUntilFirstVideo(cwd);
    started.run.kill('SIGINT');
    const { code, stdout, stderr } = await started.run.ended;
    expect(stderr).toMatch(/Stopped after \d of 6 rows\. The same command continues from here\./);
    expect([code, stdout]).toEqual([130, '']);
    const { stderr: later } = await expectContinued(cwd, started);
    expect(later).toContain(`(pid ${process.pid})`);
  });

  it('may be killed; the server lives, and serves the next one', async () => {
    const cwd = await folderWithRows(rows);
    const { address } = await startServe(cwd, oneAtATime);
    const started = await startUntilFirstVideo(cwd);
    started.run.kill('SIGKILL');
    await started.run.ended;
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    await expectContinued(cwd, started);
  });

  it('says when the server is killed, and continues alone or through the next server', async () => {
    const cwd = await folderWithRows(rows);
    const { process } = await startServe(cwd, oneAtATime);
    const started = await startUntilFirstVideo(cwd);
    process.kill('SIGKILL');
    const { code, stdout, stderr } = await started.run.ended;
    expect(stderr).toContain('(server-stopped)');
    expect(stderr.replace(/\s+/g, ' ')).toContain(`(process ${process.pid}) stopped before it was done`);
    expect([code, stdout]).toEqual([2, '']);
    await expectNoOrphans(cwd);

    const next = await startServe(cwd, oneAtATime);
    const { stderr: later } = await expectContinued(cwd, started);
    expect(later).toContain(`(pid ${next.process.pid})`);
    next.process.kill('SIGKILL');
    await next.process.ended;
    const alone = await runCli([...batch, '--json'], { cwd });
    expect(alone.stderr).not.toContain('the server that runs');
    expect(batchResult.parse(JSON.parse(alone.stdout)).rows.skipped).toBe(rows);
  });

  it('says when the server is asked to stop, which ends within its time', async () => {
    const cwd = await folderWithRows(rows);
    const { process, address, key = '' } = await startServe(cwd, { args: ['-c', '1', '--grace', '10'] });
    const started = await startUntilFirstVideo(cwd);
    const campaign = await fetch(`${address}/v1/renders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ template: 'frame-counter', record: { name: 'Ada' }, quality: 'draft' }),
    });
    expect(campaign.status).toBe(202);
    const { id } = (await campaign.json()) as { readonly id: string };

    const asked = performance.now();
    process.kill('SIGTERM');
    const [client, server] = await Promise.all([started.run.ended, process.ended]);
    expect(performance.now() - asked).toBeLessThan(20_000);
    expect(client.stderr).toContain('(server-stopped)');
    expect(client.stderr.replace(/\s+/g, ' ')).toContain('stopped before it was done');
    expect([client.code, server.code]).toEqual([2, 0]);
    expect(server.stderr).toMatch(/Stopped\. /);
    await expectNoOrphans(cwd);

    const next = await startServe(cwd);
    await expectContinued(cwd, started);
    for (let state = ''; state !== 'done';) {
      const found = await fetch(`${next.address}/v1/renders/${id}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      state = ((await found.json()) as { status: { state: string } }).status.state;
      expect(['queued', 'rendering', 'done']).toContain(state);
      await sleep(200);
    }
  });

  it('is gone at once with the server at its second signal', async () => {
    const cwd = await folderWithRows(rows);
    const { process } = await startServe(cwd, oneAtATime);
    const started = await startUntilFirstVideo(cwd);
    process.kill('SIGTERM');
    await process.says(/Stopping/);
    process.kill('SIGTERM');
    const asked = performance.now();
    const { code } = await process.ended;
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(code).toBe(143);
    expect((await started.run.ended).code).toBe(2);
    await expectNoOrphans(cwd);
    await expectContinued(cwd, started);
  });

  it('ends with the reason when the server cannot render, as does a single render', async () => {
    const cwd = await folderWithRows(1);
    await startServe(cwd, { env: { BESPOKE_BROWSER: '/nowhere/chrome' } });
    const render = ['render', '-t', 'frame-counter', '-q', 'draft', '--record', '{"name":"Anna"}'];
    for (const args of [batch, render]) {
      const { code, stderr } = await runCli(args, { cwd });
      expect(stderr).toContain('(browser-missing)');
      expect(stderr.replace(/\s+/g, ' ')).toContain('/nowhere/chrome, which does not run');
      expect(code).toBe(2);
    }
  });
});
