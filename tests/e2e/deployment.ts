import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newDatabase } from '../conformance/tables-bench.ts';
import { silent } from '../conformance/queue-bench.ts';
import { testRegistry } from '../fixtures/templates/registry.ts';
import { copyEmptyDatabase, sharedCache } from '../services/shared-cache.ts';
import { workspaceAt } from '../../worker/adapters/workspace/workspace.ts';
import { openPipeline, type OpenPipeline, type PipelineOptions } from '../../worker/compose.ts';
import { parseConfig, type Config } from '../../worker/config.ts';

/** The two columns of engines that everything must run on. */
export const engineColumns = ['embedded', 'redis and postgres'] as const;

export type EngineColumn = (typeof engineColumns)[number];

/** Servers that a deployment with engines of its own uses. */
export interface Servers {
  readonly redisUrl: string;
  readonly postgresUrl: string;
}

/** All that tells one deployment from another; plain data, so that child processes can be given it. */
export interface Deployment {
  /** A folder of its own, in which the workspace, the store, inputs and outputs lie. */
  readonly folder: string;
  readonly config: Config;
  readonly queue: NonNullable<PipelineOptions['queue']>;
}

/** Makes a workspace in which nothing is there yet but what takes long to make. */
export async function makeWorkspace(
  workspace: string,
  { embedded = true }: { readonly embedded?: boolean } = {},
): Promise<void> {
  await mkdir(sharedCache, { recursive: true });
  await mkdir(workspace, { mode: 0o700 });
  await symlink(sharedCache, path.join(workspace, 'cache'));
  if (embedded) await copyEmptyDatabase(workspaceAt(workspace).database);
}

/** Makes an empty deployment that no other test has to do with. */
export async function newDeployment(
  column: EngineColumn,
  servers: Servers,
  changes: Partial<Config> = {},
): Promise<Deployment> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bespoke-deployment-'));
  const workspace = path.join(folder, 'workspace');
  await makeWorkspace(workspace, { embedded: column === 'embedded' });
  const name = `test-${randomBytes(8).toString('hex')}`;
  const config = parseConfig({
    BESPOKE_WORKSPACE: workspace,
    BESPOKE_BROWSER: process.env.BESPOKE_BROWSER,
    BESPOKE_STORE: path.join(folder, 'store'),
    ...(column === 'redis and postgres' && {
      REDIS_URL: servers.redisUrl,
      DATABASE_URL: await newDatabase(servers.postgresUrl),
      BESPOKE_SECRET: randomBytes(32).toString('hex'),
    }),
  });
  return { folder, config: { ...config, ...changes }, queue: { name, backoffMs: 50, lockMs: 3_000 } };
}

/** Opens a deployment with the tests' templates. */
export function openDeployment(
  { config, queue }: Deployment,
  options: Partial<PipelineOptions> = {},
): Promise<OpenPipeline> {
  return openPipeline(config, { registry: testRegistry, log: silent, queue, ...options });
}

export async function removeDeployment({ folder }: Deployment): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
