import { randomUUID } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { requireFile } from '../data/csv/detect-encoding.ts';
import { errors } from '../errors/messages.ts';
import { DownloadRefused, requestFile } from '../worker/adapters/outbound/download.ts';
import { makeOutboundClient } from '../worker/adapters/outbound/outbound-client.ts';
import { parseConfig, type Config } from '../worker/config.ts';
import { OutboundFailure, timedOut } from '../worker/core/check-target.ts';
import { withTimeLimit } from '../worker/core/within-time.ts';
import type { CommandContext } from './context.ts';

/** An input on this machine. */
export interface TakenInput {
  readonly file: string;
  /** What messages call it. */
  readonly name: string;
}

let folder: Promise<string> | undefined;

/** Makes paths of temporary files in a private folder, which is removed when the process ends. */
export async function scratch(extension: string): Promise<string> {
  folder ??= mkdtemp(path.join(tmpdir(), 'bespoke-input-')).then((made) => {
    const remove = (): void => rmSync(made, { recursive: true, force: true });
    process.once('exit', remove);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        // A command that ends by itself does so with an exit.
        if (process.listenerCount(signal) > 0) return;
        remove();
        process.kill(process.pid, signal);
      });
    }
    return made;
  });
  return path.join(await folder, `${randomUUID()}.${extension}`);
}

const isAddress = (argument: string): boolean => /^https?:\/\//i.test(argument);

/**
 * The address of the file behind a sharing address of Google Sheets; any other address as it is.
 *
 * @param whole whether the workbook is wanted instead of the sheet that the address names.
 */
export function findExport(address: string, whole: boolean): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  const [, published, id] = /^\/spreadsheets(?:\/u\/\d+)?\/d\/(e\/)?([\w-]+)/.exec(url.pathname) ?? [];
  if (url.hostname !== 'docs.google.com' || id === undefined || url.pathname.endsWith('/export'))
    return address;
  const gid = url.searchParams.get('gid') ?? /(?:^|&|#)gid=(\d+)/.exec(url.hash)?.[1];
  const wanted = new URLSearchParams({
    [published === undefined ? 'format' : 'output']: whole ? 'xlsx' : 'csv',
  });
  if (gid !== undefined && !whole) wanted.set('gid', gid);
  if (published !== undefined && gid !== undefined && !whole) wanted.set('single', 'true');
  const end = published === undefined ? `${id}/export` : `e/${id}/pub`;
  return `https://docs.google.com/spreadsheets/d/${end}?${wanted.toString()}`;
}

const fetchLimits = { bytes: 200_000_000, ms: 120_000, silenceMs: 30_000 };

/** The file's name as its server says it, or as its address ends. */
function nameOf(disposition: string | undefined, url: URL): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1];
  try {
    const said = encoded === undefined ? plain : decodeURIComponent(encoded);
    const last = path.posix.basename(said ?? decodeURIComponent(url.pathname));
    return last === '' ? url.hostname : last;
  } catch {
    return url.hostname;
  }
}

/** @throws BespokeError `input-unreachable`. */
async function fetchInput(
  address: string,
  { imageOrigins, proxy }: Pick<Config, 'imageOrigins' | 'proxy'>,
): Promise<TakenInput> {
  const client = makeOutboundClient({
    allowedOrigins: imageOrigins,
    proxy,
    timeLimitMs: fetchLimits.silenceMs,
  });
  const { host } = URL.canParse(address) ? new URL(address) : { host: address };
  try {
    return await withTimeLimit({ ms: fetchLimits.ms, late: timedOut }, async (signal) => {
      const answer = await requestFile(client, address, '*/*', signal);
      const content = await answer.read(fetchLimits.bytes);
      const name = nameOf(answer.header('content-disposition'), answer.url);
      const isPage = /^text\/html/i.test(answer.header('content-type') ?? '');
      if (isPage && !/\.(?:xls|html?)$/i.test(name)) throw errors.inputIsPage({ host });
      const file = await scratch('input');
      await writeFile(file, content, { flag: 'wx', mode: 0o600 });
      return { file, name };
    });
  } catch (error) {
    if (error instanceof DownloadRefused) {
      throw errors.inputUnreachable({ host, why: error.message }, { cause: error });
    }
    if (!(error instanceof OutboundFailure)) throw error;
    const { kind, reason } = error;
    const why = kind === 'too-large' ? `it is larger than ${fetchLimits.bytes / 1e6} MB` : reason;
    throw errors.inputUnreachable({ host, why }, { cause: error });
  } finally {
    await client.close();
  }
}

/** The input of the process, written into a file. */
async function keepStream(stream: Readable): Promise<TakenInput> {
  const file = await scratch('input');
  await pipeline(stream, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  return { file, name: 'standard input' };
}

/**
 * Brings an input onto this machine: a file, `-` for standard input, or an address, which is fetched only over https
 * from public servers and those of BESPOKE_IMAGE_ORIGINS.
 *
 * @param sheet the sheet of a workbook, where one is named.
 * @throws BespokeError `csv-unreadable`, `input-unreachable`.
 */
export async function takeInput(
  { environment }: Pick<CommandContext, 'environment'>,
  argument: string,
  sheet: string | undefined,
): Promise<TakenInput> {
  if (argument === '-') return keepStream(process.stdin);
  if (isAddress(argument)) {
    return fetchInput(findExport(argument, sheet !== undefined), parseConfig(environment));
  }
  await requireFile(argument);
  return { file: argument, name: path.basename(argument) };
}
