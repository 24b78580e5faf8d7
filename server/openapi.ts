import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { type z } from 'zod';
import type { ErrorCode } from '../errors/catalogue.ts';
import type { Server } from './server.ts';
import { problems } from './schemas/problem.ts';
import { tidyDocument } from './tidy-document.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Headers of the answers by status, for the document: name and what it says. */
    answerHeaders?: Readonly<Record<number, Readonly<Record<string, string>>>>;
    /** Bodies by content type, for the document, where a route takes several and checks them itself. */
    bodies?: Readonly<Record<string, z.ZodType>>;
  }
}

const introduction = `
One customer event in, one personal video out.

1. \`POST /v1/renders\` takes a record and answers at once with an id and a state.
2. Follow it: events (\`GET /v1/renders/{id}/events\`), a webhook, or asking again.
3. When it is done it has links that can be sent to the viewer: video, poster, teaser, captions.

\`POST /v1/campaigns\` does the same for a CSV with a row per customer.

**Keys.** Every address under \`/v1\` wants \`Authorization: Bearer bsp_…\`. \`bespoke keys create\` makes a key with
scopes: \`render\` may order, \`read\` may look, \`admin\` may do both and the rest. Links to files and pages
require \`read\`; a key with only \`render\` gets them in the answer to its own \`POST /v1/renders\`.

**Failures** are problem details (RFC 9457) with a permanent \`code\` and a \`hint\` that says what to do.

**Limits.** Each key may make so many requests a minute; \`RateLimit-Limit\`, \`RateLimit-Remaining\` and
\`RateLimit-Reset\` tell where it stands, \`Retry-After\` how long to wait after a 429.
`;

const tags = [
  { name: 'Renders', description: 'One record, one video.' },
  { name: 'Campaigns', description: 'A CSV or a list of records, one video for each row.' },
  { name: 'Templates', description: 'What can be rendered, and what each record must hold.' },
  { name: 'Webhooks', description: 'What was told to your servers, and whether it arrived.' },
  { name: 'Keys', description: 'Who may use this API.' },
  { name: 'People', description: 'What is held about one person, and its end.' },
  { name: 'Files', description: 'What viewers open. Needs no key: the address is the secret.' },
  { name: 'Viewers', description: 'What the page of a film asks for. Needs a pass that its link gives.' },
  { name: 'Operation', description: 'Whether it lives, whether it can work, and its figures.' },
];

const keyedProblems: readonly ErrorCode[] = [
  'key-missing',
  'key-forbidden',
  'rate-limited',
  'service-unavailable',
];

/** Adds to every route behind keys what all of them have in common. */
export function documentKeys(server: Server): void {
  server.addHook('onRoute', (route) => {
    const { scopes } = route.config ?? {};
    if (route.schema === undefined || scopes === undefined) return;
    route.schema = {
      ...route.schema,
      security: [{ key: [...scopes] }],
      description:
        `${route.schema.description ?? ''}\n\nScope: ${scopes.map((each) => `\`${each}\``).join(' or ')}.`.trim(),
      response: {
        ...(typeof route.schema.response === 'object' ? route.schema.response : {}),
        ...problems(...keyedProblems),
      },
    };
  });
}

type Answers = Record<
  string,
  { headers?: Record<string, unknown>; readonly content?: Record<string, { example?: unknown }> }
>;

/** Examples of whole answers, which the generator leaves out. */
function keepExamples(given: Answers, answers: Answers): void {
  for (const [status, { content }] of Object.entries(given)) {
    for (const [mediaType, { example }] of Object.entries(content ?? {})) {
      const medium = answers[status]?.content?.[mediaType];
      if (medium !== undefined && example !== undefined) medium.example = example;
    }
  }
}

function describeHeaders(
  headersByStatus: Readonly<Record<string, Readonly<Record<string, string>>>>,
  answers: Answers,
): void {
  for (const [status, headers] of Object.entries(headersByStatus)) {
    const answer = answers[status];
    if (answer === undefined) continue;
    answer.headers = Object.fromEntries(
      Object.entries(headers).map(([name, description]) => [name, { type: 'string', description }]),
    );
  }
}

/** Gathers the OpenAPI document from the schemas of the routes that are registered afterwards. */
export async function collectOpenApi(server: Server, publicUrl: string, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Bespoke',
        summary: 'Personalized video: a record in, a film about one person out.',
        description: introduction.trim(),
        version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: publicUrl }],
      tags,
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'bsp_<id>_<secret>',
            description: 'An API key. `bespoke keys create` makes one and shows it once.',
          },
          pass: {
            type: 'http',
            scheme: 'bearer',
            description: "The pass of a viewer's session; works for 15 minutes.",
          },
          viewer: {
            type: 'apiKey',
            in: 'cookie',
            name: 'bespoke_viewer_<session>',
            description: "The pass of a viewer's session, on pages of this server.",
          },
        },
      },
    },
    transform: (document) => {
      const transformed = jsonSchemaTransform(document);
      const answers = (transformed.schema?.response ?? {}) as Answers;
      keepExamples((document.schema?.response ?? {}) as Answers, answers);
      describeHeaders(document.route.config?.answerHeaders ?? {}, answers);
      return transformed;
    },
    transformObject: (document) => tidyDocument(jsonSchemaTransformObject(document)),
  });
}
