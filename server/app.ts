import { randomUUID } from 'node:crypto';
import fastify, { type FastifyReply } from 'fastify';
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { answerBrokenConnection, answerProblem } from './answer-problem.ts';
import { answerUnknownRoute, collectMethods } from './answer-unknown-route.ts';
import { requireKeys } from './auth/require-keys.ts';
import { createViewerData } from '../worker/people/viewer-data.ts';
import { createViewer } from '../worker/viewers/viewer.ts';
import type { ServerDependencies } from './dependencies.ts';
import { endConnectionsOnClose } from './end-connections.ts';
import { logRequests } from './log-requests.ts';
import { collectOpenApi, documentKeys } from './openapi.ts';
import { parseJson } from './parse-json.ts';
import { createRateLimits } from './rate-limits.ts';
import { campaignFileRoutes } from './routes/campaign-files.ts';
import { campaignOrderRoutes } from './routes/campaign-orders.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { docsRoutes } from './routes/docs.ts';
import { fileRoutes } from './routes/files.ts';
import { healthRoutes, metricsRoutes } from './routes/operation.ts';
import { keyRoutes } from './routes/keys.ts';
import { peopleRoutes } from './routes/people.ts';
import { renderRoutes } from './routes/renders.ts';
import { templateRoutes } from './routes/templates.ts';
import { viewerDataRoutes } from './routes/viewer-data.ts';
import { viewerPageRoutes } from './routes/viewer-page.ts';
import { viewerRoutes } from './routes/viewer.ts';
import { securityHeaders } from './security-headers.ts';
import type { Server } from './server.ts';
import { watchBodies } from './uploads/watch-arrival.ts';
import { validatorCompiler } from './validate.ts';

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
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
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
    await keyed.register(templateRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(campaignOrderRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(campaignRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(campaignFileRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(deliveryRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(peopleRoutes, { ...dependencies, prefix: '/v1' });
    await keyed.register(keyRoutes, { ...dependencies, prefix: '/v1' });
  });
  await server.register(fileRoutes, routed);
  const viewer = createViewer(dependencies.pipeline, dependencies);
  const filmData = createViewerData(dependencies.pipeline, dependencies);
  await server.register(viewerRoutes, { ...routed, viewer, filmData });
  await server.register(viewerDataRoutes, { ...routed, filmData });
  await server.register(viewerPageRoutes, { ...routed, viewer });
  await server.register(docsRoutes);
  await server.ready();
  return server;
}
