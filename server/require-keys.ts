import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { ErrorCode } from '../errors/catalogue.ts';
import { errors } from '../errors/messages.ts';
import { allows, type ApiKey, createKeyVerifier, type Scope } from '../worker/core/keys.ts';
import type { RouteDependencies } from './dependencies.ts';
import { isLocal, localKey } from './local-callers.ts';
import { secondsLeft } from './rate-limits.ts';
import type { Server } from './server.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A key must have one of these. Every route behind keys names them. */
    scopes?: readonly Scope[];
    /** The error code for a malformed id in the address. */
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
 * @throws Error in routes without keys.
 */
export function keyOf(request: FastifyRequest): ApiKey {
  if (request.apiKey === undefined) throw new Error('This route is not behind keys.');
  return request.apiKey;
}

function bearerOf({ headers: { authorization } }: FastifyRequest): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}

/**
 * Puts every route that `server` registers from now on behind API keys. Each route names the scopes of which
 * a key must have one; each key has a limit of requests a minute.
 */
export async function requireKeys(server: Server, dependencies: RouteDependencies): Promise<void> {
  const { pipeline, limits, rateLimit: requestsAMinute } = dependencies;
  const verify = createKeyVerifier(pipeline.keys, pipeline.clock.now);

  server.decorateRequest('apiKey', undefined);
  server.addHook('onRoute', ({ url, config }) => {
    if (config?.scopes === undefined) throw new Error(`The route ${url} has no scopes.`);
  });

  // Counts callers with a valid key only; wrong keys are counted before.
  await server.register(rateLimit, {
    max: requestsAMinute,
    timeWindow: minuteMs,
    enableDraftSpec: true,
    keyGenerator: (request) => keyOf(request).id,
    allowList: (request) => isLocal(request),
    errorResponseBuilder: (_request, { max, ttl }) =>
      errors.keyOverused({ most: max, seconds: secondsLeft(ttl) }),
  });

  server.addHook('onRequest', async (request, reply) => {
    if (isLocal(request)) {
      request.apiKey = localKey;
      return;
    }
    const text = bearerOf(request);
    const key = text === undefined ? undefined : await verify(text);
    if (key === undefined) {
      // A valid key still works from this address: many callers can share that of a proxy.
      await limits.countWrongKey(request, reply);
      const realm = 'Bearer realm="bespoke"';
      void reply.header('www-authenticate', text === undefined ? realm : `${realm}, error="invalid_token"`);
      throw text === undefined ? errors.keyMissing() : errors.keyInvalid();
    }
    const scopes = request.routeOptions.config.scopes ?? [];
    if (!scopes.some((scope) => allows(key, scope))) {
      void reply.header(
        'www-authenticate',
        `Bearer realm="bespoke", error="insufficient_scope", scope="${scopes.join(' ')}"`,
      );
      throw errors.keyForbidden({ required: scopes, id: key.id, has: key.scopes });
    }
    request.apiKey = key;
  });
}
