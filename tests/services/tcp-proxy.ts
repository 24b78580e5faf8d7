import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between a client and a server on this machine, which may fail. */
export interface TestProxy {
  readonly port: number;
  /** Connections stay, and new ones are accepted, but nothing arrives any more. */
  readonly silence: () => Promise<void>;
  /** Connections break, and new ones are refused. */
  readonly refuse: () => Promise<void>;
  /** Works again; connections that failed before stay as they are. */
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Starts a proxy on a free loopback port. */
export async function startTestProxy(target: number): Promise<TestProxy> {
  let silent = false;
  const sockets = new Set<Socket>();
  const watch = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    watch(client);
    if (silent) return;
    const upstream = connect(target, '127.0.0.1');
    watch(upstream);
    client.pipe(upstream).pipe(client);
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
  });
  const listen = async (port: number): Promise<void> => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    silence: async () => {
      silent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    refuse: stop,
    open: async () => {
      silent = false;
      if (!server.listening) await listen(port);
    },
    close: stop,
  };
}
