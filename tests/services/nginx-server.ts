import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { serverBinary } from './server-binaries.ts';
import { startServer } from './server-process.ts';

export interface TestNginx {
  readonly port: number;
  /** All that it has written to its logs, whichever. */
  readonly logged: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

/**
 * Runs nginx with a file for `conf.d` before a server on loopback, without TLS.
 *
 * @param upstream port in the place of 8787.
 */
export async function startTestNginx(site: string, upstream: number): Promise<TestNginx> {
  const directory = await mkdtemp(join(tmpdir(), 'bespoke-nginx-'));
  const port = await freePort();
  const here = site
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/^ *ssl_certificate.*$/gm, '')
    .replaceAll('127.0.0.1:8787', `127.0.0.1:${upstream}`)
    .replaceAll('/var/log/nginx/', `${directory}/logs-`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((each) => `${each}_temp_path ${directory}/${each};`)
    .join('\n');
  const configuration = `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off;
    worker_processes 1;
    pid ${directory}/pid;
    error_log ${directory}/logs-error.log;
    events {}
    http { access_log ${directory}/logs-access.log; ${temporary} ${here} }`;
  await writeFile(join(directory, 'nginx.conf'), configuration);
  const args = [
    '-p',
    directory,
    '-e',
    join(directory, 'logs-start.log'),
    '-c',
    join(directory, 'nginx.conf'),
  ];
  const server = await startServer(serverBinary('nginx'), args, port);
  return {
    port,
    logged: async () => {
      const names = (await readdir(directory)).filter((name) => name.startsWith('logs-'));
      return (await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))).join('\n');
    },
    remove: async () => {
      await server.end('SIGTERM');
      await rm(directory, { recursive: true, force: true });
    },
  };
}
