import { randomBytes } from 'node:crypto';
import { chmod, readdir, rename, rm, stat } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from '../../../errors/messages.ts';
import { storageError } from '../store/storage-error.ts';
import { knock, type Holder } from './knock.ts';
import { shortPathTo } from './short-path.ts';

/** The hold that this process has on a workspace. */
export interface WorkspaceOwner {
  /** Lets the next one in. */
  readonly release: () => Promise<void>;
}

const tries = 20;
const nameLength = '0123456789abcdef.sock'.length;

/** A process that ended while it made its socket leaves a draft. Young ones may be somebody's. */
async function removeDraft(path: string): Promise<void> {
  const made = await stat(path).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > 60_000) await rm(path, { force: true });
}

/** Everybody else with a live socket in the folder. Names are never used twice, so dead ones may go. */
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
 * Listens on a socket that appears in the folder under its final name when it can be asked already.
 *
 * @returns how to end that, with all connections.
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
 * Becomes the one owner of a workspace, until `release` or the end of the process. The embedded
 * database excludes nobody by itself.
 *
 * Each party listens on a socket of its own name first and looks for live ones after. Whoever sees
 * another withdraws, so of two at once never both stay; a socket whose process died refuses
 * connections, so a crash holds nobody up.
 *
 * @param folder private to workspace sockets.
 * @param command as it is shown to others who want the workspace.
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
