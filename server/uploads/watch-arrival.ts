import type { IncomingMessage } from 'node:http';
import { BespokeError } from '../../errors/bespoke-error.ts';

/** The least that must arrive, again and again, for a request not to be given up. */
export interface Pace {
  readonly windowMs: number;
  readonly bytes: number;
}

const usualPace: Pace = { windowMs: 30_000, bytes: 30_000 };

/** More has arrived than any form may hold. */
export class ArrivedTooMuch extends Error {}

/**
 * Watches a request's body as it arrives, whatever its parser makes of it: bytes before the first
 * boundary or behind a cut field count too.
 *
 * @returns `broken`, which rejects with `ArrivedTooMuch`, or BespokeError `request-invalid` when the client stalls.
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
      const seconds = pace.windowMs / 1000;
      fail(
        new BespokeError(
          'request-invalid',
          `The upload stood still for ${seconds} seconds and was given up.`,
        ),
      );
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
