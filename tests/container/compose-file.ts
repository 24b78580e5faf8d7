import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const projectRoot = new URL('../../', import.meta.url);

const serviceSchema = z.object({
  build: z.string().optional(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  networks: z.array(z.string()),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()),
  tmpfs: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  privileged: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  stop_grace_period: z.templateLiteral([z.int(), 's']),
  deploy: z
    .object({
      replicas: z.coerce.number().int().optional(),
      resources: z.object({ limits: z.object({ memory: z.string(), cpus: z.string().optional() }) }),
    })
    .optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

const fileSchema = z.object({
  services: z.object({
    api: serviceSchema,
    worker: serviceSchema,
    redis: serviceSchema,
    postgres: serviceSchema,
  }),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })),
  volumes: z.record(z.string(), z.object({})),
});

/** A service of docker-compose.yml as far as we say anything of it. */
export type ComposeService = z.infer<typeof serviceSchema>;

/** docker-compose.yml with its variables filled in. */
export type ComposeFile = z.infer<typeof fileSchema>;

const text = readFileSync(new URL('docker-compose.yml', projectRoot), 'utf8');
const variable = /\$\{(?<name>\w+)(?::(?<kind>[-?])(?<rest>[^}]*))?\}/g;

/** Names of the variables that the compose file takes from `.env`. */
export const composeVariables: readonly string[] = [
  ...new Set([...text.matchAll(variable)].map(({ groups }) => groups?.['name'] ?? '')),
];

/** Names of those without which it refuses to start. */
export const requiredVariables: readonly string[] = [
  ...new Set(
    [...text.matchAll(variable)]
      .filter(({ groups }) => groups?.['kind'] === '?')
      .map(({ groups }) => groups?.['name'] ?? ''),
  ),
];

const partsSchema = z.object({ name: z.string(), kind: z.string().optional(), rest: z.string().optional() });

function fill(content: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(content)) return content.map((each) => fill(each, variables));
  if (typeof content === 'object' && content !== null) {
    return Object.fromEntries(
      Object.entries(content).map(([key, value]) => [key, fill(value, variables)] as const),
    );
  }
  if (typeof content !== 'string') return content;
  return content.replace(variable, (...match) => {
    const { name, kind, rest = '' } = partsSchema.parse(match.at(-1));
    const value = variables[name] ?? '';
    if (value !== '') return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return rest;
  });
}

/**
 * Reads the file and fills its variables in as Compose does: `${NAME}`, `${NAME:-default}`, and
 * `${NAME:?message}`, which throws.
 */
export function readComposeFile(variables: Readonly<Record<string, string>>): ComposeFile {
  return fileSchema.parse(fill(parse(text, { merge: true }), variables));
}

/** Lines `NAME=value` and `#NAME=value` of .env.example. */
export const exampleVariables: readonly { readonly name: string; readonly value: string }[] = [
  ...readFileSync(new URL('.env.example', projectRoot), 'utf8').matchAll(/^#?([A-Z0-9_]+)=(.*)$/gm),
].map(([, name = '', value = '']) => ({ name, value }));
