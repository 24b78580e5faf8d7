import type { FastifyRequest } from 'fastify';
import rateLimit from '@fastify/rate-limit';
import { BespokeError } from '../../errors/bespoke-error.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { ApiKey, Scope } from '../../worker/core/keys.ts';
import { allows, createKeyVerifier } from '../../worker/keys/verify-api-key.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { isLocal, localKey } from '../local-callers.ts';
import { tooMany } from '../rate-limits.ts';
import type { Server } from '../server.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A key must have one of these; every route behind keys says which. */
    scopes?: readonly Scope[];
    /** What an id that cannot be one is answered with. */
    unknown?: ErrorCode;
  }
  interface FastifyRequest {
    apiKey: ApiKey | undefined;
  }
}

const minuteMs = 60_000;

/**
 * The key that a request came with.
 *
 * @throws Error in routes that need none.
 */
export function keyOf(request: FastifyRequest): ApiKey {
  if (request.apiKey === undefined) throw new Error('This route is not behind keys.');
  return request.apiKey;
}

function bearerOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}

/**
 * Puts every route that `server` registers from now on behind API keys: each names the scopes of which
 * a key must have one, and each key may make so many requests a minute.
 */
export async function requireKeys(server: Server, dependencies: RouteDependencies): Promise<void> {
  const { pipeline, limits, rateLimit: requestsAMinute } = dependencies;
  const verify = createKeyVerifier(pipeline.keys, pipeline.clock.now);

  server.decorateRequest('apiKey', undefined);
  server.addHook('onRoute', ({ url, config }) => {
    if (config?.scopes === undefined) throw new Error(`The route ${url} does not say which scopes it wants.`);
  });

  // Wrong keys are counted before this, which only knows callers that have a key.
  await server.register(rateLimit, {
    max: requestsAMinute,
    timeWindow: minuteMs,
    enableDraftSpec: true,
    keyGenerator: (request) => keyOf(request).id,
    allowList: (request) => isLocal(request),
    errorResponseBuilder: (_request, { max, ttl }) =>
      tooMany(`This key has made more than ${max} requests within a minute.`, ttl),
  });

  server.addHook('onRequest', async (request, reply) => {
    if (isLocal(request)) {
      request.apiKey = localKey;
      return;
    }
    const text = bearerOf(request);
    const key = text === undefined ? undefined : await verify(text);
    if (key === undefined) {
      // A good key still works from here: many callers may share an address, that of a proxy.
      await limits.countWrongKey(request, reply);
      const realm = 'Bearer realm="bespoke"';
      void reply.header('www-authenticate', text === undefined ? realm : `${realm}, error="invalid_token"`);
      throw new BespokeError(
        'key-missing',
        text === undefined
          ? 'The request has no header "Authorization: Bearer <key>".'
          : 'The key of this request is not known here, was revoked or is mistyped.',
      );
    }
    const scopes = request.routeOptions.config.scopes ?? [];
    if (!scopes.some((scope) => allows(key, scope))) {
      const wanted = scopes.map((scope) => `"${scope}"`).join(' or ');
      void reply.header(
        'www-authenticate',
        `Bearer realm="bespoke", error="insufficient_scope", scope="${scopes.join(' ')}"`,
      );
      throw new BespokeError(
        'key-forbidden',
        `This needs a key with the scope ${wanted}; the key "${key.id}" has ${key.scopes.map((scope) => `"${scope}"`).join(', ')}.`,
      );
    }
    request.apiKey = key;
  });
}
