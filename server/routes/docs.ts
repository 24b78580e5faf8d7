import swaggerUi from '@fastify/swagger-ui';
import { readFile } from 'node:fs/promises';
import { basePath } from '../../worker/campaigns/links.ts';
import type { ServerDependencies } from '../dependencies.ts';
import type { Server } from '../server.ts';

/** The page loads files from this server only, and connects to this server only. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/openapi.json`, and `/docs`, a page that shows it. */
export async function docsRoutes(
  server: Server,
  { publicUrl }: Pick<ServerDependencies, 'publicUrl'>,
): Promise<void> {
  server.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(JSON.stringify(server.swagger())),
  );
  const css = await readFile(new URL('docs.css', import.meta.url), 'utf8');
  await server.register(swaggerUi, {
    routePrefix: '/docs',
    indexPrefix: basePath(publicUrl),
    staticCSP: pagePolicy,
    theme: { title: 'Bespoke API', css: [{ filename: 'docs.css', content: css }] },
    uiConfig: {
      layout: 'BaseLayout',
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      defaultModelRendering: 'example',
      displayOperationId: false,
      persistAuthorization: false,
      tryItOutEnabled: false,
      syntaxHighlight: { theme: 'nord' },
    },
  });
}
