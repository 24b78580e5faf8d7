import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, storageError } from '../store/storage-error.ts';
import { knock, type Holder } from './knock.ts';
import { shortPathTo } from './short-path.ts';
import type { Socket } from 'node:net';

/** An owner that works for others, and a connection to it over which one piece of work can be asked for. */
export interface Host extends Pick<Holder, 'pid' | 'command'> {
  readonly protocol: string;
  /** Paused; nothing was said yet. */
  readonly connection: Socket;
}

const longestName = 32;

/**
 * Looks for an owner of a workspace that lets guests in. Changes nothing.
 *
 * @param folder private to workspace sockets; it need not be there.
 */
export async function findHost(folder: string): Promise<Host | undefined> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(error, folder);
  }
  if (names.length === 0) return undefined;
  const short = await shortPathTo(folder, longestName);
  try {
    for (const name of names) {
      const answer = await knock(join(short.folder, name));
      const { holder, connection } = answer ?? {};
      if (holder?.guests !== undefined && connection !== undefined) {
        return { pid: holder.pid, command: holder.command, protocol: holder.guests, connection };
      }
      connection?.destroy();
    }
    return undefined;
  } finally {
    await short.drop();
  }
}
