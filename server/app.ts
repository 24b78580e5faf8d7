import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { errors } from '../errors/messages.ts';
import { createViewerData } from '../worker/people/viewer-data.ts';
import { createViewer } from '../worker/viewers/viewer.ts';
import { answerBrokenConnection, answerProblem } from './answer-problem.ts';
import type { ServerDependencies, ServerLog } from './dependencies.ts';
import { unpackBodies } from './decode-body.ts';
import { collectOpenApi, documentKeys } from './openapi.ts';
import { parseJson } from './parse-json.ts';
import { createRateLimits } from './rate-limits.ts';
import { watchBodies } from './receive-upload.ts';
import { requireKeys } from './require-keys.ts';
import { adviceRoutes } from './routes/advice.ts';
import { campaignFileRoutes } from './routes/campaign-files.ts';
import { campaignOrderRoutes } from './routes/campaign-orders.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { conversionRoutes } from './routes/conversions.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { docsRoutes } from './routes/docs.ts';
import { fileRoutes } from './routes/files.ts';
import { keyRoutes } from './routes/keys.ts';
import { healthRoutes, metricsRoutes } from './routes/operation.ts';
import { linkRoutes } from './routes/links.ts';
import { peopleRoutes } from './routes/people.ts';
import { renderChangeRoutes } from './routes/render-changes.ts';
import { renderRoutes } from './routes/renders.ts';
import { stillRoutes } from './routes/stills.ts';
import { templateRoutes } from './routes/templates.ts';
import { webhookEndpointRoutes } from './routes/webhook-endpoints.ts';
import { viewerDataRoutes } from './routes/viewer-data.ts';
import { viewerPageRoutes } from './routes/viewer-page.ts';
import { viewerRoutes } from './routes/viewer.ts';
import { securityHeaders } from './security-headers.ts';
import type { Server } from './server.ts';
import { validatorCompiler } from './validate.ts';

type MethodsByPattern = ReadonlyMap<string, { readonly matcher: RegExp; readonly methods: Set<string> }>;

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** Collects the methods of each route, for requests with another one. */
function collectMethods(server: Server): MethodsByPattern {
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
function answerUnknownRoute(known: MethodsByPattern) {
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

/**
 * Ends connections while the server closes, each as soon as it has no request. Node regards a connection without
 * any request as busy, and browsers open some in advance.
 */
export function endConnectionsOnClose(server: Server): void {
  const asked = new Map<Socket, number>();
  let closing = false;
  const end = (socket: Socket): void => {
    if (closing && asked.get(socket) === 0) socket.destroySoon();
  };
  const count = (socket: Socket, change: 1 | -1): void => {
    const before = asked.get(socket);
    if (before !== undefined) asked.set(socket, before + change);
  };
  server.server
    .on('connection', (socket: Socket) => {
      asked.set(socket, 0);
      socket.once('close', () => asked.delete(socket));
      end(socket);
    })
    .on('request', ({ socket }, response) => {
      count(socket, 1);
      response.once('close', () => {
        count(socket, -1);
        end(socket);
      });
    });
  server.addHook('preClose', () => {
    closing = true;
    for (const socket of asked.keys()) end(socket);
    return Promise.resolve();
  });
}

/**
 * Logs every request: its route's pattern rather than its address, which may hold a link or a
 * cursor, and no header but the public part of the key.
 */
function logRequests(server: Server, log: ServerLog): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'unknown',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(request.apiKey !== undefined && { apiKey: request.apiKey.id }),
      },
      'request',
    );
  });
}

/** For a record with its options; files have their own limit. */
const jsonLimitBytes = 1_000_000;

/** Time limits of connections, in milliseconds. */
const patience = {
  /** Nothing moves on the connection. Longer than between two heartbeats of an event stream. */
  connectionTimeout: 120_000,
  /**
   * How long a whole request, body included, may take to arrive. A large file on a slow but steady connection
   * takes hours; one that stalls is ended much earlier. (Node waits a minute for headers.)
   */
  requestTimeout: 12 * 3_600_000,
  /** Longer than a load balancer's usual 60 s, so that the server never closes a connection that the balancer uses. */
  keepAliveTimeout: 72_000,
} as const;

/**
 * Builds the HTTP server. It listens nowhere yet: `listen` it, or `inject` requests.
 * Closing it ends event streams and waits for running requests.
 */
export async function createServer(dependencies: ServerDependencies): Promise<Server> {
  const { log, publicUrl, pace } = dependencies;
  const answerError = answerProblem(log);
  const headers = securityHeaders(publicUrl);
  const secure = ({ raw }: FastifyReply): void => {
    for (const [name, value] of headers) raw.setHeader(name, value);
  };
  const server: Server = fastify({
    ...patience,
    bodyLimit: jsonLimitBytes,
    // What is logged is chosen in `logRequests`; Fastify itself would log addresses, which contain links.
    logger: false,
    genReqId: () => randomUUID(),
    forceCloseConnections: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1_500 },
    // No hook runs for a malformed address.
    frameworkErrors: (error, request, reply) => {
      secure(reply);
      void reply.header('x-request-id', request.id);
      void answerError(error, request, reply);
    },
    clientErrorHandler: (error, socket) => answerBrokenConnection(headers, error, socket),
  }).withTypeProvider<ZodTypeProvider>();

  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => parseJson(body),
  );
  server.setErrorHandler(answerError);
  const refuseUnknownRoute = answerUnknownRoute(collectMethods(server));
  server.setNotFoundHandler(refuseUnknownRoute);
  server.addHook('onRequest', async (_request, reply) => secure(reply));
  logRequests(server, log);
  endConnectionsOnClose(server);
  watchBodies(server, pace);
  unpackBodies(server);
  // Before the body of a request without a route is read.
  server.addHook('onRequest', async (request, reply) => {
    if (request.is404) refuseUnknownRoute(request, reply);
  });

  await collectOpenApi(server, publicUrl, '1');
  const routed = { ...dependencies, limits: await createRateLimits(server) };

  await server.register(healthRoutes, dependencies);
  await server.register(async (keyed: Server) => {
    await requireKeys(keyed, routed);
    documentKeys(keyed);
    await keyed.register(metricsRoutes, dependencies);
    await keyed.register(renderRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(renderChangeRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(stillRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(linkRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(templateRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(campaignOrderRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(adviceRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(campaignRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(campaignFileRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(deliveryRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(webhookEndpointRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(conversionRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(peopleRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(keyRoutes, { ...dependencies, prefix: '/v1' });
  });
  await server.register(fileRoutes, routed);
  const viewer = createViewer(dependencies.pipeline, dependencies);
  const viewerData = createViewerData(dependencies.pipeline, dependencies);
  await server.register(viewerRoutes, { ...routed, viewer, viewerData });
  await server.register(viewerDataRoutes, { ...routed, viewerData });
  await server.register(viewerPageRoutes, { ...routed, viewer });
  await server.register(docsRoutes, dependencies);
  await server.ready();
  return server;
}
