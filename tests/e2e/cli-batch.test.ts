import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  batchResult,
  campaignsResult,
  errorResult,
  planResult,
  renderResult,
  stillsResult,
} from '../../cli/json-results.ts';
import { storyCheckResult } from '../../cli/json-results.ts';
import { decodeMark } from '../fixtures/templates/frame-counter/frame-colour.ts';
import { brokenNames } from '../fixtures/templates/frame-counter/template.ts';
import { keptFolder, runCli, testFolder } from './cli-process.ts';
import { decodeFrames } from './decode-video.ts';
import { makeWorkspace } from './deployment.ts';

/** A host of one picture: plain white. */
async function openHost(): Promise<string> {
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ffffff' } })
    .png()
    .toBuffer();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' }).end(picture);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [width, height] = [320, 180];

function nameColour(pixel: Uint8Array = new Uint8Array()): string {
  const bits = [...pixel].map((value) => (value > 128 ? 1 : 0)).join('');
  return { '111': 'white', '000': 'black', '100': 'red', '010': 'green', '001': 'blue' }[bits] ?? bits;
}

const csv = 'Customer ID;Name;Note\r\nc-1;Anna;x\r\nc-2;;y\r\nc-3;Zoë;=1+1\r\nc-1;Double;z\r\n';
const batch = ['batch', 'a.csv', '-t', 'frame-counter', '-q', 'draft'];

/** One workspace for the file, in the order of the tests: plan, batch, again, one row more. */
describe('bespoke, from a CSV to videos', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = await keptFolder();
    await makeWorkspace(path.join(cwd, '.bespoke'));
    await writeFile(path.join(cwd, 'a.csv'), csv);
  });

  it('plans without rendering, and ends as batch would', async () => {
    const { code, stdout, stderr } = await runCli(['plan', ...batch.slice(1)], { cwd });
    expect(stderr).toMatch(/UTF-8 · separated by semicolons · id in Customer ID/);
    expect(stderr).toMatch(/Not used\s+Note/);
    expect(stdout).toMatch(/intro\s+1\s+1\s+0\s+0\s+1\s+15/);
    expect(stdout).toMatch(/number\s+2\s+0\s+2\s+0\s+2\s+36/);
    expect(stdout).toMatch(/row 2\s+Column "Name" is empty/);
    expect(stdout).toMatch(/row 4\s+Column "Customer ID" holds "c-1"/);
    expect(stdout).toMatch(/2 good, 2 bad/);
    expect(code).toBe(1);
    expect(await readdir(cwd)).not.toContain('out');
  });

  it('makes the good rows, says why others are bad, and ends with 1', async () => {
    const { code, stdout, stderr } = await runCli(batch, { cwd });
    expect(stdout).toMatch(/1\s+videos\/c-1\.mp4\s+2\.2 s\s+done · 2 rendered, 0 reused/);
    expect(stdout).toMatch(/3\s+videos\/c-3\.mp4\s+2\.2 s\s+done · 1 rendered, 1 reused · 1 warning/);
    expect(stdout).toMatch(/row 2\s+Column "Name" is empty/);
    expect(stdout).toMatch(/2 new videos · 2 rows failed · 3 clips rendered, 1 reused/);
    expect(stdout).toContain(path.join('out', 'results.csv'));
    expect(stderr).toMatch(/^done {6}videos\/c-1\.mp4/m);
    expect(code).toBe(1);
    const results = await readFile(path.join(cwd, 'out', 'results.csv'), 'utf8');
    expect(
      results
        .split('\r\n')
        .slice(1, 5)
        .map((line) => line.split(';')[3]),
    ).toEqual(['done', 'failed', 'done', 'failed']);
    for (const name of ['videos/c-3.mp4', 'posters/c-3.jpg', 'teasers/c-3.gif', 'captions/c-3.vtt']) {
      expect((await stat(path.join(cwd, 'out', name))).size).toBeGreaterThan(0);
    }
  });

  it('fails only the rows that the template does not work for, and says where and why', async () => {
    const rows = ['Anna', ...brokenNames, 'Zoë'].map((name, index) => `c-${index + 1};${name}`);
    await writeFile(path.join(cwd, 'broken.csv'), ['Customer ID;Name', ...rows, ''].join('\r\n'));
    const command = ['broken.csv', '-t', 'frame-counter', '-q', 'draft'];
    const planned = await runCli(['plan', ...command, '--json'], { cwd });
    const { code, stdout, stderr } = await runCli(['batch', ...command, '-o', 'broken', '--json'], { cwd });
    expect([planned.code, code], stderr).toEqual([1, 1]);

    const report = batchResult.parse(JSON.parse(stdout));
    expect(report.rows).toEqual({ total: 6, done: 2, failed: 4, skipped: 0, cancelled: 0 });
    const number = 'Scene "number" at node "number"';
    const whole = 'It must be a whole number of frames from 1 to 1000000: correct the template.';
    const reasons = [
      'Fact "initial" throws RangeError for this row. Correct the template.',
      `${number} lasts a wrong number of frames for this row. ${whole}`,
      `${number} gives captions that cannot be shown for this row. Each needs a text, and frames from 0 on that are in order: correct the scene’s \`captions\`.`,
      'Fact "greeting" returns a promise for this row. Let it return its value at once.',
    ];
    const bad = reasons.map((message, index) => ({ row: index + 2, code: 'template-failed', message }));
    expect(report.failedRows).toEqual(bad);
    expect(planResult.parse(JSON.parse(planned.stdout)).badRows).toEqual(bad);

    const linesOf = async (name: string) =>
      (await readFile(path.join(cwd, 'broken', name), 'utf8')).split('\r\n').filter((line) => line !== '');
    const results = await linesOf('results.csv');
    expect(results).toHaveLength(7);
    expect(results.slice(1).map((line) => line.split(';')[2])).toEqual([
      'done',
      ...bad.map(() => 'failed'),
      'done',
    ]);
    const failed = await linesOf('failed.csv');
    expect(failed).toHaveLength(5);
    for (const [index, name] of brokenNames.entries()) {
      expect(failed[index + 1]).toContain(`${name};`);
      expect(failed[index + 1]).toContain('template-failed');
    }
  });

  it('holds out a share of the customers, the same each time', async () => {
    const rows = Array.from({ length: 24 }, (_, index) => `c-${index};Anna`);
    await writeFile(path.join(cwd, 'many.csv'), ['Customer ID;Name', ...rows, ''].join('\r\n'));
    const command = ['many.csv', '-t', 'frame-counter', '-q', 'draft', '--holdout', '50%', '--json'];
    const planned = planResult.parse(JSON.parse((await runCli(['plan', ...command], { cwd })).stdout));
    const { heldOut, good } = planned.rows;
    expect(planned.smallestLifts.map(({ baseRate }) => baseRate)).toEqual([0.01, 0.03, 0.1]);
    const said = await runCli(['plan', ...command.slice(0, -1), '--base-rate', '5%'], { cwd });
    expect(said.stdout).toMatch(/Can show\s+where 5 % would act without a video: a lift of [\d,]+ % or more/);
    const hopeless = await runCli(['plan', ...command.slice(0, -1), '--base-rate', '95%'], { cwd });
    expect(hopeless.stdout).toContain('no lift, however large');
    expect(hopeless.stdout).not.toContain('4 of 5');
    expect([heldOut > 0, good > 0, heldOut + good]).toEqual([true, true, 24]);
    const run = async () => {
      const { code, stdout, stderr } = await runCli(
        ['batch', ...command, '-o', 'held', '--days', '20', '--base-rate', '5%'],
        { cwd },
      );
      expect(code, stderr).toBe(0);
      const results = await readFile(path.join(cwd, 'held', 'results.csv'), 'utf8');
      const out = results.split('\r\n').filter((line) => line.endsWith(';holdout;false;'));
      return { rows: batchResult.parse(JSON.parse(stdout)).rows, out: out.map((line) => line.split(';')[0]) };
    };
    const first = await run();
    expect(first.rows).toEqual({ total: 24, done: good, failed: 0, skipped: heldOut, cancelled: 0 });
    expect(first.out).toHaveLength(heldOut);
    expect(await readdir(path.join(cwd, 'held', 'videos'))).toHaveLength(good);
    const second = await run();
    expect(second).toEqual({ rows: { ...first.rows, done: 0, skipped: 24 }, out: first.out });

    // Everybody who has a video renews, and one of the others.
    const renewing = rows.map((row) => row.split(';')[0]).filter((id) => !first.out.slice(1).includes(id));
    const renewals = renewing.map((id) => `${id},${new Date().toISOString()}`);
    await writeFile(path.join(cwd, 'renewals.csv'), ['Customer ID,Time', ...renewals, ''].join('\n'));
    const imported = await runCli(['conversions', 'import', 'renewals.csv', '--name', 'renewed'], { cwd });
    expect(imported.stdout, imported.stderr).toContain(`${good + 1} new conversions.`);
    const listed = await runCli(['links', 'list', '--json'], { cwd });
    const { campaigns } = campaignsResult.parse(JSON.parse(listed.stdout));
    const made = campaigns.find((each) => each.rows.total === 24);
    const { code, stdout } = await runCli(['report', made?.id ?? ''], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain(`${good} with a video, ${heldOut} held out`);
    expect(stdout).toMatch(new RegExp(`renewed +100 % \\(${good}\\) +[\\d.]+ % \\(1\\) .*too early to say`));
    expect(stdout).toContain('planned by the order for 20 days, with 5 % expected without a video');
    const answers = await runCli(['answers', made?.id ?? '', '--no-bom'], { cwd });
    expect([answers.code, answers.stdout.trim()], answers.stderr).toEqual([0, 'answers.csv']);
    // Nobody has watched, and the story asks nothing.
    expect(await readFile(path.join(cwd, 'answers.csv'), 'utf8')).toBe('Customer ID;Name\r\n');
    const table = await runCli(['report', made?.id ?? '', '--csv', '--out', 'figures.csv'], { cwd });
    expect(table.code, table.stderr).toBe(0);
    const figures = await readFile(path.join(cwd, 'figures.csv'), 'utf8');
    expect(figures.split('\r\n')).toContain(`all,,,,sent,,${good},,,`);
  });

  it('renders nothing the second time and says so in JSON', async () => {
    const { code, stdout } = await runCli([...batch, '--json'], { cwd });
    const result = batchResult.parse(JSON.parse(stdout));
    expect(result.rows).toEqual({ total: 4, done: 0, failed: 2, skipped: 2, cancelled: 0 });
    expect(result.clips.rendered).toBe(0);
    expect(result.failedRows.map(({ row, code: why }) => [row, why])).toEqual([
      [2, 'row-invalid'],
      [4, 'row-duplicate'],
    ]);
    expect(code).toBe(1);
  });

  it('plans the rerun as free of charge', async () => {
    const { stdout } = await runCli(['plan', ...batch.slice(1), '--limit', '1', '--json'], { cwd });
    const plan = planResult.parse(JSON.parse(stdout));
    expect(plan.clips).toEqual({ distinct: 2, stored: 2, toRender: 0 });
    expect(plan.rows).toEqual({ good: 1, bad: 0, erased: 0, heldOut: 0 });
  });

  it('takes failed.csv back after a correction and ends with 0', async () => {
    const failed = await readFile(path.join(cwd, 'out', 'failed.csv'), 'utf8');
    const corrected = failed.replace('c-2;;', 'c-2;Bo;').replace('c-1;Double', 'c-4;Double');
    await writeFile(path.join(cwd, 'corrected.csv'), corrected);
    const { code, stdout } = await runCli(
      ['batch', 'corrected.csv', '-t', 'frame-counter', '-q', 'draft', '--json'],
      { cwd },
    );
    expect(batchResult.parse(JSON.parse(stdout)).rows.done).toBe(2);
    expect(code).toBe(0);
    expect(await readdir(path.join(cwd, 'out', 'videos'))).toEqual([
      'c-1.mp4',
      'c-2.mp4',
      'c-3.mp4',
      'c-4.mp4',
    ]);
  });

  it('makes one video from a record on standard input', async () => {
    const args = ['render', '-t', 'frame-counter', '-q', 'draft', '--record-file', '-', '--out', 'bo.mp4'];
    const { code, stdout } = await runCli(args, { cwd, input: '{"name":"Bo"}' });
    expect(stdout).toBe('bo.mp4\n');
    expect(code).toBe(0);
    const again = await runCli([...args, '--json'], { cwd, input: '{"name":"Bo"}' });
    const result = renderResult.parse(JSON.parse(again.stdout));
    expect(result.video).toBe(path.join(cwd, 'bo.mp4'));
    expect(result.clips.rendered).toBe(0);
  });

  it('makes one video of the way that a viewer would choose', async () => {
    const args = ['render', '-t', 'crossroads', '-q', 'draft', '--record', '{"name":"Anna"}'];
    const chosen = await runCli([...args, '--path', 'right,town=Rom', '--out', 'way.mp4'], { cwd });
    expect(chosen.stderr).toContain('3 clips rendered');
    expect(chosen.code).toBe(0);
    const watched = await runCli([...args, '--out', 'way.mp4'], { cwd });
    expect(watched.code).toBe(0);
    const again = await runCli([...args, '--path', 'right,town=Rom', '--out', 'way.mp4'], { cwd });
    expect(again.stderr).toContain('0 clips rendered');
    const frames = await decodeFrames(path.join(cwd, 'way.mp4'), { width: 640, height: 360 });
    const drawn = frames.map(([r = 0, g = 0, b = 0]) => decodeMark({ r, g, b }));
    const scene = (name: 'intro' | 'number', length: number, nameMark: number) =>
      Array.from({ length }, (_, frame) => ({ scene: name, frame, nameMark }));
    expect(drawn).toEqual([
      ...[...scene('intro', 4, 0), ...scene('number', 5, 2)],
      ...[...scene('intro', 4, 0), ...scene('number', 5, 3)],
    ]);
  });

  it('sees in stored clips whether they can be joined', async () => {
    const { code, stdout, stderr } = await runCli(['story', 'check', 'crossroads', '--stored', '--json'], {
      cwd,
    });
    expect(stderr).toMatch(/[1-9]\d* stored clips? checked/);
    expect(storyCheckResult.parse(JSON.parse(stdout)).findings).toEqual([]);
    expect(code).toBe(0);
  });

  it('names every field that keeps a record from becoming a video', async () => {
    const args = ['render', '-t', 'frame-counter', '--record', '{"nmae":"Bo"}', '--json'];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(stderr).toContain('Did you mean "name"?');
    expect(errorResult.parse(JSON.parse(stdout)).error.code).toBe('record-invalid');
    expect(code).toBe(1);
  });

  it('draws each scene of a row at rest', async () => {
    const args = ['stills', 'a.csv', '-t', 'frame-counter', '-q', 'draft', '--row', '3'];
    const { code, stdout } = await runCli(args, { cwd });
    const files = stdout.trim().split('\n');
    expect(files.map((file) => path.basename(file))).toEqual(['01-intro.png', '02-number.png']);
    for (const file of files) {
      expect(await sharp(path.join(cwd, file)).metadata()).toMatchObject({ width: 640, height: 360 });
    }
    expect(code).toBe(0);
    const bad = await runCli([...args.slice(0, -1), '2'], { cwd });
    expect(bad.stderr).toContain('Column "Name" is empty');
    expect(bad.code).toBe(1);
  });

  it('draws without the engines: it neither needs them nor leaves anything in them', async () => {
    const elsewhere = await testFolder();
    const workspace = path.join(elsewhere, '.bespoke');
    await makeWorkspace(workspace, { embedded: false });
    await writeFile(path.join(elsewhere, 'a.csv'), csv);
    const args = ['stills', 'a.csv', '-t', 'frame-counter', '--row', '1'];
    const nowhere = {
      REDIS_URL: 'redis://127.0.0.1:1',
      DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c',
      BESPOKE_STORE: path.join(elsewhere, 'shared'),
      BESPOKE_SECRET: 'a'.repeat(64),
    };
    for (const env of [nowhere, {}]) {
      const { code, stderr } = await runCli(args, { cwd: elsewhere, env });
      expect(code, stderr).toBe(0);
    }
    expect((await readdir(elsewhere)).sort()).toEqual(['.bespoke', 'a.csv', 'stills']);
    expect((await readdir(workspace)).sort()).toEqual(['.gitignore', 'cache', 'owner']);
    expect(await readdir(path.join(workspace, 'owner'))).toEqual([]);
  });

  it('draws a sheet of the riskiest rows', async () => {
    const args = ['stills', 'a.csv', '-t', 'frame-counter', '--worst', '2', '--json'];
    const { code, stdout } = await runCli(args, { cwd });
    const { sheet } = stillsResult.parse(JSON.parse(stdout));
    const { width, height } = await sharp(sheet ?? '').metadata();
    expect(width).toBeGreaterThan(2 * 320);
    expect(height).toBeGreaterThan(2 * 180);
    expect(code).toBe(0);
  });

  it('makes a scene of each row of a second table, and one clip for all who bought the same', async () => {
    const host = await openHost();
    const customers = 'id,name,note\r\nc1,Anna,x\r\nc2,Bo,y\r\nc3,Cleo,z\r\nc4,Dan,w\r\n';
    await writeFile(path.join(cwd, 'customers.csv'), customers);
    const mug = `Mug,"12,50 EUR",${host}/mug.png`;
    const orders = [`c1,${mug}`, `c2,${mug}`, 'c9,Hat,1 EUR,', 'c1,Cap,20 EUR,', 'c4,Pen,dear,'];
    await writeFile(path.join(cwd, 'orders.csv'), ['customer,Name,Price,Picture', ...orders].join('\n'));

    const join = ['--join', 'products=orders.csv:customer'];
    const { code, stdout, stderr } = await runCli(
      ['batch', 'customers.csv', '-t', 'basket', '-q', 'high', ...join, '-o', 'lists', '--json'],
      { cwd, env: { BESPOKE_IMAGE_ORIGINS: host } },
    );
    expect(stderr).toMatch(/orders\.csv → products: 4 rows for 3 customers · 1 row of no customer/);
    expect(code, stderr).toBe(1);
    const report = batchResult.parse(JSON.parse(stdout));
    expect(report.rows).toMatchObject({ total: 4, done: 3, failed: 1 });
    expect(report.failedRows[0]?.message).toContain('Column "products[0].price" holds "dear"');
    // Mug, Cap, and the sum of each.
    expect(report.clips).toMatchObject({ rendered: 5 });

    const results = await readFile(path.join(cwd, 'lists', 'results.csv'), 'utf8');
    expect(results).toMatch(/^\uFEFF?id,name,note,bespoke_status/);
    expect(results).toMatch(/c1,Anna,x,done,/);
    /** What each scene shows on its left and right, in the middle of its four frames. */
    const colours = async (id: string) => {
      const frames = await decodeFrames(path.join(cwd, 'lists', 'videos', `${id}.mp4`), { width, height });
      expect(frames.length % 4).toBe(0);
      return Array.from({ length: frames.length / 4 }, (_, at) => {
        const frame = frames[4 * at + 2];
        return [90, 300].map((x) =>
          nameColour(frame?.subarray(3 * (90 * width + x), 3 * (90 * width + x) + 3)),
        );
      });
    };
    expect(await colours('c1')).toEqual([
      ['white', 'black'],
      ['red', 'black'],
      ['green', 'green'],
    ]);
    expect(await colours('c2')).toEqual([
      ['white', 'black'],
      ['blue', 'blue'],
    ]);
    expect(await colours('c3')).toEqual([['blue', 'blue']]);
  });
});
