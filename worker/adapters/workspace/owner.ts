import { randomBytes } from 'node:crypto';
import { chmod, readdir, rename, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import { storageError } from '../store/storage-error.ts';
import { shortPathTo } from './short-path.ts';

const holderSchema = z.object({
  pid: z.number(),
  command: z.string(),
  /** ISO date and time. */
  since: z.string(),
  /** A claimant has not yet seen that nobody else is there. */
  state: z.enum(['claiming', 'owner']),
});
type Holder = z.infer<typeof holderSchema>;

/** Another party, whether it told who it is or is too busy to. */
type Rival = { readonly holder: Holder | undefined };

/** The hold that this process has on a workspace. */
export interface WorkspaceOwner {
  /** Lets the next one in. */
  readonly release: () => Promise<void>;
}

const answerMs = 1_000;
const tries = 20;
const nameLength = '0123456789abcdef.sock'.length;

/** Asks who is behind a socket. @returns `undefined` when nobody is: its process has ended. */
function ask(path: string): Promise<Rival | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(path);
    const end = (rival: Rival | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(rival);
    };
    const timer = setTimeout(() => end({ holder: undefined }), answerMs);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('end', () => {
      try {
        end({ holder: holderSchema.parse(JSON.parse(text)) });
      } catch {
        end({ holder: undefined });
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const dead = error.code === 'ECONNREFUSED' || error.code === 'ENOENT' || error.code === 'ENOTSOCK';
      end(dead ? undefined : { holder: undefined });
    });
  });
}

/** A process that ended while it made its socket leaves a draft. Young ones may be somebody's. */
async function removeDraft(path: string): Promise<void> {
  const made = await stat(path).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > 60_000) await rm(path, { force: true });
}

/** Everybody else with a live socket in the folder. Names are never used twice, so dead ones may go. */
async function rivals(folder: string, own: string): Promise<readonly Rival[]> {
  const found: Rival[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.new')) await removeDraft(path);
    if (name === own || !name.endsWith('.sock')) continue;
    const rival = await ask(path);
    if (rival === undefined) await rm(path, { force: true });
    else found.push(rival);
  }
  return found;
}

function held(root: string, { holder }: Rival): BespokeError {
  const who =
    holder === undefined
      ? 'a process that is too busy to say its name'
      : `process ${holder.pid} (${holder.command}) since ${holder.since}`;
  return new BespokeError(
    'workspace-held',
    `The workspace ${root} is in use by ${who}. Its embedded queue and database serve one process at a time.`,
  );
}

/** A listening socket that appears in the folder under its final name when it can be asked already. */
async function listenAs(name: string, folder: string, answer: () => Holder): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(JSON.stringify(answer()));
  });
  const draft = join(folder, `${name}.new`);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(draft, resolve);
  });
  server.unref();
  await chmod(draft, 0o600);
  await rename(draft, join(folder, name));
  return server;
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
 * @throws BespokeError `workspace-held`.
 */
export async function ownWorkspace(root: string, folder: string, command: string): Promise<WorkspaceOwner> {
  const short = await shortPathTo(folder, nameLength + '.new'.length);
  const since = new Date().toISOString();
  let state: Holder['state'] = 'claiming';

  const withdraw = async (name: string, server: Server): Promise<void> => {
    await rm(join(short.folder, name), { force: true });
    await new Promise((resolve) => server.close(resolve));
  };

  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = `${randomBytes(8).toString('hex')}.sock`;
      const server = await listenAs(name, short.folder, () => ({ pid: process.pid, command, since, state }));
      const others = await rivals(short.folder, name);
      const [first] = others;
      if (first === undefined) {
        state = 'owner';
        return {
          release: async () => {
            await withdraw(name, server);
            await short.drop();
          },
        };
      }
      await withdraw(name, server);
      const settled = others.find(({ holder }) => holder?.state !== 'claiming');
      if (settled !== undefined || attempt === tries) throw held(root, settled ?? first);
      await sleep(20 + Math.random() * 100);
    }
  } catch (error) {
    await short.drop();
    throw storageError(error, root);
  }
}
