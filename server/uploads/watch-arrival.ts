import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { errors } from '../../errors/messages.ts';
import type { Server } from '../server.ts';
import { linger } from './linger.ts';

/** The least that must arrive in each window, or the request is ended. */
export interface Pace {
  readonly windowMs: number;
  readonly bytes: number;
}

const usualPace: Pace = { windowMs: 30_000, bytes: 30_000 };

/** More bytes have arrived than any form may have. */
export class ArrivedTooMuch extends Error {}

/**
 * Watches the bytes of a request's body as they arrive. Those that the parser ignores count too: before the
 * first boundary, or of a truncated field.
 *
 * @returns `broken`, which rejects with `ArrivedTooMuch`, or BespokeError `request-timeout` when the client stalls.
 */
export function watchArrival(
  request: IncomingMessage,
  most: number,
  pace: Pace = usualPace,
): { readonly broken: Promise<never>; readonly stop: () => void } {
  let arrived = 0;
  let before = 0;
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  broken.catch(() => undefined);
  const count = (chunk: Buffer): void => {
    arrived += chunk.length;
    if (arrived > most) fail(new ArrivedTooMuch());
  };
  request.on('data', count);
  const timer = setInterval(() => {
    if (!request.complete && arrived - before < pace.bytes) {
      fail(errors.requestStalled({ kilobytes: pace.bytes / 1000, seconds: pace.windowMs / 1000 }));
    }
    before = arrived;
  }, pace.windowMs).unref();
  return {
    broken,
    stop: () => {
      clearInterval(timer);
      request.off('data', count);
    },
  };
}

/** Passes a body on as it arrives. Fails when its client stalls, unless the request has been answered. */
function passOn(request: IncomingMessage, answer: ServerResponse, body: Readable, pace: Pace | undefined) {
  const through = new PassThrough();
  const { broken, stop } = watchArrival(request, Infinity, pace);
  broken.catch((error: unknown) => {
    linger(request);
    through.destroy(error instanceof Error ? error : new Error('The body ended too early.'));
  });
  // Nothing listens for the failure when a body is refused unread.
  through.on('error', () => undefined);
  through.once('close', stop);
  answer.once('close', stop);
  body.once('error', (error) => through.destroy(error));
  return body.pipe(through);
}

/** Ends every request whose body stalls. `receiveUpload` watches forms itself, since it knows their size limits. */
export function watchBodies(server: Server, pace: Pace | undefined): void {
  server.addHook('preParsing', async (request, reply, body: Readable) =>
    request.raw.complete || /^multipart\//i.test(request.headers['content-type'] ?? '')
      ? body
      : passOn(request.raw, reply.raw, body, pace),
  );
}
