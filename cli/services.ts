import { once } from 'node:events';
import { createServer, isIPv6, type AddressInfo, type Server } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { errors } from '../errors/messages.ts';
import { openDailyFile } from '../worker/adapters/log/daily-file.ts';
import { openLog } from '../worker/adapters/log/open-log.ts';
import type { RunningWorker } from '../worker/compose.ts';
import { withinTime } from '../worker/core/within-time.ts';
import type { PrivateLog } from './engines.ts';
import { plain, type Terminal } from './terminal.ts';

const everywhere = new Set(['0.0.0.0', '::']);

/** Whether only this machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The URL under which this machine reaches a server that listens there. */
export function addressOf(host: string, port: number): string {
  const name = everywhere.has(host) ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** The options that choose where to listen. */
export interface PlaceOptions {
  readonly host: string;
  readonly port: string;
}

const usualOptions: PlaceOptions = { host: '--host', port: '--port' };

function explain(error: unknown, host: string, port: number, options: PlaceOptions): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return errors.portTaken({ host, port, option: options.port }, { cause: error });
    case 'EACCES':
      return errors.portForbidden({ port, option: options.port }, { cause: error });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return errors.hostInvalid({ host, option: options.host }, { cause: error });
    default:
      return error;
  }
}

/**
 * Starts to listen.
 *
 * @param options that a message names.
 * @throws BespokeError `address-in-use`, `usage-invalid` when this user or machine cannot listen there.
 */
export async function listen(
  server: { readonly listen: (where: { readonly host: string; readonly port: number }) => Promise<unknown> },
  host: string,
  port: number,
  options: PlaceOptions = usualOptions,
): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw explain(error, host, port, options);
  }
}

/** A port that this process holds before it can answer there. */
export interface HeldPort {
  readonly port: number;
  /** Lets a server answer there; closing the server gives the port back. */
  readonly give: (server: Server) => Promise<void>;
  readonly release: () => void;
}

/**
 * Takes any free port, for a server whose links contain its number. Until it is given to the server, connections are
 * broken at once, as if nobody listened.
 *
 * @throws BespokeError `usage-invalid` when this machine cannot listen there.
 */
export async function holdPort(host: string): Promise<HeldPort> {
  const holder = createServer((socket) => socket.destroy());
  await listen({ listen: (where) => once(holder.listen(where), 'listening') }, host, 0);
  const { port } = holder.address() as AddressInfo;
  return {
    port,
    give: async (server) => {
      await once(server.listen(holder), 'listening');
    },
    release: () => void holder.close(),
  };
}

/** Seconds that running work may take to end after a process was asked to stop. */
export const defaultGrace = 30;

/**
 * Ends a worker. Running clips have that time to end; then their jobs return to the queue.
 *
 * @param others further work that has the same time to end.
 * @returns whether anything was cut short.
 */
export async function endWork(
  worker: Pick<RunningWorker, 'stop'> | undefined,
  graceSeconds: number,
  others: readonly Promise<unknown>[] = [],
): Promise<boolean> {
  const late = new Error('late');
  const drained = Promise.all([worker?.stop('drain'), ...others]);
  try {
    await withinTime(drained, graceSeconds * 1000, () => late);
    return false;
  } catch (error) {
    if (error !== late) throw error;
  }
  // The drain may still fail or end when its jobs are returned; its outcome no longer matters.
  await worker?.stop('abort');
  return true;
}

const lineSchema = z.looseObject({ level: z.string(), time: z.string(), msg: z.string() });

const inWords = (value: unknown): string => plain(typeof value === 'string' ? value : JSON.stringify(value));

/** `12:03:11 request method=POST route=/v1/renders status=202 ms=12`. */
function describeLine(line: string, { paint }: Terminal): string {
  const {
    level,
    time,
    msg,
    pid: _pid,
    requestId: _requestId,
    ...fields
  } = lineSchema.parse(JSON.parse(line));
  const facts = Object.entries(fields).map(([name, value]) => `${paint.dim(`${name}=`)}${inWords(value)}`);
  const words = level === 'info' ? plain(msg) : paint.yellow(plain(msg));
  return [paint.dim(time.slice(11, 19)), words, ...facts].join(' ');
}

/**
 * Writes to the workspace's log and, from `info` up, beside the result: lines of words on a terminal,
 * of JSON elsewhere.
 */
export function openServiceLog(terminal: Terminal, workspace: string, now: () => Date): PrivateLog {
  const kept = openDailyFile(path.join(workspace, 'logs'), now);
  const log = openLog({
    level: 'debug',
    now,
    destination: {
      write: (line) => {
        kept.write(line);
        if (line.startsWith('{"level":"debug"')) return;
        terminal.say(terminal.live ? describeLine(line, terminal) : line.trimEnd());
      },
    },
  });
  return {
    ...log,
    failure: (error) => {
      log.failure(error);
      return kept.file();
    },
  };
}
