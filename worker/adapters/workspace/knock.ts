import { connect, type Socket } from 'node:net';
import { z } from 'zod';

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
export function knock(path: string): Promise<Answer | undefined> {
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
