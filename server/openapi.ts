import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { ErrorCode } from '../errors/catalogue.ts';
import { problems } from './schemas/problem.ts';
import type { Server } from './server.ts';

type Schemas = Readonly<Record<string, unknown>>;

interface Document {
  readonly paths?: unknown;
  readonly components?: { readonly schemas?: Schemas };
}

const place = '#/components/schemas/';

function namesIn(part: unknown): readonly string[] {
  const text = (JSON.stringify(part) as string | undefined) ?? '';
  return Array.from(text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g), ([, name]) => name ?? '');
}

/** Names of the schemas that the routes refer to, directly or through other schemas. */
function findUsed(paths: unknown, schemas: Schemas): ReadonlySet<string> {
  const used = new Set<string>();
  const open = [...namesIn(paths)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    open.push(...namesIn(schemas[name]));
  }
  return used;
}

const capitalize = (header: string): string =>
  header.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase()).replace(/-Id$/, '-ID');

/**
 * Removes schemas that no route refers to, and gives the others their names in the code: the generator keeps one of
 * each for requests and one for answers. Headers are written as in curl.
 */
export function tidyDocument<T extends Document>(document: T): T {
  const schemas = document.components?.schemas ?? {};
  const used = findUsed(document.paths, schemas);
  const nameOf = (name: string): string => {
    const plain = name.replace(/Input$/, '');
    return used.has(plain) ? name : plain;
  };
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  const tidy: Document = {
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(kept.map(([name, schema]) => [nameOf(name), schema])),
    },
  };
  return JSON.parse(JSON.stringify(tidy), (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string' && value.startsWith(place)) {
      return place + nameOf(value.slice(place.length));
    }
    if (isHeaderParameter(value)) return { ...value, name: capitalize(value.name) };
    return value;
  }) as T;
}

function isHeaderParameter(value: unknown): value is { readonly in: 'header'; readonly name: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'in' in value &&
    value.in === 'header' &&
    'name' in value &&
    typeof value.name === 'string'
  );
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Headers of the answers by status, for the document: name and description. */
    answerHeaders?: Readonly<Record<number, Readonly<Record<string, string>>>>;
    /** Bodies by content type, for the document, where a route takes several and checks them itself. */
    bodies?: Readonly<Record<string, z.ZodType>>;
  }
}

const introduction = `
One record in, one personal video out.

1. \`POST /v1/renders\` takes a record and answers at once with an id and a state.
2. Follow it: events (\`GET /v1/renders/{id}/events\`), a webhook, or \`GET /v1/renders/{id}\`.
3. When it is done, it has links for the viewer: video, poster, teaser, captions.

\`POST /v1/campaigns\` does the same for a CSV with a row per customer.

**Keys.** Every route under \`/v1\` requires \`Authorization: Bearer bsp_…\`. \`bespoke keys create\` creates a key with
scopes: \`render\` allows ordering, \`read\` reading, \`conversions\` reporting what your customers did, \`admin\` everything. Links to files and pages
require \`read\`; a key with only \`render\` gets them in the answer to its own \`POST /v1/renders\`.

**Errors** are problem details (RFC 9457) with a permanent \`code\` and a \`hint\` that says what to do.

**Limits.** Each key has a limit of requests a minute. \`RateLimit-Limit\`, \`RateLimit-Remaining\` and
\`RateLimit-Reset\` show how many are left; \`Retry-After\` says how long to wait after a 429.
`;

const tags = [
  { name: 'Renders', description: 'One record, one video.' },
  { name: 'Campaigns', description: 'A CSV or a list of records, one video for each row.' },
  { name: 'Links', description: 'What viewers were sent: list, withdraw, renew, and set when it ends.' },
  { name: 'Templates', description: 'Templates and the fields of their records.' },
  { name: 'Webhooks', description: 'Messages to your servers and their delivery.' },
  { name: 'Conversions', description: 'What your customers did: renewed, bought, booked.' },
  { name: 'Keys', description: 'The keys of this API.' },
  { name: 'People', description: "Export and erase one person's data." },
  { name: 'Files', description: 'Files and pages for viewers. No key: the link is the secret.' },
  { name: 'Viewers', description: "Routes of a viewer's page. They require a viewer session." },
  { name: 'Operation', description: 'Health and metrics.' },
];

const keyedProblems: readonly ErrorCode[] = [
  'key-missing',
  'key-forbidden',
  'rate-limited',
  'service-unavailable',
];

/** Adds to every route behind keys what they have in common. */
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
        summary: 'Personalized video: one record in, one video out.',
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
            description: 'An API key. `bespoke keys create` creates one and shows it once.',
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
