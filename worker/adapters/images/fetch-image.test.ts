import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeImageSource } from './fetch-image.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let folder: string;
const closers: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-images-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await rm(folder, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const fetchFrom = (origin: string, url = `${origin}/photo`, limits = {}, ground?: string) =>
  makeImageSource({ allowedOrigins: [origin], ...limits }).fetch(
    url,
    path.join(folder, 'photo.jpg'),
    new AbortController().signal,
    ground,
  );

/** A picture as the source stores it. */
const stored = async (body: Buffer, ground?: string) => {
  const fetched = await fetchFrom(await serve(reply(body)), undefined, {}, ground);
  if (!fetched.ok) throw new Error(fetched.reason);
  const picture = sharp(await readFile(fetched.file));
  const { format } = await picture.metadata();
  const { data } = await picture.clone().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { ...fetched, format, corner: [...data.subarray(0, 4)] };
};

/** A disc of a colour on nothing. */
const disc = (colour: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><circle cx="40" cy="40" r="30" fill="${colour}"/></svg>`,
    ),
  );

/** A picture as iPhones save it, 64 pixels wide. */
const heic = Buffer.from(
  [
    'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAkVtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA',
    'AA5waXRtAAAAAAABAAAANGlsb2MAAAAAREAAAgABAAAAAAJpAAEAAAAAAAAAfAACAAAAAALlAAEAAAAAAAAAEgAAADhpaW5mAAAA',
    'AAACAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAFWluZmUCAAAAAAIAAGh2YzEAAAABhGlwcnAAAAFfaXBjbwAAAHhodmNDAQNwAAAA',
    'AAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq',
    'SSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAAAHJodmND',
    'AQQIAAAAAAAAAAAAHvAA/Pz4+AAADwMgAAEAF0ABDAH//wQIAAADAJ/4AAADAAAeugJAIQABACZCAQEECAAAAwCf+AAAAwAAHsCC',
    'BBZbqSSmubAgAAADACAAAAMAISIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAADnBpeGkAAAAAAQgAAAAnYXV4QwAA',
    'AAB1cm46bXBlZzpoZXZjOjIwMTU6YXV4aWQ6MQAAAAAdaXBtYQAAAAAAAAACAAEDgQKDAAIEhAWGhwAAABppcmVmAAAAAAAAAA5h',
    'dXhsAAIAAQABAAAAlm1kYXQAAAB4KAGvC2AZ/65EuetBt/Llo/X/u/8uH6f8EsO1NXTmEcpEGdrfw0xBTLn17OV9Ak8IoHVi1/3K',
    'D/MYkqNC3t286lDQXYT3XNAAV7coBLXZkeEtOWcAjxVOaFqtjWN7bIxsMIAASjP7uBkAVbeGEgUC5jcfXniLEPa8AAAADigBrhbA',
    '7FEa9d9YXQyO',
  ].join(''),
  'base64',
);

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 80, b: 40 } } });

const reply =
  (body: Buffer | string, type = 'image/png'): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(body);

describe('an image source', () => {
  it('stores a picture small enough to draw, addressed by its pixels', async () => {
    const png = await picture(3000, 1500).png().toBuffer();
    const webp = await picture(3000, 1500).webp({ lossless: true }).toBuffer();
    const first = await fetchFrom(await serve(reply(png)));
    const size = await sharp(await readFile(path.join(folder, 'photo.jpg'))).metadata();
    const second = await fetchFrom(await serve(reply(webp)));
    expect(first).toMatchObject({ ok: true });
    expect(size).toMatchObject({ format: 'jpeg', width: 1024, height: 512 });
    expect(second).toEqual(first);
  });

  it('turns a picture upright and forgets where it was taken', async () => {
    const sideways = await picture(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await fetchFrom(await serve(reply(sideways)));
    const { width, height, exif } = await sharp(path.join(folder, 'photo.jpg')).metadata();
    expect({ width, height, exif }).toEqual({ width: 20, height: 40, exif: undefined });
  });

  it('does not ask hosts that are not public', async () => {
    let asked = 0;
    const origin = await serve((_request, response) => {
      asked += 1;
      response.end();
    });
    const { port } = new URL(origin);
    const source = makeImageSource({ allowedOrigins: [] });
    const targets = [
      `https://127.0.0.1:${port}/`,
      `https://localhost:${port}/`,
      `https://[::1]:${port}/`,
      `https://2130706433:${port}/`,
      `${origin}/`,
    ];
    for (const url of targets) {
      expect(
        await source.fetch(url, path.join(folder, 'x.jpg'), new AbortController().signal),
        url,
      ).toMatchObject({ ok: false, retryable: false });
    }
    expect(asked).toBe(0);
  });

  it('does not follow a redirect to a host that is not public', async () => {
    const secret = await serve(reply('secret'));
    const origin = await serve((_request, response) =>
      response.writeHead(302, { location: `${secret}/` }).end(),
    );
    expect(await fetchFrom(origin)).toEqual({
      ok: false,
      reason: 'its address does not start with https',
      retryable: false,
    });
  });

  it.each([
    ['a page', '<html></html>', 'the file is not an image'],
    [
      'a vector drawing',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      'images of type svg are not supported',
    ],
  ])('refuses %s', async (_name, body, reason) => {
    expect(await fetchFrom(await serve(reply(body)))).toEqual({ ok: false, reason, retryable: false });
  });

  it('refuses a small file that would unpack to too many pixels', async () => {
    const bomb = await picture(9000, 9000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(2_000_000);
    expect(await fetchFrom(await serve(reply(bomb)))).toMatchObject({ ok: false });
  });

  it('refuses a small file whose decoder would hold too much', async () => {
    const { data, info } = await sharp({
      create: { width: 7000, height: 7000, channels: 4, background: { r: 1, g: 2, b: 3, alpha: 1 } },
    })
      .toColourspace('rgb16')
      .png({ progressive: true })
      .toBuffer({ resolveWithObject: true });
    expect(info.size).toBeLessThan(3_000_000);
    expect(await fetchFrom(await serve(reply(data)))).toEqual({
      ok: false,
      reason:
        'decoding it takes 392 MB of memory, and the limit is 320 MB (save it smaller, with 8 bits per channel, or not interlaced)',
      retryable: false,
    });
  });

  it('holds one picture in memory at a time, however many come at once', { timeout: 60_000 }, async () => {
    const interlaced = path.join(folder, 'interlaced.png');
    await sharp({ create: { width: 5000, height: 5000, channels: 4, background: '#abc' } })
      .png({ progressive: true })
      .toFile(interlaced);
    const script = `
      import { readFileSync } from 'node:fs';
      import { normalizeImage } from ${JSON.stringify(new URL('normalize-image.ts', import.meta.url).href)};
      const picture = readFileSync(process.argv[1]);
      const made = await Promise.all(Array.from({ length: 8 }, () => normalizeImage(picture)));
      console.log(JSON.stringify({ hashes: new Set(made.map(({ hash }) => hash)).size, kib: process.resourceUsage().maxRSS }));`;
    const child = promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '--eval', script, interlaced],
    ]);
    const { hashes, kib } = z
      .object({ hashes: z.number(), kib: z.number() })
      .parse(JSON.parse((await child).stdout));
    expect(hashes).toBe(1);
    // One of them is 100 MB of pixels, and eight at once took 1 GB.
    expect(kib / 1024).toBeLessThan(400);
  });

  it('stops reading a file that is too large, whatever its headers say', async () => {
    let sent = 0;
    const origin = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 50_000_000) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    expect(await fetchFrom(origin, undefined, { maxBytes: 1_000_000 })).toMatchObject({
      ok: false,
      reason: 'the file is larger than 1 MB',
    });
    expect(sent).toBeLessThan(20_000_000);
  });

  it('gives up on a host that does not answer', async () => {
    const origin = await serve(() => undefined);
    expect(await fetchFrom(origin, undefined, { timeLimitMs: 100 })).toEqual({
      ok: false,
      reason: 'the server took too long',
      retryable: true,
    });
  });

  it('gives up on a file that comes drop by drop, although garbage is collected meanwhile', async () => {
    let drops = 0;
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' });
      const timer = setInterval(() => {
        drops += 1;
        response.write('.');
        collectGarbage();
      }, 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await fetchFrom(origin, undefined, { timeLimitMs: 200 })).toEqual({
      ok: false,
      reason: 'the server took too long',
      retryable: true,
    });
    expect(drops).toBeGreaterThan(1);
  });

  it('says whether asking again can help', async () => {
    const status = (code: number) => serve((_request, response) => response.writeHead(code).end());
    expect(await fetchFrom(await status(404))).toEqual({
      ok: false,
      reason: 'the server answered 404',
      retryable: false,
    });
    expect(await fetchFrom(await status(503))).toEqual({
      ok: false,
      reason: 'the server answered 503',
      retryable: true,
    });
  });

  it('follows three redirects and no more', async () => {
    const png = await picture(8, 8).png().toBuffer();
    const origin = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end(png);
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    expect(await fetchFrom(origin, `${origin}/3`)).toMatchObject({ ok: true });
    expect(await fetchFrom(origin, `${origin}/4`)).toMatchObject({ ok: false, retryable: false });
  });

  it('refuses a file that ends too early', async () => {
    const whole = await picture(400, 400).jpeg().toBuffer();
    expect(await fetchFrom(await serve(reply(whole.subarray(0, whole.length / 2))))).toMatchObject({
      ok: false,
      reason: 'the image is damaged',
    });
  });

  it.each([
    ['PNG', () => disc('#00a060').png().toBuffer()],
    ['WebP', () => disc('#00a060').webp({ lossless: true }).toBuffer()],
    ['AVIF', () => disc('#00a060').avif({ lossless: true }).toBuffer()],
    ['GIF', () => disc('#00a060').gif().toBuffer()],
    ['TIFF', () => disc('#00a060').tiff({ compression: 'lzw' }).toBuffer()],
  ])('keeps what is transparent in a %s', async (_type, draw) => {
    expect(await stored(await draw())).toMatchObject({
      transparent: true,
      format: 'png',
      corner: [0, 0, 0, 0],
      faint: undefined,
    });
  });

  it('draws the ground of a field under what is transparent', async () => {
    const { corner, ...others } = await stored(await disc('#00a060').png().toBuffer(), '#ff7a59');
    expect(others).toMatchObject({ transparent: false, format: 'jpeg', faint: undefined });
    expect(corner[0]).toBeGreaterThan(250);
    expect(corner[2]).toBeLessThan(95);
  });

  it('stores an opaque picture as a JPEG of one name, whether its file could be transparent or not', async () => {
    const without = await stored(await picture(40, 30).png().toBuffer());
    const withChannel = await stored(await picture(40, 30).ensureAlpha().png().toBuffer(), '#ff7a59');
    expect(without).toMatchObject({ transparent: false, format: 'jpeg' });
    expect(withChannel.hash).toBe(without.hash);
  });

  it.each([
    [
      'white on its white ground',
      () => disc('#fdfdfd'),
      '#ffffff',
      'is almost invisible on its ground #ffffff',
    ],
    ['white on another ground', () => disc('#fdfdfd'), '#0b132b', undefined],
    ['white on nothing', () => disc('#ffffff'), undefined, undefined],
    [
      'a tracking pixel',
      () => sharp(Buffer.alloc(4), { raw: { width: 1, height: 1, channels: 4 } }),
      undefined,
      'is almost all transparent',
    ],
    ['an empty picture', () => picture(64, 64), undefined, 'is almost all one colour'],
    ['an empty picture on a ground', () => picture(64, 64), '#ffffff', 'is almost all one colour'],
  ])('says whether %s would be seen', async (_name, draw, ground, faint) => {
    expect((await stored(await draw().png().toBuffer(), ground)).faint).toBe(faint);
  });

  it('takes the first picture of an animation', async () => {
    const raw = { width: 4, height: 8, channels: 3, pageHeight: 4 } as const;
    const frames = sharp(Buffer.concat([Buffer.alloc(48, 20), Buffer.alloc(48, 200)]), { raw });
    for (const animation of [
      await frames.clone().gif().toBuffer(),
      await frames.clone().webp({ lossless: true }).toBuffer(),
    ]) {
      expect((await sharp(animation).metadata()).pages).toBe(2);
      const { corner } = await stored(animation);
      expect(corner[0]).toBeLessThan(40);
    }
  });

  it('names a HEIC file as what it is', async () => {
    expect(await fetchFrom(await serve(reply(heic)))).toEqual({
      ok: false,
      reason:
        'the picture is a HEIC file, as iPhones save them, which cannot be read here; save it as JPEG or PNG',
      retryable: false,
    });
  });

  it('stops at once when its caller aborts', async () => {
    const origin = await serve(() => undefined);
    const abort = new AbortController();
    const fetching = makeImageSource({ allowedOrigins: [origin] }).fetch(
      `${origin}/photo`,
      path.join(folder, 'photo.jpg'),
      abort.signal,
    );
    setTimeout(() => abort.abort(new Error('enough')), 50);
    await expect(fetching).rejects.toThrow('enough');
  });
});
