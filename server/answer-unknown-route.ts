import type { FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../errors/messages.ts';
import type { Server } from './server.ts';

type MethodsByPattern = ReadonlyMap<string, { readonly matcher: RegExp; readonly methods: Set<string> }>;

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Collects the methods of each route, for requests with another one. */
export function collectMethods(server: Server): MethodsByPattern {
  const found = new Map<string, { readonly matcher: RegExp; readonly methods: Set<string> }>();
  server.addHook('onRoute', ({ url, method }) => {
    const known = found.get(url) ?? {
      matcher: new RegExp(
        `^${url
          .split('/')
          .map((part) => (part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : escape(part)))
          .join('/')}/?$`,
      ),
      methods: new Set<string>(),
    };
    for (const each of [method].flat()) known.methods.add(each);
    found.set(url, known);
  });
  return found;
}

/** Answers requests without a route: 405 where the address has other methods, else 404. */
export function answerUnknownRoute(known: MethodsByPattern) {
  return (request: FastifyRequest, reply: FastifyReply): never => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = [...known.values()]
      .filter(({ matcher }) => matcher.test(path))
      .flatMap((each) => [...each.methods]);
    if (methods.length === 0 || methods.includes(request.method)) {
      throw errors.nothingHere();
    }
    const allowed = [...new Set(methods)].toSorted();
    void reply.header('allow', allowed.join(', '));
    throw errors.methodUnknown({
      method: request.method,
      allowed: allowed.filter((each) => each !== 'HEAD'),
    });
  };
}
