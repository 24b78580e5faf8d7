import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { errors } from '../../../errors/messages.ts';
import { isMissing, storageError } from '../store/storage-error.ts';

/** The shortest limit of any system for a socket's path (macOS: 104 bytes with the final zero). */
const longestSocketPath = 103;

/** A path to a folder that is short enough for sockets in it, and how to remove it again. */
export interface ShortPath {
  readonly folder: string;
  readonly drop: () => Promise<void>;
}

/** Reaches a folder with a long path through a symbolic link in a short one. */
export async function shortPathTo(folder: string, longestName: number): Promise<ShortPath> {
  const fits = (path: string): boolean => Buffer.byteLength(path) + 1 + longestName <= longestSocketPath;
  if (fits(folder)) return { folder, drop: () => Promise.resolve() };
  const base = fits(join(tmpdir(), 'bespoke-XXXXXX', 'o')) ? tmpdir() : '/tmp';
  const holder = await mkdtemp(join(base, 'bespoke-'));
  const link = join(holder, 'o');
  await symlink(folder, link);
  return { folder: link, drop: () => rm(holder, { recursive: true, force: true }) };
}

const holderSchema = z.object({
  pid: z.number(),
  command: z.string(),
  /** ISO date and time. */
  since: z.string(),
  /** `claiming`: it does not know yet whether it is alone. */
  state: z.enum(['claiming', 'owner']),
  /** Where this process serves the HTTP API to its own user, if it does. */
  api: z
    .object({
      /** Name of the socket, in the same folder. It appears when the API can be used. */
      socket: z.string(),
      version: z.string(),
      /** Whether this process also renders. */
      renders: z.boolean(),
    })
    .optional(),
});

/** The process behind a socket. It sends this as its first line to every caller. */
export type Holder = z.infer<typeof holderSchema>;

/** A process behind a socket; `undefined` if it is too busy to answer. */
export interface Answer {
  readonly holder: Holder | undefined;
}

const answerMs = 1_000;

function parseHolder(line: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Asks which process is behind a socket. @returns `undefined` if it has ended. */
function knock(path: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const connection: Socket = connect({ path });
    const settle = (answer: Answer | undefined): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle({ holder: undefined }), answerMs);
    const finish = (): void => settle({ holder: parseHolder(text) });
    connection
      .on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes('\n')) finish();
      })
      .on('end', finish)
      .on('close', finish);
    connection.on('error', (error: NodeJS.ErrnoException) => {
      const dead = error.code === 'ECONNREFUSED' || error.code === 'ENOENT' || error.code === 'ENOTSOCK';
      settle(dead ? undefined : { holder: undefined });
    });
  });
}

/** An owner that serves the API of its workspace. */
export type ServingOwner = Holder & { readonly api: NonNullable<Holder['api']> };

/** The longest name of a socket in a workspace. */
export const longestSocketName = 32;

/**
 * Looks for an owner of a workspace that serves the API to its user. Changes nothing.
 *
 * @param folder only for sockets of the workspace; it need not exist.
 */
export async function findOwner(folder: string): Promise<ServingOwner | undefined> {
  let names: readonly string[];
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.sock'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageError(error, folder);
  }
  if (names.length === 0) return undefined;
  const short = await shortPathTo(folder, longestSocketName);
  try {
    for (const name of names) {
      const { holder } = (await knock(join(short.folder, name))) ?? {};
      if (holder?.api !== undefined) return { ...holder, api: holder.api };
    }
    return undefined;
  } finally {
    await short.drop();
  }
}

/** The ownership of a workspace. */
export interface WorkspaceOwner {
  /** Gives the workspace up. */
  readonly release: () => Promise<void>;
}

const tries = 20;
const nameLength = '0123456789abcdef.sock'.length;

/** Removes the unfinished socket of a process that ended meanwhile. Young ones may still be in use. */
async function removeDraft(path: string): Promise<void> {
  const made = await stat(path).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > 60_000) await rm(path, { force: true });
}

/** All other processes with a live socket in the folder. Names are never reused, so dead sockets are removed. */
async function rivals(folder: string, own: string): Promise<readonly (Holder | undefined)[]> {
  const found: (Holder | undefined)[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.new')) await removeDraft(path);
    if (name === own || !name.endsWith('.sock')) continue;
    const answer = await knock(path);
    if (answer === undefined) await rm(path, { force: true });
    else found.push(answer.holder);
  }
  return found;
}

/**
 * Listens on a socket. It appears in the folder under its final name when it can already answer.
 *
 * @returns a function that closes it and all connections.
 */
async function listenAs(name: string, folder: string, answer: () => Holder): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    socket.end(`${JSON.stringify(answer())}\n`);
  });
  const draft = join(folder, `${name}.new`);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(draft, resolve);
  });
  server.unref();
  await chmod(draft, 0o600);
  await rename(draft, join(folder, name));
  return async () => {
    await rm(join(folder, name), { force: true });
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
  };
}

/**
 * Becomes the only owner of a workspace, until `release` or the end of the process. The embedded database itself does
 * not exclude other processes.
 *
 * Each process first listens on a socket with its own name, then looks for other live sockets, and withdraws if it
 * finds one. So two processes never both stay. A socket whose process died refuses connections, so a crash blocks
 * nobody.
 *
 * @param folder only for sockets of the workspace.
 * @param command as it is shown to other processes that need the workspace.
 * @param api where this process serves, or will serve, the HTTP API to its own user.
 * @throws BespokeError `workspace-held`.
 */
export async function ownWorkspace(
  root: string,
  folder: string,
  command: string,
  api?: Holder['api'],
): Promise<WorkspaceOwner> {
  const short = await shortPathTo(folder, nameLength + '.new'.length);
  const since = new Date().toISOString();
  let state: Holder['state'] = 'claiming';

  const answer = (): Holder => ({
    pid: process.pid,
    command,
    since,
    state,
    ...(state === 'owner' && api !== undefined && { api }),
  });

  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = `${randomBytes(8).toString('hex')}.sock`;
      const withdraw = await listenAs(name, short.folder, answer);
      const others = await rivals(short.folder, name);
      if (others.length === 0) {
        state = 'owner';
        return {
          release: async () => {
            await withdraw();
            await short.drop();
          },
        };
      }
      await withdraw();
      const settled = others.findIndex((holder) => holder?.state !== 'claiming');
      if (settled >= 0 || attempt === tries) {
        throw errors.workspaceHeld({ workspace: root, holder: others[Math.max(0, settled)] });
      }
      await sleep(20 + Math.random() * 100);
    }
  } catch (error) {
    await short.drop();
    throw storageError(error, root);
  }
}
