import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bespokeColumns } from '../../data/csv/write-tables.ts';
import type { OpenPipeline, RunningWorker } from '../../worker/compose.ts';
import { decodeFrames } from './decode-video.ts';
import {
  engineColumns,
  newDeployment,
  openDeployment,
  removeDeployment,
  type Deployment,
} from './deployment.ts';
import { BespokeError } from '../../errors/bespoke-error.ts';
import { readTable, runCsv, statusesOf } from './run-csv.ts';
import { watchParts, type PartEvent } from './watched-parts.ts';

const draft = { width: 640, height: 360 };

const customers = [
  'Customer ID;First Name;Note',
  'c-1;Anna;"two',
  'lines"',
  'c-2;;nobody',
  'c-3;Zoë;=1+1',
  ';;',
  'c-1;Double;again',
  '../c-5;Anna;" as the first "',
  '',
].join('\r\n');

/** A host of pictures that can be away. */
interface PictureHost {
  readonly origin: string;
  picture: Buffer | undefined;
  asked: number;
  readonly close: () => Promise<void>;
}

async function openPictureHost(): Promise<PictureHost> {
  const server: Server = createServer((_request, response) => {
    host.asked += 1;
    if (host.picture === undefined) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'image/png' }).end(host.picture);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host: PictureHost = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    picture: undefined,
    asked: 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return host;
}

/** One deployment for each column, used by the tests in their order, as its owner would. */
describe.each(engineColumns)('a campaign on %s', (column) => {
  let deployment: Deployment;
  let open: OpenPipeline;
  let worker: RunningWorker;
  let host: PictureHost;
  let folder: string;
  const events: PartEvent[] = [];
  let teasersFail = false;

  const rendered = () => events.flatMap((event) => (event.type === 'render' ? [event] : []));
  const inOut = (...parts: string[]) => path.join(folder, 'out', ...parts);
  const run = (csv: string, text?: string) =>
    runCsv(open.pipeline, { csv, folder, ...(text !== undefined && { text }) });

  beforeAll(async () => {
    host = await openPictureHost();
    const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
    deployment = await newDeployment(column, servers, { imageOrigins: [host.origin] });
    ({ folder } = deployment);
    const watched = watchParts((event) => events.push(event));
    open = await openDeployment(deployment, {
      exchangeParts: (parts) => ({
        ...watched(parts),
        media: {
          ...parts.media,
          teaser: async (...of) => {
            if (teasersFail) throw new BespokeError('media-failed', 'There was no picture.');
            await parts.media.teaser(...of);
          },
        },
      }),
    });
    worker = await open.startWorker();
  });
  afterAll(async () => {
    await worker.stop('drain');
    await open.close();
    await host.close();
    await removeDeployment(deployment);
  });

  it('gives every row exactly one status and its cells back as they came', async () => {
    events.length = 0;
    const report = await run('customers.csv', customers);
    expect(report).toMatchObject({ rows: 5, done: 3, failed: 2, skipped: 0, cancelled: 0 });
    expect(
      rendered()
        .map(({ scene, inputs }) => `${scene} ${JSON.stringify(inputs)}`)
        .sort(),
    ).toEqual(['intro {}', 'number {"name":"Anna"}', 'number {"name":"Zoë"}']);

    const results = await readTable(report.resultsFile, ';');
    expect(results.bom).toBe(true);
    expect(results.header).toEqual(['Customer ID', 'First Name', 'Note', ...bespokeColumns]);
    expect(results.rows.map((row) => [row['Customer ID'], row['First Name'], row.Note])).toEqual([
      ['c-1', 'Anna', 'two\r\nlines'],
      ['c-2', '', 'nobody'],
      ['c-3', 'Zoë', '=1+1'],
      ['c-1', 'Double', 'again'],
      ['../c-5', 'Anna', ' as the first '],
    ]);
    expect(results.rows.map((row) => [row.bespoke_status, row.bespoke_error_code])).toEqual([
      ['done', ''],
      ['failed', 'row-invalid'],
      ['done', ''],
      ['failed', 'row-duplicate'],
      ['done', ''],
    ]);
    expect(results.rows[1]?.bespoke_error).toContain('First Name');
    expect(results.rows[2]?.bespoke_warnings).toContain('Note');

    const failed = await readTable(report.failedFile, ';');
    expect(failed.bom).toBe(true);
    expect(failed.header).toEqual(results.header);
    expect(failed.rows).toEqual([results.rows[1], results.rows[3]]);
  });

  it('names files that exist, within the folder, and that can be shown', async () => {
    const { rows } = await readTable(inOut('results.csv'), ';');
    const done = rows.filter((row) => row.bespoke_status === 'done');
    for (const row of done) {
      expect(row.bespoke_duration_s).toBe('2.2');
      expect(row.bespoke_page).toBe('');
      const { bespoke_video: video = '', bespoke_poster: poster = '', bespoke_teaser: teaser = '' } = row;
      for (const each of [video, poster, teaser]) {
        expect(each).toMatch(/^(videos|posters|teasers)\/[^/]+\.(mp4|jpg|gif)$/);
        expect(path.dirname(path.dirname(inOut(each)))).toBe(inOut());
      }
      expect(await decodeFrames(inOut(video), draft)).toHaveLength(33);

      const still = sharp(inOut(poster));
      expect(await still.metadata()).toMatchObject({ format: 'jpeg', ...draft });
      expect((await still.raw().toBuffer()).length).toBe(640 * 360 * 3);

      const moving = await sharp(inOut(teaser), { animated: true }).metadata();
      expect(moving).toMatchObject({ format: 'gif', loop: 0 });
      expect(moving.pages).toBeGreaterThan(2);
      expect((await stat(inOut(teaser))).size).toBeLessThan(1_000_000);

      const captions = await readFile(inOut('captions', `${path.basename(video, '.mp4')}.vtt`), 'utf8');
      expect(captions).toBe(
        'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nCounting\n\n' +
          `00:00:01.000 --> 00:00:02.200\n${row['First Name']}\n`,
      );
    }
    expect(await readdir(inOut('videos'))).toHaveLength(3);
    expect((await readdir(inOut())).sort()).toEqual(
      ['.bespoke-batch', 'captions', 'failed.csv', 'posters', 'results.csv', 'teasers', 'videos'].sort(),
    );
  });

  it('takes failed.csv back after a fix', async () => {
    events.length = 0;
    const failed = await readFile(inOut('failed.csv'), 'utf8');
    const fixed = failed.replace('c-2;;', 'c-2;Bo;').replace('c-1;Double', 'c-6;Zoë');
    const report = await run('fixed.csv', fixed);
    expect(report).toMatchObject({ rows: 2, done: 2, failed: 0 });
    expect(rendered().map(({ inputs }) => inputs)).toEqual([{ name: 'Bo' }]);
    const { header, rows } = await readTable(report.resultsFile, ';');
    expect(header).toEqual(['Customer ID', 'First Name', 'Note', ...bespokeColumns]);
    expect(rows.map((row) => row.bespoke_error)).toEqual(['', '']);
    expect((await readTable(report.failedFile, ';')).rows).toEqual([]);
    expect(await readdir(inOut('videos'))).toHaveLength(5);
  });

  it('takes a workbook with titles and totals, and writes its rows as a CSV', async () => {
    const workbook = await readFile(
      path.resolve(import.meta.dirname, '../data/tables/titles-and-totals.xlsx'),
    );
    const outcome = await runCsv(open.pipeline, {
      csv: 'report.xlsx',
      text: workbook,
      folder,
      out: 'workbook',
    });
    expect(outcome.input).toMatchObject({ format: 'xlsx', headerRow: 4, skippedRows: 5 });
    const { header, rows } = await readTable(outcome.resultsFile);
    expect(header.slice(0, 5)).toEqual(['customer_id', 'first_name', 'city', 'amount', 'bespoke_status']);
    expect(
      rows.map(({ customer_id, amount, bespoke_status }) => [customer_id, amount, bespoke_status]),
    ).toEqual([
      ['c-1', '10', 'done'],
      ['c-2', '20', 'done'],
      ['c-3', '30', 'done'],
    ]);
  });

  it('renders nothing for rows that did not change', async () => {
    events.length = 0;
    const before = await stat(inOut('videos', 'c-3.mp4'));
    const report = await run('customers.csv');
    expect(report).toMatchObject({ rows: 5, done: 0, skipped: 3, failed: 2 });
    expect(events).toEqual([]);
    const { ino, mtimeMs } = await stat(inOut('videos', 'c-3.mp4'));
    expect({ ino, mtimeMs }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs });
    const { rows } = await readTable(report.resultsFile, ';');
    expect(rows[0]).toMatchObject({ bespoke_status: 'skipped', bespoke_video: 'videos/c-1.mp4' });
  });

  it('renders only the clips of a row that was edited', async () => {
    events.length = 0;
    const report = await run('customers.csv', customers.replace('Zoë', 'Zoé'));
    expect(await statusesOf(report, ';')).toEqual(['skipped', 'failed', 'done', 'failed', 'skipped']);
    expect(rendered().map(({ inputs }) => inputs)).toEqual([{ name: 'Zoé' }]);
  });

  it('brings back what was deleted from the output, without rendering', async () => {
    events.length = 0;
    await rm(inOut('teasers', 'c-1.gif'));
    const report = await run('customers.csv', customers.replace('Zoë', 'Zoé'));
    expect(await statusesOf(report, ';')).toEqual(['done', 'failed', 'skipped', 'failed', 'skipped']);
    expect((await stat(inOut('teasers', 'c-1.gif'))).size).toBeGreaterThan(0);
    expect(events).toEqual([]);
  });

  it('renders a clip again whose file was deleted from the store', async () => {
    expect(await storedClips(folder)).not.toEqual([]);
    for (const shelf of ['clips', 'videos']) await rm(path.join(folder, 'store', shelf), { recursive: true });
    await rm(inOut('videos'), { recursive: true });
    events.length = 0;
    const report = await run('customers.csv', customers);
    expect(await statusesOf(report, ';')).toEqual(['done', 'failed', 'done', 'failed', 'done']);
    expect(
      rendered()
        .map(({ scene, inputs }) => `${scene} ${JSON.stringify(inputs)}`)
        .sort(),
    ).toEqual(['intro {}', 'number {"name":"Anna"}', 'number {"name":"Zoë"}']);
    expect(await decodeFrames(inOut('videos', 'c-3.mp4'), draft)).toHaveLength(33);
  });

  it('takes a video again whose poster was deleted from the store', async () => {
    for (const shelf of ['posters', 'captions']) {
      await rm(path.join(folder, 'store', shelf), { recursive: true });
    }
    await rm(inOut('posters'), { recursive: true });
    events.length = 0;
    const report = await run('customers.csv', customers);
    expect(await statusesOf(report, ';')).toEqual(['done', 'failed', 'done', 'failed', 'done']);
    expect(rendered()).toEqual([]);
    expect((await stat(inOut('posters', 'c-3.jpg'))).size).toBeGreaterThan(0);
  });

  it('ends without a teaser that cannot be made, says so, and makes it the next time', async () => {
    const text = 'id,name\nt-1,Tea\n';
    const batch = { csv: 'teasers.csv', text, folder, out: 'teasers' } as const;
    teasersFail = true;
    const report = await runCsv(open.pipeline, batch);
    teasersFail = false;
    expect(report).toMatchObject({ rows: 1, done: 1, failed: 0 });
    const [row] = (await readTable(report.resultsFile)).rows;
    expect(row?.bespoke_warnings).toMatch(/The teaser could not be made: There was no picture\./);
    const files = async () => (await readdir(path.join(folder, 'teasers'), { recursive: true })).sort();
    expect(await files()).toEqual(expect.arrayContaining(['videos/t-1.mp4', 'posters/t-1.jpg']));
    expect(await files()).not.toContain('teasers/t-1.gif');

    const again = await runCsv(open.pipeline, batch);
    expect(again).toMatchObject({ done: 1, failed: 0 });
    expect(await files()).toContain('teasers/t-1.gif');
    expect((await readTable(again.resultsFile)).rows[0]?.bespoke_warnings).toBe('');
  });

  it('shows the fallback and says so while a picture cannot be had, and the picture later, see-through where it is', async () => {
    const text = `id,name,photo_url\np-1,Anna,${host.origin}/anna.png\np-2,Bo,\n`;
    const portraits = { csv: 'portraits.csv', text, folder, template: 'portrait', out: 'portraits' } as const;
    const middle = async (height = 0.3) => {
      const jpeg = await readFile(path.join(folder, 'portraits/posters/p-1.jpg'));
      const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
      const at = (Math.round(info.height * height) * info.width + Math.round(info.width / 2)) * 3;
      return [...data.subarray(at, at + 3)];
    };

    events.length = 0;
    const away = await runCsv(open.pipeline, portraits);
    expect(away).toMatchObject({ rows: 2, done: 2, failed: 0 });
    const [first, second] = (await readTable(away.resultsFile)).rows;
    expect(first?.bespoke_warnings).toMatch(/Photo: the server answered 503; the fallback is shown/);
    expect(first?.bespoke_error).toBe('');
    expect(second?.bespoke_warnings).toBe('');
    expect(rendered()).toHaveLength(2);
    const [red = 0, green = 255] = await middle();
    expect(red).toBeGreaterThan(150);
    expect(green).toBeLessThan(60);

    events.length = 0;
    host.picture = await sharp({
      create: { width: 80, height: 40, channels: 4, background: { r: 0, g: 200, b: 0, alpha: 1 } },
    })
      .extend({ bottom: 40, background: '#00000000' })
      .png()
      .toBuffer();
    const back = await runCsv(open.pipeline, portraits);
    expect(await statusesOf(back)).toEqual(['done', 'skipped']);
    expect((await readTable(back.resultsFile)).rows[0]?.bespoke_warnings).toBe('');
    expect(rendered().map(({ inputs }) => inputs)).toMatchObject([
      { name: 'Anna', photo: { kind: 'stored' } },
    ]);
    const [noRed = 255, muchGreen = 0] = await middle();
    expect(noRed).toBeLessThan(60);
    expect(muchGreen).toBeGreaterThan(150);
    // The scene is black below the picture.
    expect(Math.max(...(await middle(0.7)))).toBeLessThan(30);

    events.length = 0;
    host.picture = undefined;
    const { asked } = host;
    expect(await statusesOf(await runCsv(open.pipeline, portraits))).toEqual(['skipped', 'skipped']);
    expect(host.asked).toBe(asked);
    expect(events).toEqual([]);
  });
});

async function storedClips(folder: string): Promise<readonly string[]> {
  const files = await readdir(path.join(folder, 'store', 'clips'), { recursive: true });
  return files.filter((file) => file.endsWith('.mp4'));
}
