import { inject } from 'vitest';
import { createServer } from '../../../server/app.ts';
import type { ServerDependencies } from '../../../server/dependencies.ts';
import type { Server } from '../../../server/server.ts';
import type { OpenPipeline, PipelineOptions } from '../../../worker/compose.ts';
import type { Config } from '../../../worker/config.ts';
import { makeApiKey, type Scope } from '../../../worker/core/keys.ts';
import { type Deployment, newDeployment, openDeployment, removeDeployment } from '../deployment.ts';

/** Where clients reach the tests' server, although it listens nowhere. */
export const publicUrl = 'https://video.test';

/** What the server noted. */
export type Noted = readonly {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}[];

export interface ServedDeployment {
  readonly deployment: Deployment;
  readonly open: OpenPipeline;
  readonly server: Server;
  readonly noted: Noted;
  /** Headers with a new key of these scopes. */
  readonly keyed: (...scopes: readonly Scope[]) => Promise<{ readonly authorization: string }>;
  /** Ends, and leaves the deployment to be served again. */
  readonly leave: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Serves an empty embedded deployment with the tests' templates. */
export async function serveDeployment(
  changes: Partial<ServerDependencies> = {},
  options: Partial<PipelineOptions> = {},
  config: Partial<Config> = {},
): Promise<ServedDeployment> {
  const servers = { redisUrl: inject('redisUrl'), postgresUrl: inject('postgresUrl') };
  return serveAgain(await newDeployment('embedded', servers, config), changes, options);
}

/** Serves a deployment that is there, perhaps with other templates than before. */
export async function serveAgain(
  deployment: Deployment,
  changes: Partial<ServerDependencies> = {},
  options: Partial<PipelineOptions> = {},
): Promise<ServedDeployment> {
  const open = await openDeployment(deployment, options);
  const { pipeline } = open;
  const noted: Noted[number][] = [];
  const note = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    noted.push({ message, fields });
  };
  const server = await createServer({
    pipeline: open.requests,
    health: () => open.health({ browser: false }),
    metrics: () => open.metrics.expose(),
    publicUrl,
    linkDays: 365,
    webhookOrigins: [],
    uploadLimitBytes: 10_000_000,
    rateLimit: 10_000,
    log: { info: note, error: note },
    ...changes,
  });
  return {
    deployment,
    open,
    server,
    noted,
    keyed: async (...scopes) => {
      const { text, key } = makeApiKey('test', scopes);
      await pipeline.keys.add(key);
      return { authorization: `Bearer ${text}` };
    },
    leave: async () => {
      await server.close();
      await open.close();
    },
    close: async () => {
      await server.close();
      await open.close();
      await removeDeployment(deployment);
    },
  };
}
