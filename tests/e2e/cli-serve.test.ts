import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  batchResult,
  errorResult,
  keyCreatedResult,
  keyRevokedResult,
  keysResult,
  planResult,
  renderResult,
  serveResult,
} from '../../cli/json-results.ts';
import { runCli, startCli, testFolder } from './cli-process.ts';
import { folderWithRows, startServe, untilReady } from './cli-server.ts';

const csv = 'Customer ID;Name;Note\r\nc-1;Anna;x\r\nc-2;;y\r\nc-3;Zoë;=1+1\r\nc-1;Double;z\r\n';
const batch = ['batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft'];
const through = (pid: number) => `the server that runs in this workspace (pid ${pid})`;

/** Names and content of what a batch wrote, without the pictures, whose bytes the encoder decides. */
/** What a batch wrote. Beside a server, results hold links where they hold paths otherwise. */
async function writtenBy(cwd: string) {
  const out = path.join(cwd, 'out');
  const results = await readFile(path.join(out, 'results.csv'), 'utf8');
  const place = /(?:http:[^;]*|(?:videos|posters|teasers)\/[^;]*)?/.source;
  return {
    names: (await readdir(out, { recursive: true })).sort(),
    results: results.replace(new RegExp(`;done${`;${place}`.repeat(4)};`, 'g'), ';done;…;'),
    failed: await readFile(path.join(out, 'failed.csv'), 'utf8'),
    captions: await readFile(path.join(out, 'captions', 'c-3.vtt'), 'utf8'),
  };
}

const campaign = (name: string) => ({
  method: 'POST',
  body: JSON.stringify({ template: 'frame-counter', record: { name }, quality: 'draft' }),
});

const withKey = (key: string | undefined, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { authorization: `Bearer ${key ?? ''}`, 'content-type': 'application/json' },
});

describe('bespoke serve', () => {
  it('does for batch, plan and render what they do alone: files, results, exit codes; stills are drawn beside it', async () => {
    const alone = await folderWithRows(0);
    const served = await folderWithRows(0);
    for (const cwd of [alone, served]) await writeFile(path.join(cwd, 'a.csv'), csv);
    const { process } = await startServe(served);

    const first = await runCli([...batch, '--json'], { cwd: alone });
    const second = await runCli([...batch, '--json', '--concurrency', '1'], { cwd: served });
    expect(second.stderr).toContain(through(process.pid));
    expect(second.stderr).toContain('--concurrency has no effect');
    expect([first.code, second.code]).toEqual([1, 1]);
    const [a, b] = [first, second].map(({ stdout }) => batchResult.parse(JSON.parse(stdout)));
    expect(b).toEqual({
      ...a,
      seconds: expect.any(Number) as number,
      input: { ...a?.input, file: path.join(served, 'a.csv') },
      out: path.join(served, 'out'),
      results: path.join(served, 'out', 'results.csv'),
      failed: path.join(served, 'out', 'failed.csv'),
    });
    expect(await writtenBy(served)).toEqual(await writtenBy(alone));
    const shown = (text: string) => text.split('\n').filter((line) => /^(done|read|failed) /.test(line));
    expect(shown(second.stderr).sort()).toEqual(shown(first.stderr).sort());

    const again = await runCli(batch, { cwd: served });
    expect(again.stdout).toMatch(/0 new videos · 2 unchanged · 2 rows failed · 0 clips rendered/);

    const plan = await runCli(['plan', ...batch.slice(1), '--json'], { cwd: served });
    expect(planResult.parse(JSON.parse(plan.stdout))).toMatchObject({
      rows: { good: 2, bad: 2 },
      clips: { distinct: 3, stored: 3, toRender: 0 },
    });
    expect([plan.code, plan.stderr.includes(through(process.pid))]).toEqual([1, true]);

    const args = ['render', '-t', 'frame-counter', '-q', 'draft', '--out', 'bo.mp4', '--json'];
    const render = await runCli([...args, '--record', '{"name":"Bo"}'], { cwd: served });
    expect(renderResult.parse(JSON.parse(render.stdout))).toMatchObject({
      video: path.join(served, 'bo.mp4'),
      clips: { rendered: 1, reused: 1 },
    });
    expect([render.code, (await readdir(served)).includes('bo.mp4')]).toEqual([0, true]);

    const stills = ['stills', 'a.csv', '-t', 'frame-counter', '--row', '1', '--out', 'seen'];
    const seen = await runCli(stills, { cwd: served });
    expect([seen.code, (await readdir(path.join(served, 'seen'))).length > 0]).toEqual([0, true]);

    const checked = await runCli(['story', 'check', 'crossroads', '--stored'], { cwd: served });
    expect(checked.stderr.replace(/\s+/g, ' ')).toMatch(
      /Process \d+ \(bespoke serve, .* Stop that process first, or leave out --stored\./,
    );
    expect(checked.code).toBe(2);

    const gone = await runCli(['batch', 'a.csv', '-t', 'frame-counter', '--out', 'a.csv'], { cwd: served });
    expect(gone.stderr).toContain('(directory-not-writable)');
    expect(gone.code).toBe(2);
  });

  it('lets two batches in at once', async () => {
    const cwd = await folderWithRows(3);
    await startServe(cwd);
    const runs = await Promise.all(
      ['one', 'two'].map((out) => runCli([...batch, '--out', out, '--json'], { cwd })),
    );
    const results = runs.map(({ stdout }) => batchResult.parse(JSON.parse(stdout)));
    for (const { rows } of results) expect(rows).toMatchObject({ total: 3, done: 3 });
    expect(results.reduce((sum, { clips }) => sum + clips.reused, 0)).toBe(2 * 3 * 2 - 4);
    for (const out of ['one', 'two']) expect(await readdir(path.join(cwd, out, 'videos'))).toHaveLength(3);
  });

  it('hands out links that it answers itself', async () => {
    const cwd = await folderWithRows(1);
    const { address } = await startServe(cwd);
    const { code } = await runCli(batch, { cwd });
    expect(code).toBe(0);
    const results = await readFile(path.join(cwd, 'out', 'results.csv'), 'utf8');
    const [video = '', poster = ''] = results.match(/http:[^,]+/g) ?? [];
    expect(video).toMatch(new RegExp(`^${address}/f/[\\w-]+$`));
    const [film, picture] = await Promise.all([fetch(video), fetch(poster)]);
    expect([film.status, film.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const bytes = Buffer.from(await film.arrayBuffer());
    expect(bytes.equals(await readFile(path.join(cwd, 'out', 'videos', 'c-1.mp4')))).toBe(true);
  });

  it('makes a first key once; keys are made, listed, used and revoked while it runs', async () => {
    const cwd = await folderWithRows(1);
    const { process, address, key: first } = await startServe(cwd);
    expect(first).toBeDefined();
    const ordered = await fetch(`${address}/v1/renders`, withKey(first, campaign('Ada')));
    expect(ordered.status).toBe(202);

    const created = await runCli(['keys', 'create', '--name', ' shop ', '--scope', 'read', '--json'], {
      cwd,
    });
    const made = keyCreatedResult.parse(JSON.parse(created.stdout));
    expect(made).toMatchObject({ name: 'shop', scopes: ['read'], revokedAt: null });
    expect(created.stderr).not.toContain(made.key);
    const templates = () => fetch(`${address}/v1/templates`, withKey(made.key));
    expect((await templates()).status).toBe(200);
    expect((await fetch(`${address}/v1/renders`, withKey(made.key, campaign('Bo')))).status).toBe(403);

    const listed = await runCli(['keys', 'list', '--json'], { cwd });
    const { keys } = keysResult.parse(JSON.parse(listed.stdout));
    expect(keys.map(({ name, scopes }) => [name, ...scopes])).toEqual([
      ['first', 'admin'],
      ['shop', 'read'],
    ]);
    expect(listed.stdout).not.toContain(made.key.slice(20));

    const revoked = await runCli(['keys', 'revoke', made.id, '--json'], { cwd });
    expect(keyRevokedResult.parse(JSON.parse(revoked.stdout))).toEqual({ id: made.id, revoked: true });
    await sleep(2_100);
    expect((await templates()).status).toBe(401);

    const unknown = await runCli(['keys', 'revoke', '000000000000', '--json'], { cwd });
    expect(errorResult.parse(JSON.parse(unknown.stdout)).error.code).toBe('key-unknown');
    expect(unknown.code).toBe(2);

    process.kill('SIGTERM');
    expect((await process.ended).code).toBe(0);
    const plain = await runCli(['keys', 'create', '--name', 'mail'], { cwd });
    expect(plain.stdout).toMatch(/^bsp_[0-9a-f]{12}_[\w-]{43}\n$/);
    expect(plain.stderr).not.toContain('the server that runs');
    const again = await startServe(cwd);
    expect(again.key).toBeUndefined();
    const used = await fetch(`${again.address}/v1/templates`, withKey(plain.stdout.trim()));
    expect(used.status).toBe(200);
  });

  it('says where it is, holds its workspace and port, and ends with 0 when asked', async () => {
    const cwd = await folderWithRows(0);
    const { process, address, port } = await startServe(cwd);
    await untilReady(address);

    const second = await runCli(['serve', '--port', '0'], { cwd });
    expect(second.stderr.replace(/\s+/g, ' ')).toContain(`Process ${process.pid} (bespoke serve, since`);
    expect([second.code, second.stderr.includes('(workspace-held)')]).toEqual([2, true]);

    const elsewhere = await testFolder();
    const taken = await runCli(['serve', '--port', String(port)], { cwd: elsewhere });
    expect(taken.stderr.replace(/\s+/g, ' ')).toContain(
      `Another program listens on port ${port} of 127.0.0.1. Choose another port with --port.`,
    );
    expect([taken.code, taken.stderr.includes('(address-in-use)')]).toEqual([2, true]);

    process.kill('SIGINT');
    const { code, stderr } = await process.ended;
    expect(stderr).toContain(`Docs       ${address}/docs`);
    expect(stderr).toContain('Stopped. Nothing is lost.');
    expect(code).toBe(0);
    // Without a terminal, requests are logged as JSON.
    const logged = stderr.split('\n').find((line) => line.startsWith('{'));
    expect(JSON.parse(logged ?? '')).toMatchObject({ level: 'info', route: '/readyz', status: 200 });
  });

  it('warns of links that lead nowhere, and refuses to be only half a server', async () => {
    const cwd = await folderWithRows(0);
    const open = startCli(['serve', '--host', '0.0.0.0', '--port', '0', '--json'], { cwd });
    const said = await open.says(/^Ready\./m);
    expect(said.replace(/\s+/g, ' ')).toMatch(/on all addresses, but BESPOKE_PUBLIC_URL is not set/);
    open.kill('SIGTERM');
    const { stdout } = await open.ended;
    expect(serveResult.parse(JSON.parse(stdout))).toMatchObject({ stoppedBy: 'SIGTERM', gaveBack: false });

    const half = await runCli(['serve', '--no-worker', '--json'], { cwd });
    expect(errorResult.parse(JSON.parse(half.stdout)).error.code).toBe('worker-alone');
    expect(half.code).toBe(2);
    const wrong = await runCli(['serve', '--host', 'not.a.host.invalid', '--port', '0'], { cwd });
    expect(wrong.stderr).toContain('--host takes an address of this machine');
    expect(wrong.code).toBe(2);
  });
});
