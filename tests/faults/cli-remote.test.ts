import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchResult } from '../../cli/json-results.ts';
import { createClient } from '../../client/api-client.ts';
import { runCli, startCli } from '../e2e/cli-process.ts';
import { folderWithRows, startServe } from '../e2e/cli-server.ts';

const rows = 6;
const batch = ['batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft'];

/** A server, and the folder of a user elsewhere. */
async function remoteBatch(...flags: readonly string[]) {
  const served = await folderWithRows(0);
  // So that the batch is still running when its first video is there.
  const server = await startServe(served, { args: ['--concurrency', '1'] });
  const cwd = await folderWithRows(rows);
  const env = { BESPOKE_URL: server.address, BESPOKE_API_KEY: server.key ?? '' };
  const run = startCli([...batch, ...flags], { cwd, env });
  await run.says(/^done {6}videos\/.*\.mp4/m);
  const videos = path.join(cwd, 'out', 'videos');
  return { served, server, cwd, env, run, videos };
}

describe('a batch with BESPOKE_URL', () => {
  it('continues when the server was killed and starts again', async () => {
    const { served, server, run, videos } = await remoteBatch();
    server.process.kill('SIGKILL');
    await server.process.ended;
    await run.says(/does not answer \(\w+\)\. Trying again for up to a minute\./);
    const again = startCli(['serve', '--port', String(server.port)], { cwd: served });
    await again.says(/^Ready\./m);
    const { code, stdout, stderr } = await run.ended;
    expect(stderr).not.toContain('Error');
    expect(stdout).toContain(`${rows} new videos`);
    expect(await readdir(videos)).toHaveLength(rows);
    expect(code).toBe(0);
  });

  it.each([[[]], [['--json']]])(
    'ends with 1 when its campaign is cancelled by someone else %j',
    async (flags) => {
      const { server, run, cwd } = await remoteBatch(...flags);
      const client = createClient({ baseUrl: server.address, key: server.key ?? '' });
      const { campaigns } = await client.listCampaigns();
      await client.cancelCampaign(campaigns[0]?.id ?? '');
      const { code, stdout } = await run.ended;
      const results = await readFile(path.join(cwd, 'out', 'results.csv'), 'utf8');
      const cancelled = results.split('cancelled').length - 1;
      expect(cancelled).toBeGreaterThan(0);
      if (flags.length === 0) {
        expect(stdout).toContain(cancelled === 1 ? '1 row cancelled' : `${cancelled} rows cancelled`);
        expect(stdout).toMatch(/Cancelled +\d rows? +– run the same command again to render them/);
      } else {
        const { rows: counted, failed } = batchResult.parse(JSON.parse(stdout));
        expect(counted).toEqual({ total: rows, done: rows - cancelled, failed: 0, skipped: 0, cancelled });
        expect(failed).toBeNull();
      }
      expect(code).toBe(1);
    },
  );

  it('stops at Ctrl-C while the server continues, and so does the same command', async () => {
    const { cwd, env, run, videos } = await remoteBatch();
    const [finished = ''] = (await readdir(videos)).filter((name) => name.endsWith('.mp4'));
    const before = await stat(path.join(videos, finished));
    run.kill('SIGINT');
    const { code, stderr } = await run.ended;
    expect(stderr).toMatch(/Stopped after \d of 6 rows\. The same command continues from here\./);
    expect(code).toBe(130);

    const next = await runCli([...batch, '--json'], { cwd, env });
    const result = batchResult.parse(JSON.parse(next.stdout));
    expect(result).toMatchObject({ continued: true, rows: { total: rows, done: rows } });
    const after = await stat(path.join(videos, finished));
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
    expect(await readdir(videos)).toHaveLength(rows);
    expect(next.code).toBe(0);
  });
});
