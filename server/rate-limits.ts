import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { Server } from '../server.ts';

const minuteMs = 60_000;

/** Addresses that lead nowhere which a caller may try in a minute. */
const guessesAMinute = 60;

/**
 * Counts addresses that lead nowhere, by who asks for them. Good links are not counted: a mailing is
 * opened by many people behind one proxy, within minutes.
 *
 * @returns what counts one, and throws BespokeError `rate-limited` when it was too many.
 */
export async function limitGuesses(
  server: Server,
): Promise<(request: FastifyRequest, reply: FastifyReply) => Promise<void>> {
  if (!server.hasDecorator('createRateLimit')) await server.register(rateLimit, { global: false });
  const count = server.createRateLimit({
    max: guessesAMinute,
    timeWindow: minuteMs,
    keyGenerator: ({ ip }) => ip,
  });
  return async (request, reply) => {
    const found = await count(request);
    if (found.isAllowed || !found.isExceeded) return;
    void reply.header('retry-after', found.ttlInSeconds);
    throw new BespokeError('rate-limited', 'Too many addresses that lead nowhere were tried from here.');
  };
}
