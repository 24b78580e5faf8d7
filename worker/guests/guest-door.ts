import type { Socket } from 'node:net';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { GuestDoor } from '../adapters/workspace/owner.ts';
import { untilAborted } from '../core/within-time.ts';
import { askedSchema, onLines, writeLine } from './lines.ts';
import { nameProtocol, operationContracts, type OperationName, type Operations } from './operations.ts';

/** A guest that reads so much slower than it is told things (stopped with Ctrl-Z, say) is let go. */
const longestBacklog = 16_000_000;

/** The owner's side of guests' work. */
export interface OpenableDoor extends GuestDoor {
  /** From now on guests' work is done; those who came earlier have waited for it. */
  readonly open: (operations: Operations) => void;
  /** Ends all work, telling guests that it can be continued, and lets nobody in any more. */
  readonly close: () => Promise<void>;
}

const stopping = (): BespokeError =>
  new BespokeError('server-stopped', `The server that did this work (process ${process.pid}) is stopping.`);

/**
 * A door that lets guests in before the pipeline is open, so that who comes while a server starts
 * waits instead of being refused.
 *
 * @param explain what a guest is told of an error that has no code of ours.
 */
export function createGuestDoor(explain: (error: unknown) => BespokeError): OpenableDoor {
  const working = new Set<Promise<void>>();
  const closing = new AbortController();
  let admit: (operations: Operations) => void = () => undefined;
  const admitted = new Promise<Operations>((resolve) => (admit = resolve));

  async function run<N extends OperationName>(
    connection: Socket,
    name: N,
    asked: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const { request, event, result } = operationContracts[name];
    const operations = await untilAborted(signal, admitted);
    const made = await operations[name](
      request.parse(asked),
      (happened) => {
        writeLine(connection, { type: 'event', event: event.parse(happened) });
        if (connection.writableLength > longestBacklog) connection.destroy();
      },
      signal,
    );
    writeLine(connection, { type: 'result', result: result.parse(made) });
  }

  async function serve(connection: Socket, message: unknown): Promise<void> {
    const gone = new AbortController();
    const leave = (): void => gone.abort(new Error('The guest has left.'));
    connection.once('end', leave).once('close', leave);
    if (connection.readableEnded || connection.destroyed) leave();
    const signal = AbortSignal.any([gone.signal, closing.signal]);
    try {
      const { operation, request } = askedSchema.parse(message);
      await run(connection, operation, request, signal);
    } catch (error) {
      const told =
        closing.signal.aborted && !gone.signal.aborted
          ? stopping()
          : error instanceof BespokeError
            ? error
            : gone.signal.aborted
              ? undefined
              : explain(error);
      if (told !== undefined) {
        writeLine(connection, { type: 'failure', code: told.code, message: told.message });
      }
    } finally {
      connection.end();
    }
  }

  return {
    protocol: nameProtocol(),
    accept: (connection) => {
      let asked = false;
      // Whoever only wanted to know who is here leaves without a word.
      connection.once('end', () => {
        if (!asked) connection.end();
      });
      onLines(connection, (message) => {
        if (asked) return;
        asked = true;
        const work = serve(connection, message);
        working.add(work);
        void work.finally(() => working.delete(work));
      });
    },
    open: (operations) => admit(operations),
    close: async () => {
      closing.abort(new Error('The server is stopping.'));
      await Promise.allSettled(working);
    },
  };
}
