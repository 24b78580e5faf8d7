import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findExport, takeInput } from './take-input.ts';

describe('findExport', () => {
  const sheets = 'https://docs.google.com/spreadsheets/d';
  it.each([
    [`${sheets}/1AbC_d-9/edit#gid=42`, `${sheets}/1AbC_d-9/export?format=csv&gid=42`],
    [`${sheets}/1AbC/edit?gid=7#gid=7`, `${sheets}/1AbC/export?format=csv&gid=7`],
    [`${sheets}/1AbC/edit?usp=sharing`, `${sheets}/1AbC/export?format=csv`],
    [`${sheets}/1AbC`, `${sheets}/1AbC/export?format=csv`],
    ['https://docs.google.com/spreadsheets/u/1/d/1AbC/edit#gid=0', `${sheets}/1AbC/export?format=csv&gid=0`],
    [
      `${sheets}/e/2PACX-1v/pubhtml?gid=5&single=true`,
      `${sheets}/e/2PACX-1v/pub?output=csv&gid=5&single=true`,
    ],
    [`${sheets}/1AbC/export?format=ods`, `${sheets}/1AbC/export?format=ods`],
    ['https://example.com/spreadsheets/d/1AbC/edit', 'https://example.com/spreadsheets/d/1AbC/edit'],
  ])('finds the table of %s', (address, expected) => expect(findExport(address, false)).toBe(expected));

  it('takes the whole workbook where a sheet is named', () => {
    expect(findExport(`${sheets}/1AbC/edit#gid=42`, true)).toBe(`${sheets}/1AbC/export?format=xlsx`);
  });
});

describe('an address', () => {
  const server = createServer(({ url }, response) => {
    if (url === '/moved') response.writeHead(302, { location: '/files/customers.csv' }).end();
    else if (url === '/inside') response.writeHead(302, { location: 'https://169.254.169.254/' }).end();
    else if (url === '/sign-in') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    else if (url === '/named') {
      response
        .writeHead(200, { 'content-disposition': `attachment; filename*=UTF-8''K%C3%B6ln.csv` })
        .end('id\n1');
    } else if (url === '/files/customers.csv') response.end('id\n1');
    else response.writeHead(404).end();
  });
  let origin: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  const take = (path: string, allowed = origin) =>
    takeInput({ environment: { BESPOKE_IMAGE_ORIGINS: allowed } }, `${origin}${path}`, undefined);

  it('is fetched, also where it was moved to', async () => {
    const { file, name } = await take('/moved');
    expect(name).toBe('customers.csv');
    expect(await readFile(file, 'utf8')).toBe('id\n1');
    expect((await take('/named')).name).toBe('Köln.csv');
  });

  it.each([
    ['an inner network behind a redirect', '/inside', 'a network that is not public'],
    ['a page instead of a file', '/sign-in', 'a web page instead of a table'],
    ['an answer without a file', '/none', 'the server answered 404'],
  ])('is refused for %s', async (_what, path, reason) => {
    await expect(take(path)).rejects.toMatchObject({
      code: 'input-unreachable',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('is refused without https where the operator does not allow it', async () => {
    await expect(take('/moved', '')).rejects.toMatchObject({ code: 'input-unreachable' });
  });
});

it('says that a file does not exist', async () => {
  await expect(takeInput({ environment: {} }, '/none/customers.csv', undefined)).rejects.toMatchObject({
    code: 'csv-unreadable',
  });
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves no temporary files after %s', async (signal) => {
  const script = `import { scratch } from ${JSON.stringify(path.resolve(import.meta.dirname, 'take-input.ts'))};
    console.log(await scratch('csv'));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  const made = path.dirname(chunk.toString().trim());
  expect(existsSync(made)).toBe(true);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([null, signal]);
  expect(existsSync(made)).toBe(false);
});
