import rateLimit from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BespokeError } from '../errors/bespoke-error.ts';
import { errors } from '../errors/messages.ts';
import type { ViewerRights } from '../worker/core/viewers.ts';
import type { Server } from './server.ts';

const minuteMs = 60_000;

/** Unknown links and passes that a caller may try in a minute. */
const guessesAMinute = 60;

/** Wrong keys that an address may send in a minute before it has to wait. */
const wrongKeysAMinute = 60;

/**
 * Requests in a minute for one viewer's link, including those that open its session. That is enough for any
 * person and too little for a program that tries everything. Several people may use a shared link at once,
 * each with any number of sessions, so the link is counted.
 */
const viewerRequestsAMinute = { owner: 300, play: 600 } as const satisfies Record<ViewerRights, number>;

/** A link of a viewer that works. */
interface CountedLink {
  readonly link: string;
  readonly rights: ViewerRights;
}

type Count = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** All limits of this process except that of each key. Each throws BespokeError `rate-limited`. */
export interface RateLimits {
  /**
   * Counts unknown addresses, links and passes by the caller's address. Valid links are not counted: many people
   * behind one proxy open a mailing within minutes.
   */
  readonly countGuess: Count;
  readonly countWrongKey: Count;
  readonly countViewer: (request: FastifyRequest, reply: FastifyReply, by: CountedLink) => Promise<void>;
}

/** Whole seconds until a limit ends, at least one. */
export const secondsLeft = (ttlMs: number): number => Math.max(1, Math.ceil(ttlMs / 1000));

/** Makes the counters that all routes share. */
export async function createRateLimits(server: Server): Promise<RateLimits> {
  await server.register(rateLimit, { global: false });
  const links = new WeakMap<FastifyRequest, CountedLink>();
  const linkOf = (request: FastifyRequest): CountedLink => {
    const counted = links.get(request);
    if (counted === undefined) throw new Error('A request is counted without a link.');
    return counted;
  };
  const counter = (
    tooMany: (facts: { readonly seconds: number }) => BespokeError,
    limit: NonNullable<Parameters<typeof server.createRateLimit>[0]>,
  ): Count => {
    const count = server.createRateLimit({ timeWindow: minuteMs, ...limit });
    return async (request, reply) => {
      const found = await count(request);
      if (found.isAllowed || !found.isExceeded) return;
      void reply.header('retry-after', found.ttlInSeconds);
      throw tooMany({ seconds: secondsLeft(found.ttl) });
    };
  };
  const byAddress = ({ ip }: FastifyRequest): string => ip;
  const countLink = counter(errors.linkOverused, {
    max: (request) => viewerRequestsAMinute[linkOf(request).rights],
    keyGenerator: (request) => linkOf(request).link,
  });

  return {
    countGuess: counter(errors.wrongLinks, {
      max: guessesAMinute,
      keyGenerator: byAddress,
    }),
    countWrongKey: counter(errors.wrongKeys, {
      max: wrongKeysAMinute,
      keyGenerator: byAddress,
    }),
    countViewer: async (request, reply, { link, rights }) => {
      links.set(request, { link, rights });
      await countLink(request, reply);
    },
  };
}
