import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '../worker/core/keys.ts';
import type { Server } from './server.ts';

/** Connections of this machine's own user, who may do everything, because the file system has checked their access. */
const localSockets = new WeakSet<object>();

/** The key of requests from the owner of the workspace. */
export const localKey: ApiKey = {
  id: 'local',
  name: 'owner of this workspace',
  scopes: ['admin'],
  hash: '',
  createdAt: new Date(0),
  revokedAt: undefined,
};

/** Answers requests on a connection that came over a socket which only the server's own user can open. */
export function acceptLocalConnection(server: Server, socket: Socket): void {
  localSockets.add(socket);
  server.server.emit('connection', socket);
}

/** Whether a request comes from the server's own user, over a socket of the file system. */
export const isLocal = ({ raw }: Pick<FastifyRequest, 'raw'>): boolean => localSockets.has(raw.socket);
