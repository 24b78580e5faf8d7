import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { batchResult } from '../../cli/json-results.ts';
import { version } from '../../cli/context.ts';
import { ownWorkspace } from '../../worker/adapters/workspace/owner.ts';
import { runCli, startCli } from '../e2e/cli-process.ts';
import { folderWithRows, startServe, untilReady } from '../e2e/cli-server.ts';
import { expectNoOrphans } from './orphans.ts';

const rows = 6;
const clips = 1 + rows;
const args = ['batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft'];

/** Runs to the end what an earlier process began, and checks that nothing was made twice or lost. */
async function expectContinued(cwd: string, finished: string): Promise<void> {
  const before = await stat(path.join(cwd, 'out', 'videos', finished));
  const { code, stdout, stderr } = await runCli([...args, '--json'], { cwd });
  expect(stderr).not.toContain('Error');
  const result = batchResult.parse(JSON.parse(stdout));
  expect(result.continued).toBe(true);
  expect(result.rows).toEqual({ total: rows, done: rows, failed: 0, skipped: 0, cancelled: 0 });
  expect(result.clips.rendered).toBeLessThanOrEqual(clips - 2);
  const after = await stat(path.join(cwd, 'out', 'videos', finished));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  const videos = await readdir(path.join(cwd, 'out', 'videos'));
  expect(videos.sort()).toEqual(Array.from({ length: rows }, (_, index) => `c-${index + 1}.mp4`));
  expect(code).toBe(0);
}

async function startUntilFirstVideo(cwd: string) {
  const run = startCli(args, { cwd });
  // Another video may be in the folder already and not be recorded yet.
  const announced = /^done {6}videos\/(.*\.mp4)/m;
  const finished = announced.exec(await run.says(announced))?.[1] ?? '';
  return { run, finished };
}

describe('a batch that is stopped', () => {
  it('by Ctrl-C ends cleanly with 130, leaves no process, and continues', async () => {
    const cwd = await folderWithRows(rows);
    const { run, finished } = await startUntilFirstVideo(cwd);
    run.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect(stderr).toMatch(/Stopping; finished work is kept\. Press Ctrl-C again to stop at once\./);
    expect(stderr).toMatch(/Stopped after \d of 6 rows\. The same command continues from here\./);
    expect(stderr).not.toContain('Error');
    expect(stdout).toBe('');
    expect(code).toBe(130);
    await expectNoOrphans(cwd);
    await expectContinued(cwd, finished);
  });

  it('works for other commands in its workspace meanwhile; a second Ctrl-C ends it at once', async () => {
    // So many that it still renders when another process has started.
    const cwd = await folderWithRows(20 * rows);
    const { run } = await startUntilFirstVideo(cwd);
    const second = startCli([...args, '--out', 'second'], { cwd });
    await second.says(new RegExp(`server that runs in this workspace \\(pid ${run.pid}\\)`));
    await second.says(/^read {6}120 rows/m);

    run.kill('SIGINT');
    await run.says(/Stopping/);
    run.kill('SIGINT');
    const asked = performance.now();
    const { code } = await run.ended;
    expect(performance.now() - asked).toBeLessThan(2000);
    expect(code).toBe(130);
    const stopped = await second.ended;
    expect(stopped.stderr).toContain('(server-stopped)');
    expect(stopped.code).toBe(2);
    await expectNoOrphans(cwd);
  });

  it('waits for a command that does not render, and then renders itself', async () => {
    const cwd = await folderWithRows(1);
    const owner = path.join(cwd, '.bespoke', 'owner');
    await mkdir(owner, { recursive: true });
    const api = { socket: 'plan.api', version, renders: false };
    const held = await ownWorkspace(cwd, owner, 'bespoke plan', api);
    const run = startCli(args, { cwd });
    await run.says(new RegExp(`Waiting for bespoke plan \\(pid ${process.pid}\\)`));
    await held.release();
    expect((await run.ended).code).toBe(0);
  });

  it('waits for another command that goes through it, and says so', async () => {
    const cwd = await folderWithRows(2);
    const { run } = await startUntilFirstVideo(cwd);
    const second = startCli([...args, '--out', 'second'], { cwd });
    const [first, other] = await Promise.all([run.ended, second.ended]);
    expect([first.code, other.code]).toEqual([0, 0]);
    const through = new RegExp(`server that runs in this workspace \\(pid ${run.pid}\\)`);
    // It may have started only after the other was done.
    if (through.test(other.stderr)) expect(first.stderr).toContain('Other commands use this process');
    expect(await readdir(path.join(cwd, 'second', 'videos'))).toEqual(['c-1.mp4', 'c-2.mp4']);
  });

  it('by kill -9 leaves no process and no half file, and continues', async () => {
    const cwd = await folderWithRows(rows);
    const { run, finished } = await startUntilFirstVideo(cwd);
    run.kill('SIGKILL');
    expect((await run.ended).signal).toBe('SIGKILL');
    await expectNoOrphans(cwd);
    const videos = await readdir(path.join(cwd, 'out', 'videos'));
    for (const name of videos.filter((each) => /\.mp4$/.test(each))) {
      expect((await stat(path.join(cwd, 'out', 'videos', name))).size).toBeGreaterThan(1000);
    }
    await expectContinued(cwd, finished);
  });
});

describe('a single video that is stopped', () => {
  it('is withdrawn from the server that draws it', async () => {
    const cwd = await folderWithRows(1);
    const { address, key = '' } = await startServe(cwd);
    await untilReady(address);
    const headers = { authorization: `Bearer ${key}` };
    const record = JSON.stringify({ name: 'Anna' });
    // At full size, so that it is still being drawn.
    const run = startCli(['render', '-t', 'frame-counter', '-q', 'high', '--record', record], { cwd });
    const list = async () => {
      const answer = await fetch(`${address}/v1/renders`, { headers });
      return ((await answer.json()) as { renders: { status: { state: string } }[] }).renders;
    };
    await vi.waitFor(async () => expect(await list()).toHaveLength(1), { timeout: 30_000, interval: 20 });
    run.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect((await list()).map(({ status }) => status.state)).toEqual(['cancelled']);
    const drawing = async () => {
      const text = await (await fetch(`${address}/metrics`, { headers })).text();
      return /bespoke_queue_jobs\{[^}]*render-clip[^}]*active[^}]*\} (\d+)/.exec(text)?.[1];
    };
    await vi.waitFor(async () => expect(await drawing()).toBe('0'), { timeout: 10_000, interval: 100 });
  });
});
