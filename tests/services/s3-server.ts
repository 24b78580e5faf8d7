import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { freePort } from './free-port.ts';
import { answers } from './server-process.ts';

/** How a server misbehaves; `times` is for how many requests, all of them when not said. */
export type S3Fault =
  | { readonly kind: 'none' }
  /** Answers with an error of its own. */
  | { readonly kind: 'refuse'; readonly status?: 500 | 503; readonly times?: number }
  | { readonly kind: 'deny' }
  /** As Amazon does to keys without the right to list: what is absent is denied. */
  | { readonly kind: 'deny-absent' }
  /** Takes requests and says nothing. */
  | { readonly kind: 'hang' }
  /** Takes files and does not give them back. */
  | { readonly kind: 'lose' }
  /** Lets the third part of an upload wait. */
  | { readonly kind: 'slow-upload' }
  /** Takes nothing whose address contains this, and does not say so: it lets it wait for ever. */
  | { readonly kind: 'hold-upload'; readonly address: string }
  /** Does not know conditional writes. */
  | { readonly kind: 'unconditional' }
  /** Breaks the connection after so many bytes. */
  | { readonly kind: 'cut-upload' | 'cut-download'; readonly bytes: number; readonly times?: number };

/** How to reach a bucket. */
export interface S3Access {
  readonly endpoint: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface TestS3 {
  readonly access: S3Access;
  /** Where the server keeps its objects. */
  readonly folder: string;
  readonly fault: (fault: S3Fault) => Promise<void>;
  /** Methods and addresses of the requests since it was last asked. */
  readonly requests: () => Promise<readonly string[]>;
  /** Ends the server; its objects stay for `start`. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

const replySchema = z.union([
  z.object({ requests: z.array(z.string()) }),
  z.object({ set: z.literal(true).transform(() => [] as string[]) }),
]);

/** A private S3 server on a free loopback port, with one bucket. */
export async function startTestS3(
  settings: { readonly tls?: { readonly key: string; readonly cert: string } } = {},
): Promise<TestS3> {
  const { tls } = settings;
  const folder = await mkdtemp(join(tmpdir(), 'bespoke-s3-'));
  const port = await freePort();
  const bucket = 'bespoke-test';

  async function launch(): Promise<ChildProcess> {
    const program = new URL('s3-process.mjs', import.meta.url);
    const args = [String(port), folder, bucket, ...(tls === undefined ? [] : [tls.key, tls.cert])];
    const child = fork(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
    alive.add(child);
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
    child.once('close', () => alive.delete(child));
    const deadline = Date.now() + 30_000;
    while (!(await answers(port))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`No S3 server:\n${output}`);
      await sleep(25);
    }
    return child;
  }

  let server: ChildProcess | undefined = await launch();

  async function ask(message: S3Fault | 'requests'): Promise<readonly string[]> {
    if (server === undefined) throw new Error('The S3 server is stopped.');
    const reply = once(server, 'message');
    server.send(message);
    const parsed = replySchema.parse((await reply)[0]);
    return 'requests' in parsed ? parsed.requests : parsed.set;
  }

  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    const child = server;
    server = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  };

  return {
    access: {
      endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
      bucket,
      // The one pair of keys that the server knows.
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    },
    folder,
    fault: async (fault) => {
      await ask(fault);
    },
    requests: () => ask('requests'),
    stop,
    start: async () => {
      server = await launch();
    },
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
