import path from 'node:path';
import { z } from 'zod';
import { BespokeError } from '../errors/bespoke-error.ts';

const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );

const count = (max: number) => z.coerce.number().int().min(1).max(max);

/** Names are permanent: deployments set them. */
const environmentSchema = z
  .object({
    BESPOKE_WORKSPACE: z.string().min(1).default('.bespoke'),
    REDIS_URL: url('redis:', 'rediss:').optional(),
    DATABASE_URL: url('postgres:', 'postgresql:').optional(),
    BESPOKE_STORE: z.string().min(1).optional(),
    BESPOKE_SECRET: z.string().min(1).optional(),
    BESPOKE_BROWSER: z.string().min(1).optional(),
    BESPOKE_IMAGE_ORIGINS: z.string().default(''),
    BESPOKE_CONCURRENCY: count(64).optional(),
    BESPOKE_CLIP_TIMEOUT_S: count(3600).default(300),
    REMOTION_LICENSE_KEY: z.string().min(1).optional(),
  })
  .refine((env) => env.DATABASE_URL === undefined || env.REDIS_URL !== undefined, {
    path: ['DATABASE_URL'],
    message: 'is set but REDIS_URL is not: machines that share tables must share the queue too',
  })
  .refine((env) => env.DATABASE_URL === undefined || env.BESPOKE_STORE !== undefined, {
    path: ['BESPOKE_STORE'],
    message: 'must name a folder that all machines share when DATABASE_URL is set',
  })
  .refine((env) => env.DATABASE_URL === undefined || env.BESPOKE_SECRET !== undefined, {
    path: ['BESPOKE_SECRET'],
    message: 'must be set, equal on all machines, when DATABASE_URL is set',
  });

/** How this deployment is set up. */
export interface Config {
  /** Absolute. Holds what one machine keeps: cache, logs and, with embedded engines, all state. */
  readonly workspace: string;
  /** Unset: the queue is embedded in this process. */
  readonly redisUrl: string | undefined;
  /** Unset: tables are embedded in the workspace, which then has one owner. */
  readonly databaseUrl: string | undefined;
  /** Absolute folder of clips and videos; unset: within the workspace. */
  readonly store: string | undefined;
  readonly secret: string | undefined;
  readonly browser: string | undefined;
  /** Origins such as `http://localhost:8788` from which images may be had although not public. */
  readonly imageOrigins: readonly string[];
  /** Clips rendered at a time by this process; unset: by the number of cores. */
  readonly concurrency: number | undefined;
  readonly clipTimeoutMs: number;
  readonly remotionLicenseKey: string | undefined;
}

/**
 * Reads the environment, once.
 *
 * @throws BespokeError `config-invalid` naming every variable that is wrong; values are not repeated.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new BespokeError('config-invalid', `The environment cannot be used: ${problems.join('; ')}.`);
  }
  const env = parsed.data;
  const workspace = path.resolve(env.BESPOKE_WORKSPACE);
  return {
    workspace,
    redisUrl: env.REDIS_URL,
    databaseUrl: env.DATABASE_URL,
    store: env.BESPOKE_STORE === undefined ? undefined : path.resolve(env.BESPOKE_STORE),
    secret: env.BESPOKE_SECRET,
    browser: env.BESPOKE_BROWSER,
    imageOrigins: env.BESPOKE_IMAGE_ORIGINS.split(',')
      .map((each) => each.trim())
      .filter(Boolean),
    concurrency: env.BESPOKE_CONCURRENCY,
    clipTimeoutMs: env.BESPOKE_CLIP_TIMEOUT_S * 1000,
    remotionLicenseKey: env.REMOTION_LICENSE_KEY,
  };
}
