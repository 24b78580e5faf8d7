import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { postgresUser } from './postgres-server.ts';
import { serverBinary } from './server-binaries.ts';
import { startServer } from './server-process.ts';

export interface TestPooler {
  /** The same database as that of a URL of the server, through the pooler. */
  readonly urlOf: (url: string) => string;
  readonly remove: () => Promise<void>;
}

/**
 * A private PgBouncer that lends sessions of a PostgreSQL on loopback to one transaction after another. It has only two
 * for each database, so that clients meet what others have left in them.
 */
export async function startTestPooler(server: string): Promise<TestPooler> {
  const program = serverBinary('pgbouncer');
  const user = postgresUser();
  const directory = await mkdtemp(join(tmpdir(), 'bespoke-pgbouncer-'));
  const port = await freePort();
  const { port: serverPort, username } = new URL(server);
  const users = join(directory, 'users.txt');
  const configuration = join(directory, 'pgbouncer.ini');
  await writeFile(users, `"${username}" ""\n`);
  await writeFile(
    configuration,
    `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = 2
`,
  );
  if (user !== undefined)
    for (const each of [directory, users, configuration]) await chown(each, user.uid, user.gid);
  const process = await startServer(program, [configuration], port, user);
  return {
    urlOf: (url) => {
      const pooled = new URL(url);
      pooled.port = String(port);
      return pooled.href;
    },
    remove: async () => {
      await process.end('SIGINT');
      await rm(directory, { recursive: true, force: true });
    },
  };
}
