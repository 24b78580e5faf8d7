import type { Socket } from 'node:net';
import type { Server } from './server.ts';

/**
 * Ends connections while the server closes, each as soon as it has no request. Node regards a connection without
 * any request as busy, and browsers open some in advance.
 */
export function endConnectionsOnClose(server: Server): void {
  const asked = new Map<Socket, number>();
  let closing = false;
  const end = (socket: Socket): void => {
    if (closing && asked.get(socket) === 0) socket.destroySoon();
  };
  const count = (socket: Socket, change: 1 | -1): void => {
    const before = asked.get(socket);
    if (before !== undefined) asked.set(socket, before + change);
  };
  server.server
    .on('connection', (socket: Socket) => {
      asked.set(socket, 0);
      socket.once('close', () => asked.delete(socket));
      end(socket);
    })
    .on('request', ({ socket }, response) => {
      count(socket, 1);
      response.once('close', () => {
        count(socket, -1);
        end(socket);
      });
    });
  server.addHook('preClose', () => {
    closing = true;
    for (const socket of asked.keys()) end(socket);
    return Promise.resolve();
  });
}
