import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchResult } from '../../cli/json-results.ts';
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
