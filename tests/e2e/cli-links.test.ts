import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchResult, campaignsResult, linksResult } from '../../cli/json-results.ts';
import { createClient } from '../../client/api-client.ts';
import { runCli } from './cli-process.ts';
import { folderWithRows, startServe } from './cli-server.ts';
import { readTable } from './run-csv.ts';

type Row = Readonly<Record<string, string>>;

describe('bespoke batch --link-key', () => {
  it('shows corrected data behind the links that were mailed, and keeps those of unchanged rows', async () => {
    const cwd = await folderWithRows(0);
    const { address, key = '' } = await startServe(cwd);
    const client = createClient({ baseUrl: address, key });
    const batch = async (names: readonly string[], out: string) => {
      const rows = names.map((name, index) => `c-${index + 1},${name}`);
      await writeFile(path.join(cwd, 'a.csv'), `customer_id,name\n${rows.join('\n')}\n`);
      const command = ['batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft', '--link-key', 'spring'];
      const { stdout, stderr } = await runCli([...command, '-o', out, '--json'], {
        cwd,
        env: { BESPOKE_PUBLIC_URL: address },
      });
      expect(stderr).not.toMatch(/error/i);
      const { rows: written } = await readTable(path.join(cwd, out, 'results.csv'));
      return { report: batchResult.parse(JSON.parse(stdout)), rows: written };
    };
    const captions = async ({ bespoke_page: page = '' }: Row): Promise<string> => {
      const row = (await rowsOf()).find(({ links }) => links.page === page);
      return (await fetch(row?.links.captions ?? '')).text();
    };
    const rowsOf = async () => {
      const { campaigns } = await client.listCampaigns();
      return (await client.listCampaignRows(campaigns[0]?.id ?? '')).rows;
    };

    const first = await batch(['Anna', 'Bo'], 'out');
    const [anna = {}, bo = {}] = first.rows;
    expect(anna['bespoke_page']).toMatch(/\/v\/[\w-]{44}$/);
    expect(await captions(anna)).toContain('Anna');
    const video = await fetch(anna['bespoke_video'] ?? '');
    const before = await video.arrayBuffer();
    expect(video.headers.get('cache-control')).toBe('private, no-cache');

    const second = await batch(['Hanna', 'Bo'], 'out');
    expect(second.rows.map((row) => row['bespoke_status'])).toEqual(['done', 'skipped']);
    for (const [index, row] of [anna, bo].entries()) {
      for (const column of ['bespoke_page', 'bespoke_video', 'bespoke_poster', 'bespoke_teaser']) {
        expect(second.rows[index]?.[column], column).toBe(row[column]);
      }
    }
    expect(second.report.clips).toMatchObject({ rendered: 1 });
    expect(await captions(anna)).toContain('Hanna');
    expect(
      Buffer.from(before).equals(Buffer.from(await (await fetch(anna['bespoke_video'] ?? '')).arrayBuffer())),
    ).toBe(false);
    expect((await fetch(anna['bespoke_poster'] ?? '')).status).toBe(200);
    expect((await fetch(anna['bespoke_page'] ?? '')).status).toBe(200);
    expect(await readFile(path.join(cwd, 'out', 'captions', 'c-1.vtt'), 'utf8')).toContain('Hanna');

    // An equal file renders nothing and changes nothing.
    const third = await batch(['Hanna', 'Bo'], 'out');
    expect(third.rows.map((row) => row['bespoke_status'])).toEqual(['skipped', 'skipped']);
    expect(third.rows.map((row) => row['bespoke_page'])).toEqual(
      second.rows.map((row) => row['bespoke_page']),
    );
    expect(await captions(anna)).toContain('Hanna');
  });
});

describe('bespoke links', () => {
  it('lists, ends, renews and withdraws what was mailed', async () => {
    const cwd = await folderWithRows(2);
    const { address } = await startServe(cwd);
    const run = async (...args: readonly string[]) => {
      const { stdout, stderr, code } = await runCli(args, { cwd, env: { BESPOKE_PUBLIC_URL: address } });
      return { stdout, stderr, code };
    };
    const json = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await run(...args, '--json')).stdout);
    await json('batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft', '--link-key', 'spring', '-o', 'out');

    const { campaigns } = campaignsResult.parse(await json('links', 'list'));
    expect(campaigns).toMatchObject([{ template: 'frame-counter', linkKey: 'spring', rows: { done: 2 } }]);
    const id = campaigns[0]?.id ?? '';
    const listed = async () => linksResult.parse(await json('links', 'list', id)).links;
    const first = await listed();
    expect(first.map(({ row, customerId, state }) => [row, customerId, state])).toEqual([
      [1, 'c-1', 'active'],
      [2, 'c-2', 'active'],
    ]);
    const statusOf = async (page = ''): Promise<number> => (await fetch(page)).status;
    expect(await statusOf(first[0]?.links.page)).toBe(200);
    expect((await run('links', 'list', id)).stdout).toContain(first[1]?.links.page);

    expect(await json('links', 'expire', id, '2027-01-31')).toEqual({ id, of: 'campaign', videos: 2 });
    expect((await listed()).map(({ expiresAt }) => expiresAt)).toEqual([
      ...['2027-01-31T23:59:59.000Z', '2027-01-31T23:59:59.000Z'],
    ]);

    const refused = await run('links', 'withdraw', id);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Add --yes')]);
    expect(await statusOf(first[0]?.links.page)).toBe(200);
    expect((await run('links', 'withdraw', id, '--yes')).stdout).toContain(
      'The links of 2 videos no longer work.',
    );
    expect(await statusOf(first[0]?.links.page)).toBe(404);
    expect((await listed()).map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn']);

    expect((await run('links', 'renew', id, '--until', '2027-02-28', '--yes')).code).toBe(0);
    const [renewed] = await listed();
    expect(renewed).toMatchObject({ state: 'active', expiresAt: '2027-02-28T23:59:59.000Z' });
    expect(await statusOf(renewed?.links.page)).toBe(200);
    expect(await statusOf(first[0]?.links.page)).toBe(404);

    const one = renewed?.render ?? '';
    expect(await json('links', 'withdraw', one, '--yes')).toEqual({ id: one, of: 'render', videos: 1 });
    expect((await listed()).map(({ state }) => state)).toEqual(['withdrawn', 'active']);
    const unknown = await run('links', 'list', '9a4e5f7a-6a2f-4a10-8f0f-5f1e6c1b4c37');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('There is no campaign')]);
  });
});
