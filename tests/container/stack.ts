import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { startCli, type CliProcess } from '../e2e/cli-process.ts';
import { portIn } from '../e2e/cli-server.ts';
import { sharedCache } from '../services/shared-cache.ts';
import { freePort } from '../services/free-port.ts';
import { serverBinary } from '../services/server-binaries.ts';
import { startServer, type ServerProcess } from '../services/server-process.ts';
import { startTestS3, type TestS3 } from '../services/s3-server.ts';
import { makeCertificates, type Certificates } from './certificates.ts';
import { readComposeFile, requiredVariables, type ComposeFile, type ComposeService } from './compose-file.ts';

/** A process of ours as the compose file starts it, but for its port. */
export interface OurProcess {
  readonly process: CliProcess;
  readonly address: string;
  /** Within which the compose file lets it end. */
  readonly stopGraceMs: number;
}

/** The compose file's services, started by hand on loopback. */
export interface Stack {
  readonly compose: ComposeFile;
  readonly s3: TestS3 | undefined;
  readonly certificates: Certificates | undefined;
  /** Where files are kept without a bucket. */
  readonly storeFolder: string;
  readonly redisUrl: string;
  /** Where a process keeps its logs. @param machine as it was started with; the API's is `api`. */
  readonly logFolder: (machine: string) => string;
  readonly startApi: () => Promise<OurProcess>;
  readonly startWorker: (machine: string) => Promise<OurProcess>;
  /** Ends Redis, PostgreSQL and the bucket's server in their own time; their data stay. */
  readonly stopServers: () => Promise<void>;
  readonly startServers: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const idOfPostgres = (flag: '-u' | '-g'): number =>
  Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));

/** Redis with the compose file's own command line. */
function startRedis(command: readonly string[], folder: string, port: number, tls: Certificates | undefined) {
  const ports =
    tls === undefined
      ? ['--port', String(port)]
      : [
          ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
          ...[
            '--tls-cert-file',
            tls.certificate,
            '--tls-key-file',
            tls.key,
            '--tls-ca-cert-file',
            tls.authority,
          ],
        ];
  const ours = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', ...ports];
  return startServer(serverBinary('redis-server'), [...command.slice(1), ...ours], port);
}

/** A listening server may still be starting up. */
async function connect(config: ClientConfig): Promise<Client> {
  for (let tries = 0; ; tries += 1) {
    const client = new Client(config);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(50);
    }
  }
}

/** PostgreSQL as its image sets itself up: one user with a password, one database. */
async function preparePostgres(
  { environment }: ComposeService,
  folder: string,
  tls: Certificates | undefined,
) {
  const asRoot = process.getuid?.() === 0;
  const user = asRoot ? { uid: idOfPostgres('-u'), gid: idOfPostgres('-g') } : {};
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  const {
    POSTGRES_USER: name = '',
    POSTGRES_PASSWORD: password = '',
    POSTGRES_DB: database = '',
  } = environment;
  const data = join(folder, 'data');
  const passwordFile = join(folder, '..', 'postgres-password');
  await writeFile(passwordFile, password, { mode: 0o644 });
  const options = ['--auth=scram-sha-256', `--username=${name}`, `--pwfile=${passwordFile}`, '--no-sync'];
  execFileSync(serverBinary('initdb'), ['-D', data, '--locale=C', '--encoding=UTF8', ...options], {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const files = ['-c', `ssl_cert_file=${folder}/cert.pem`, '-c', `ssl_key_file=${folder}/key.pem`];
  if (tls !== undefined) {
    for (const [from, to] of [[tls.certificate, 'cert.pem'] as const, [tls.key, 'key.pem'] as const]) {
      await copyFile(from, join(folder, to));
      execFileSync('chmod', ['600', join(folder, to)]);
      if (user.uid !== undefined) await chown(join(folder, to), user.uid, user.gid);
    }
  }
  const secure = tls === undefined ? [] : ['-c', 'ssl=on', ...files];
  return {
    start: (port: number): Promise<ServerProcess> => {
      const where = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off'];
      return startServer(serverBinary('postgres'), [...where, ...secure], port, user);
    },
    create: async (port: number): Promise<void> => {
      const client = await connect({ host: '127.0.0.1', port, user: name, password, database: 'postgres' });
      await client.query(`create database ${database}`);
      await client.end();
    },
  };
}

/**
 * Starts everything that docker-compose.yml starts, with its commands and its environment: only hosts,
 * ports and folders are this machine's, and templates are the tests' small ones.
 */
export async function startStack(settings: {
  readonly store: 'bucket' | 'folder';
  readonly tls?: boolean;
}): Promise<Stack> {
  const root = await mkdtemp(join(tmpdir(), 'bespoke-machines-'));
  execFileSync('chmod', ['755', root]);
  const tls = settings.tls === true ? await makeCertificates(root) : undefined;
  const s3 =
    settings.store === 'bucket'
      ? await startTestS3(tls === undefined ? {} : { tls: { key: tls.key, cert: tls.certificate } })
      : undefined;
  const bucket: Record<string, string> =
    s3 === undefined
      ? {}
      : {
          BESPOKE_STORE: `s3://${s3.access.bucket}/live`,
          BESPOKE_S3_ENDPOINT: s3.access.endpoint,
          BESPOKE_S3_ACCESS_KEY_ID: s3.access.credentials.accessKeyId,
          BESPOKE_S3_SECRET_ACCESS_KEY: s3.access.credentials.secretAccessKey,
        };
  const secrets = requiredVariables.map((name) => [name, randomBytes(32).toString('hex')] as const);
  const apiPort = await freePort();
  const compose = readComposeFile({
    ...Object.fromEntries(secrets),
    ...bucket,
    BESPOKE_CONCURRENCY: '1',
    BESPOKE_PUBLIC_URL: `http://127.0.0.1:${apiPort}`,
  });
  const { services } = compose;

  const folders = {
    redis: join(root, 'redis'),
    postgres: join(root, 'postgres'),
    store: join(root, 'store'),
  };
  for (const folder of Object.values(folders)) await mkdir(folder);
  const ports = { redis: await freePort(), postgres: await freePort() };
  const postgres = await preparePostgres(services.postgres, folders.postgres, tls);

  let servers: readonly ServerProcess[] = [];
  const startServers = async (): Promise<void> => {
    servers = await Promise.all([
      startRedis(services.redis.command ?? [], folders.redis, ports.redis, tls),
      postgres.start(ports.postgres),
    ]);
  };
  await startServers();
  await postgres.create(ports.postgres);

  const environmentOf = (service: ComposeService): Record<string, string> => {
    const inside = Object.entries(service.environment).map(([name, value]) => [
      name,
      value
        .replace(
          /^redis:(.*)@redis:6379$/,
          `${tls === undefined ? 'redis' : 'rediss'}:$1@127.0.0.1:${ports.redis}`,
        )
        .replace(
          /@postgres:5432(.*)$/,
          `@127.0.0.1:${ports.postgres}$1${tls === undefined ? '' : '?sslmode=verify-full'}`,
        )
        .replace(/^\/store$/, folders.store),
    ]);
    return {
      ...(Object.fromEntries(inside) as Record<string, string>),
      NODE_ENV: 'production',
      ...(tls === undefined ? {} : { NODE_EXTRA_CA_CERTS: tls.authority }),
    };
  };

  /** A container's workspace is its own; only what takes long to make is shared here. */
  async function workspaceOf(machine: string): Promise<string> {
    const workspace = join(root, machine);
    await mkdir(join(workspace, 'cache'), { recursive: true });
    for (const name of ['bundles', 'browsers']) {
      await mkdir(join(sharedCache, name), { recursive: true });
      await symlink(join(sharedCache, name), join(workspace, 'cache', name)).catch(() => undefined);
    }
    return workspace;
  }

  async function start(service: ComposeService, machine: string, command: readonly string[]) {
    const env = { ...environmentOf(service), BESPOKE_WORKSPACE: await workspaceOf(machine) };
    const process = startCli(command, { cwd: root, env });
    const said = await process.says(/^(?:Ready\.|Metrics at)/m);
    return {
      process,
      address: `http://127.0.0.1:${portIn(said)}`,
      stopGraceMs: Number.parseInt(service.stop_grace_period) * 1000,
    };
  }

  return {
    compose,
    s3,
    certificates: tls,
    storeFolder: folders.store,
    redisUrl: environmentOf(services.worker).REDIS_URL ?? '',
    logFolder: (machine) => join(root, machine, 'logs'),
    startApi: () => {
      const command = [...(services.api.command ?? []), '--port', String(apiPort)];
      return start(services.api, 'api', command);
    },
    startWorker: (machine) => {
      const command = (services.worker.command ?? []).map((each) => (each === '8787' ? '0' : each));
      return start(services.worker, machine, command);
    },
    stopServers: async () => {
      await Promise.all([...servers.map((server) => server.end('SIGTERM')), s3?.stop()]);
      servers = [];
    },
    startServers: async () => {
      await Promise.all([startServers(), s3?.start()]);
    },
    remove: async () => {
      await Promise.all([...servers.map((server) => server.end('SIGKILL')), s3?.remove()]);
      await rm(root, { recursive: true, force: true });
    },
  };
}
