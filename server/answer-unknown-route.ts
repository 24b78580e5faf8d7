import type { FastifyReply, FastifyRequest } from 'fastify';
import { BespokeError } from '../errors/bespoke-error.ts';
import type { Server } from './server.ts';

type MethodsByPattern = ReadonlyMap<string, { readonly matcher: RegExp; readonly methods: Set<string> }>;

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Remembers which methods each address answers, for those who use another one. */
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

/** Answers what no route does: 405 where another method would be answered, else 404. */
export function answerUnknownRoute(known: MethodsByPattern) {
  return (request: FastifyRequest, reply: FastifyReply): never => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = [...known.values()]
      .filter(({ matcher }) => matcher.test(path))
      .flatMap((each) => [...each.methods]);
    if (methods.length === 0 || methods.includes(request.method)) {
      throw new BespokeError('route-unknown', 'There is nothing at this address.');
    }
    const allowed = [...new Set(methods)].toSorted();
    void reply.header('allow', allowed.join(', '));
    throw new BespokeError(
      'method-unknown',
      `${request.method} is not answered here; use ${allowed.filter((each) => each !== 'HEAD').join(' or ')}.`,
    );
  };
}
