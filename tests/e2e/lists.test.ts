import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { batchResult } from '../../cli/json-results.ts';
import { runCli, testFolder } from './cli-process.ts';
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

it('makes a scene of each row of a second table, and one clip for all who bought the same', async () => {
  const host = await openHost();
  const cwd = await testFolder();
  await makeWorkspace(path.join(cwd, '.bespoke'));
  const customers = 'id,name,note\r\nc1,Anna,x\r\nc2,Bo,y\r\nc3,Cleo,z\r\nc4,Dan,w\r\n';
  await writeFile(path.join(cwd, 'customers.csv'), customers);
  const mug = `Mug,"12,50 EUR",${host}/mug.png`;
  const orders = [`c1,${mug}`, `c2,${mug}`, 'c9,Hat,1 EUR,', 'c1,Cap,20 EUR,', 'c4,Pen,dear,'];
  await writeFile(path.join(cwd, 'orders.csv'), ['customer,Name,Price,Picture', ...orders].join('\n'));

  const join = ['--join', 'products=orders.csv:customer'];
  const { code, stdout, stderr } = await runCli(
    ['batch', 'customers.csv', '-t', 'basket', '-q', 'high', ...join, '--json'],
    { cwd, env: { BESPOKE_IMAGE_ORIGINS: host } },
  );
  expect(stderr).toMatch(/orders\.csv → products: 4 rows for 3 customers · 1 row of no customer/);
  expect(code, stderr).toBe(1);
  const report = batchResult.parse(JSON.parse(stdout));
  expect(report.rows).toMatchObject({ total: 4, done: 3, failed: 1 });
  expect(report.failedRows[0]?.message).toContain('Column "products[0].price" holds "dear"');
  // Mug, Cap, and the sum of each.
  expect(report.clips).toMatchObject({ rendered: 5 });

  const results = await readFile(path.join(cwd, 'out', 'results.csv'), 'utf8');
  expect(results).toMatch(/^\uFEFF?id,name,note,bespoke_status/);
  expect(results).toMatch(/c1,Anna,x,done,/);
  /** What each scene shows on its left and right, in the middle of its four frames. */
  const colours = async (id: string) => {
    const frames = await decodeFrames(path.join(cwd, 'out', 'videos', `${id}.mp4`), { width, height });
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
