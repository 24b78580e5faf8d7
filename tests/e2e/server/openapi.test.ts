import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderRequestSchema } from '../../../server/schemas/render.ts';
import { createClient } from '../../../client/api-client.ts';
import { createViewerClient } from '../../../client/viewer-client.ts';
import { serveDeployment, type ServedDeployment } from './server-bench.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const linter = path.join(root, 'node_modules/@redocly/cli/bin/cli.js');
const rules = path.join(root, 'tests/fixtures/openapi/redocly.yaml');

const operation = z.looseObject({
  operationId: z.string(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
  security: z.array(z.record(z.string(), z.array(z.string()))),
});

const document = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
});

let served: ServedDeployment;
let text: string;
let described: z.infer<typeof document>;

beforeAll(async () => {
  served = await serveDeployment();
  text = (await served.server.inject('/openapi.json')).body;
  described = document.parse(JSON.parse(text));
});

afterAll(() => served.close());

/** A dry run is an operation of its own to the client, since its answer has another shape. */
const clientOnly = ['planCampaign'];

it('has a method of the client for each operation, and none besides', () => {
  const operations = Object.values(described.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  const at = { baseUrl: 'https://video.test' };
  const methods = [createClient(at), createViewerClient(at)].flatMap((client) => Object.keys(client));
  expect(methods.filter((name) => !clientOnly.includes(name)).sort()).toEqual(operations.sort());
});

const printed = z.looseObject({ stdout: z.string(), stderr: z.string() });

interface Lint {
  readonly failed: boolean;
  readonly output: string;
}

async function lint(content: string): Promise<Lint> {
  const file = path.join(served.deployment.folder, 'openapi.json');
  await writeFile(file, content);
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    CI: 'true',
  };
  const args = [linter, 'lint', '--config', rules, '--format', 'stylish', file];
  return promisify(execFile)(process.execPath, args, { env }).then(
    ({ stdout, stderr }) => ({ failed: false, output: stdout + stderr }),
    (error: unknown) => ({ failed: true, output: printed.parse(error).stdout + printed.parse(error).stderr }),
  );
}

const operations = () =>
  Object.entries(described.paths).flatMap(([url, methods]) =>
    Object.entries(methods).map(([method, each]) => ({ name: `${method.toUpperCase()} ${url}`, ...each })),
  );

/** Places of fields, at any depth, that are neither described nor shown by an example. */
function findUndescribed(part: unknown, place: string): readonly string[] {
  if (Array.isArray(part)) return part.flatMap((each, index) => findUndescribed(each, `${place}/${index}`));
  if (typeof part !== 'object' || part === null) return [];
  const fields = 'properties' in part && typeof part.properties === 'object' ? (part.properties ?? {}) : {};
  const bare = Object.entries(fields).flatMap(([name, field]: [string, unknown]) => {
    const says = JSON.stringify(Object.keys(z.looseObject({}).parse(field)));
    // Lists and objects speak through what they hold.
    return /"(description|examples|\$ref|const|items|properties)"/.test(says) ? [] : [`${place}/${name}`];
  });
  const deeper = Object.entries(part).filter(([key]) => key !== 'example' && key !== 'examples');
  return [...bare, ...deeper.flatMap(([key, each]) => findUndescribed(each, `${place}/${key}`))];
}

describe('the OpenAPI document', () => {
  it('is valid for an outside linter, examples included', async () => {
    const { failed, output } = await lint(text);
    expect(failed, output).toBe(false);
  });

  it('is refused by the linter when an example does not fit its schema', async () => {
    const { failed, output } = await lint(text.replaceAll('"examples":["9:16"]', '"examples":["4:3"]'));
    expect([failed, output]).toEqual([true, expect.stringContaining('no-invalid-schema-examples')]);
  });

  it('holds every route that the server answers', async () => {
    const names = operations().map(({ name }) => name);
    for (const each of [
      'POST /v1/renders',
      'GET /v1/renders/{id}',
      'GET /v1/renders/{id}/events',
      'DELETE /v1/renders/{id}',
      'POST /v1/campaigns',
      'GET /v1/campaigns/{id}',
      'GET /v1/campaigns/{id}/rows',
      'GET /v1/campaigns/{id}/results.csv',
      'GET /v1/campaigns/{id}/failed.csv',
      'GET /v1/campaigns/{id}/events',
      'POST /v1/campaigns/{id}/retry',
      'DELETE /v1/campaigns/{id}',
      'GET /v1/templates',
      'GET /v1/templates/{id}',
      'GET /v1/webhooks/deliveries',
      'GET /f/{token}',
      'POST /viewer/session',
      'GET /viewer/session',
      'POST /viewer/events',
      'GET /viewer/clips/{ref}',
      'GET /v/{token}',
      'GET /c/{file}',
      'GET /s/{file}',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
    ]) {
      expect(names).toContain(each);
    }
  });

  it('says of every route behind keys which scope it wants and how it refuses', () => {
    for (const { name, security, responses } of operations()) {
      if (name.includes(' /viewer/')) continue;
      const open = /^GET \/([cfsv]\/|healthz|readyz)/.test(name);
      expect(security.length, name).toBe(open ? 0 : 1);
      if (!open)
        expect(Object.keys(responses), name).toEqual(expect.arrayContaining(['401', '403', '429', '503']));
    }
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes every field', () => {
    expect(findUndescribed(JSON.parse(text), '')).toEqual([]);
  });

  it('shows a render request that the server takes', () => {
    const schema = z
      .looseObject({ properties: z.record(z.string(), z.looseObject({ examples: z.array(z.unknown()) })) })
      .parse(described.components.schemas.RenderRequest);
    const example = Object.entries(schema.properties).map(([name, { examples }]) => [name, examples[0]]);
    expect(renderRequestSchema.safeParse(Object.fromEntries(example)).error).toBeUndefined();
  });
});
