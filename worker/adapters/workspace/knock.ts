import { connect, type Socket } from 'node:net';
import { z } from 'zod';

const holderSchema = z.object({
  pid: z.number(),
  command: z.string(),
  /** ISO date and time. */
  since: z.string(),
  /** A claimant has not yet seen that nobody else is there. */
  state: z.enum(['claiming', 'owner']),
  /** The language in which guests' work is asked for; unset where none is accepted. */
  guests: z.string().optional(),
});

/** Who is behind a socket. It is told in the first line that a caller reads, whoever calls. */
export type Holder = z.infer<typeof holderSchema>;

/** Somebody behind a socket, whether they told who they are or are too busy to. */
export interface Answer {
  readonly holder: Holder | undefined;
  /** The connection, paused after the first line; whoever knocked has to close it. */
  readonly connection: Socket;
}

const answerMs = 1_000;

function parseHolder(line: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Asks who is behind a socket. @returns `undefined` when nobody is: its process has ended. */
export function knock(path: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const connection = connect({ path, allowHalfOpen: true });
    const settle = (answer: Answer | undefined): void => {
      clearTimeout(timer);
      connection.off('data', read).off('end', finish).off('close', finish);
      if (answer === undefined) connection.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle({ holder: undefined, connection }), answerMs);
    const finish = (): void => settle({ holder: parseHolder(text), connection });
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      // Nothing follows the first line before the caller has said something.
      if (!text.includes('\n')) return;
      connection.pause();
      finish();
    };
    connection.on('data', read).on('end', finish).on('close', finish);
    connection.on('error', (error: NodeJS.ErrnoException) => {
      const dead = error.code === 'ECONNREFUSED' || error.code === 'ENOENT' || error.code === 'ENOTSOCK';
      settle(dead ? undefined : { holder: undefined, connection });
    });
  });
}
