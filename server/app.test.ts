import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import fastify from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endConnectionsOnClose } from './app.ts';
import type { Server } from './server.ts';

const keptMs = 60_000;
let server: Server;
let answerSlow: () => void;
let waiting: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  server = fastify({
    keepAliveTimeout: keptMs,
    forceCloseConnections: false,
  }).withTypeProvider<ZodTypeProvider>();
  endConnectionsOnClose(server);
  waiting = 0;
  const slow = new Promise<void>((resolve) => (answerSlow = resolve));
  server.get('/fast', () => 'fast');
  server.get('/slow', async () => {
    waiting += 1;
    await slow;
    return 'slow';
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  answerSlow();
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

async function open(): Promise<{ socket: Socket; heard: () => string; ended: Promise<unknown> }> {
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  const ended = once(socket, 'close');
  await once(socket, 'connect');
  return { socket, heard: () => heard, ended };
}

const ask = (socket: Socket, path: string): void =>
  void socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);

it('waits for no connection on which nothing is asked, whether anything was or not', async () => {
  const silent = await open();
  const kept = await open();
  ask(kept.socket, '/fast');
  await expect.poll(kept.heard).toMatch(/fast$/);
  await server.close();
  await Promise.all([silent.ended, kept.ended]);
});

it('waits for answers, and keeps their connections no longer', async () => {
  const { socket, heard, ended } = await open();
  ask(socket, '/slow');
  await expect.poll(() => waiting).toBe(1);
  let closed = false;
  const closing = server.close().then(() => (closed = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect({ closed, heard: heard() }).toEqual({ closed: false, heard: '' });
  answerSlow();
  await Promise.all([closing, ended]);
  expect(heard()).toMatch(/slow$/);
});

it('waits for all that was asked on one connection', async () => {
  const { socket, heard, ended } = await open();
  ask(socket, '/fast');
  ask(socket, '/slow');
  await expect.poll(heard).toMatch(/fast$/);
  const closing = server.close();
  answerSlow();
  await Promise.all([closing, ended]);
  expect(heard()).toMatch(/slow$/);
});
