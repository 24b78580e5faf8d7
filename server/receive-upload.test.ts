import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BespokeError } from '../errors/bespoke-error.ts';
import { receiveUpload, type Upload } from './receive-upload.ts';

const limit = 1_000_000;

let folder: string;
let server: FastifyInstance;
let address: string;
let received: Upload | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bespoke-upload-'));
  received = undefined;
  let made = 0;
  const scratch = async (extension: string): Promise<string> =>
    path.join(folder, `${(made += 1)}.${extension}`);
  server = fastify();
  await server.register(multipart);
  server.setErrorHandler((error, _request, reply) =>
    reply
      .code(error instanceof BespokeError ? (error.code === 'body-too-large' ? 413 : 400) : 500)
      .send({ code: error instanceof BespokeError ? error.code : String(error), message: String(error) }),
  );
  server.post('/', async (request) => {
    received = await receiveUpload(
      request,
      { scratch },
      { bytes: limit, pace: { windowMs: 300, bytes: 100 } },
    );
    return { ...received.file, path: undefined, fields: received.fields };
  });
  address = await server.listen({ port: 0, host: '127.0.0.1' });
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const leftovers = (): Promise<string[]> => readdir(folder);

function formOf(
  file: Buffer<ArrayBuffer> | undefined,
  fields: readonly (readonly [string, string])[] = [],
): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  if (file !== undefined) form.append('file', new Blob([file]), 'customers.csv');
  return form;
}

async function post(body: BodyInit, headers: Record<string, string> = {}) {
  const init = { method: 'POST', body, headers, ...(body instanceof ReadableStream && { duplex: 'half' }) };
  const response = await fetch(address, init);
  return { status: response.status, body: (await response.json()) as unknown };
}

const boundary = 'fence';
const multipartType = { 'content-type': `multipart/form-data; boundary=${boundary}` };
const fieldPart = (name: string, value = 'x'): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const filePart = (content: string, name = 'file', fileName = 'a.csv'): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: text/csv\r\n\r\n${content}\r\n`;
const end = `--${boundary}--\r\n`;

it('writes the file to disk and hashes it, whatever comes before and after it', async () => {
  const content = randomBytes(300_000);
  const form = formOf(undefined, [['template', 'a']]);
  form.append('file', new Blob([content]), '../../etc/Künden\u202e.csv');
  form.append('map', 'one=1');
  form.append('map', 'two=2');
  const { status, body } = await post(form);
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      fileName: 'Künden.csv',
      hash: createHash('sha256').update(content).digest('hex'),
      bytes: content.length,
      fields: [
        ['template', 'a'],
        ['map', 'one=1'],
        ['map', 'two=2'],
      ],
    },
  });
  expect(await readFile(received?.file.path ?? '')).toEqual(content);
  await received?.discard();
  expect(await leftovers()).toEqual([]);
});

it('takes a file of exactly the limit and none of a byte more', async () => {
  expect((await post(formOf(Buffer.alloc(limit)))).status).toBe(200);
  await received?.discard();
  expect(await post(formOf(Buffer.alloc(limit + 1)))).toMatchObject({
    status: 413,
    body: { code: 'body-too-large' },
  });
  expect(await leftovers()).toEqual([]);
});

it('refuses at once what says that it is too large', async () => {
  const answered = await new Promise<string>((resolve, reject) => {
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    socket.once('error', reject).once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      socket.destroy();
    });
    socket.write(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: 900000000\r\n\r\n`,
    );
  });
  expect(answered).toMatch(/^HTTP\/1.1 413 /);
});

it('answers as soon as the file is too large, not when all of it was sent', async () => {
  const { socket, closed } = beginUpload('a'.repeat(limit + 100_000), 50_000_000);
  const drip = setInterval(() => socket.write('a'.repeat(1000)), 50);
  expect(await closed).toMatch(/^HTTP\/1.1 413 /);
  clearInterval(drip);
  expect(await leftovers()).toEqual([]);
});

it('gives up a stream without an end as soon as it is too much', async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      controller.enqueue(Buffer.alloc(64_000));
      sent += 64_000;
    },
  });
  expect(await post(endless, multipartType)).toMatchObject({ status: 413 });
  expect(sent).toBeLessThan(limit * 30);
  expect(await leftovers()).toEqual([]);
});

it.each<[what: string, body: string, headers?: Record<string, string>]>([
  ['no boundary', filePart('a') + end, { 'content-type': 'multipart/form-data' }],
  ['another boundary', filePart('a') + end, { 'content-type': 'multipart/form-data; boundary=other' }],
  ['a file that breaks off', filePart('a'.repeat(5000)).slice(0, 4000)],
  ['a form without its end', fieldPart('a') + filePart('a')],
  ['a header that breaks off', `--${boundary}\r\nContent-Disposition: form-d`],
  ['no file', fieldPart('template') + end],
  ['a file without a file name', fieldPart('file', 'a,b\n1,2') + end],
  ['a file under another name', filePart('a', 'upload') + end],
  ['two files', filePart('a') + filePart('b') + end],
  ['thousands of fields', fieldPart('a').repeat(5000) + filePart('a') + end],
  ['thousands of parts', `--${boundary}\r\n\r\nx\r\n`.repeat(5000) + filePart('a') + end],
  ['thousands of files', filePart('a').repeat(5000) + end],
  ['a field of 500 kB', fieldPart('metadata', 'x'.repeat(500_000)) + filePart('a') + end],
  ['a name of 5 kB', fieldPart('x'.repeat(5000)) + filePart('a') + end],
  ['a name of 500 kB', fieldPart('x'.repeat(500_000)) + filePart('a') + end],
  ['a name of a prototype', fieldPart('__proto__') + filePart('a') + end],
  ['nothing', ''],
  ['only dashes', '--'.repeat(1000)],
])(
  'refuses a form with %s and leaves nothing',
  async (_what: string, body: string, headers: Record<string, string> = multipartType) => {
    const answer = await post(body, headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
    await expect.poll(leftovers).toEqual([]);
  },
);

/** Begins an upload by hand and says when its connection has ended. */
function beginUpload(content: string, bytes = 500_000) {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  const closed = new Promise<string>((resolve) => {
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });
  socket.write(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Type: ${multipartType['content-type']}\r\nContent-Length: ${bytes}\r\n\r\n` +
      filePart(content).slice(0, -2),
  );
  return { socket, closed };
}

it('leaves nothing of an upload whose client goes away in the middle', async () => {
  const { socket, closed } = beginUpload('a'.repeat(100_000));
  await expect.poll(leftovers).toHaveLength(1);
  socket.destroy();
  await closed;
  await expect.poll(leftovers).toEqual([]);
});

it('gives up a client that sends a byte now and then, and cuts it off', async () => {
  const { socket, closed } = beginUpload('a'.repeat(1000));
  const drip = setInterval(() => socket.write('a'), 50);
  expect(await closed).toMatch(/request-timeout.*closed it/s);
  clearInterval(drip);
  expect(await leftovers()).toEqual([]);
});
