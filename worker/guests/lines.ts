import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../../errors/catalogue.ts';
import { operationNames, type OperationName } from './operations.ts';

/** What a guest says, once. Ending its side of the connection afterwards asks to stop. */
export const askedSchema = z.object({
  operation: z.enum(operationNames as [OperationName, ...OperationName[]]),
  request: z.unknown(),
});

/** What an owner answers: events, then the result or why there is none. */
export const answeredSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), event: z.unknown() }),
  z.object({ type: z.literal('result'), result: z.unknown() }),
  z.object({
    type: z.literal('failure'),
    code: z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
  }),
]);

/** One message per line, as JSON. */
export function writeLine(
  connection: Socket,
  message: z.input<typeof askedSchema> | z.input<typeof answeredSchema>,
): void {
  if (connection.writable) connection.write(`${JSON.stringify(message)}\n`);
}

/** Reads messages until the other side ends. */
export function onLines(connection: Socket, take: (message: unknown) => void): void {
  const lines = createInterface({ input: connection, crlfDelay: Infinity });
  // It repeats the connection's errors. A broken connection is closed, which is what tells its owner.
  lines.on('error', () => undefined);
  lines.on('line', (line) => {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      // The other side was cut off in the middle of a line; its end is told by the connection.
      return;
    }
    take(message);
  });
}
