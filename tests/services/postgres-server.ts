import { execFileSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { serverBinary } from './server-binaries.ts';
import { startServer } from './server-process.ts';

export interface TestPostgres {
  /** Of a superuser of the database `postgres`. */
  readonly url: string;
  readonly stop: (signal?: 'SIGINT' | 'SIGKILL') => Promise<void>;
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

function postgresId(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

/** The user as whom root starts PostgreSQL and its pooler, which refuse to run as root; `undefined` for others. */
export const postgresUser = (): { readonly uid: number; readonly gid: number } | undefined =>
  process.getuid?.() === 0 ? { uid: postgresId('-u'), gid: postgresId('-g') } : undefined;

/** Its port answers a moment before it takes sessions. */
async function waitForSessions(url: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(50);
    }
  }
}

/** A private PostgreSQL on a free loopback port. It refuses to run as root: root starts it as `postgres`. */
export async function startTestPostgres(
  settings: { readonly tls?: { readonly key: string; readonly certificate: string } } = {},
): Promise<TestPostgres> {
  const initdb = serverBinary('initdb');
  const program = serverBinary('postgres');
  const user = postgresUser();
  const directory = await mkdtemp(join(tmpdir(), 'bespoke-postgres-'));
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const options = ['--auth=trust', '--username=bespoke', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(initdb, ['-D', data, ...options], { ...user, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-c', 'fsync=off'];
  if (settings.tls !== undefined) {
    const own = { key: join(directory, 'key.pem'), certificate: join(directory, 'cert.pem') };
    for (const each of ['key', 'certificate'] as const) {
      await copyFile(settings.tls[each], own[each]);
      await chmod(own[each], 0o600);
      if (user !== undefined) await chown(own[each], user.uid, user.gid);
    }
    args.push('-c', 'ssl=on', '-c', `ssl_cert_file=${own.certificate}`, '-c', `ssl_key_file=${own.key}`);
  }
  let server = await startServer(program, args, port, user);
  let running = true;
  const url = `postgres://bespoke@127.0.0.1:${port}/postgres`;
  await waitForSessions(url);
  const stop = async (signal: 'SIGINT' | 'SIGKILL' = 'SIGINT'): Promise<void> => {
    if (running) await server.end(signal);
    running = false;
  };
  return {
    url,
    stop,
    start: async () => {
      server = await startServer(program, args, port, user);
      running = true;
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
