import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { serverBinary } from './server-binaries.ts';
import { startServer } from './server-process.ts';

export interface TestRedis {
  readonly url: string;
  /** Ends the server; its data stay for `start`. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  readonly start: () => Promise<void>;
  /** Ends the server for good and removes its data. */
  readonly remove: () => Promise<void>;
}

/** A private Redis on a free loopback port that keeps its data over a restart. */
export async function startTestRedis(
  settings: {
    readonly policy?: string;
    readonly password?: string;
    readonly tls?: { readonly key: string; readonly certificate: string };
  } = {},
): Promise<TestRedis> {
  const program = serverBinary('redis-server');
  const directory = await mkdtemp(join(tmpdir(), 'bespoke-redis-'));
  const port = await freePort();
  const { tls } = settings;
  const options = {
    ...(tls === undefined
      ? { port: String(port) }
      : {
          port: '0',
          'tls-port': String(port),
          'tls-cert-file': tls.certificate,
          'tls-key-file': tls.key,
          'tls-ca-cert-file': tls.certificate,
          'tls-auth-clients': 'no',
        }),
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': settings.policy ?? 'noeviction',
    ...(settings.password === undefined ? {} : { requirepass: settings.password }),
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  let server = await startServer(program, args, port);
  let running = true;
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (running) await server.end(signal);
    running = false;
  };
  return {
    url: `${tls === undefined ? 'redis' : 'rediss'}://${settings.password === undefined ? '' : `:${settings.password}@`}127.0.0.1:${port}`,
    stop,
    start: async () => {
      server = await startServer(program, args, port);
      running = true;
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
