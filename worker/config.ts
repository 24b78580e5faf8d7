import path from 'node:path';
import { z } from 'zod';
import { errors } from '../errors/messages.ts';

const url = (...protocols: string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );

/** Parts that a base address must not have: they would be in the middle of every link. */
const foreignParts = (text: string): readonly string[] => {
  if (!URL.canParse(text)) return [];
  const { search, hash, username, password, href } = new URL(text);
  return [
    ...(username === '' && password === '' ? [] : ['a user or password']),
    ...(search === '' && !href.replace(/#.*$/s, '').endsWith('?') ? [] : ['a query (?…)']),
    ...(hash === '' && !href.endsWith('#') ? [] : ['a fragment (#…)']),
  ];
};

/** An address to which paths are added. */
export const baseUrl = url('http:', 'https:').superRefine((text, context) => {
  const parts = foreignParts(text);
  if (parts.length === 0) return;
  const message = `must be an address without ${parts.join(' and ')}, such as https://video.example.com`;
  context.addIssue({ code: 'custom', message });
});

/** A proxy, as other programs take it: `proxy:3128` is an address of http. */
const proxyUrl = z.preprocess(
  (text) => (typeof text === 'string' && !text.includes('://') ? `http://${text}` : text),
  url('http:', 'https:'),
);
const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

/** What `URL` makes of an entry is compared later, so it must be written like that. */
const isLinkOrigin = (text: string): boolean =>
  text === 'tel:' ||
  text === 'mailto:' ||
  (/^https:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text);

function count(max: number) {
  const error = `must be a whole number from 1 to ${max}`;
  return z.coerce.number(error).int(error).min(1, error).max(max, error);
}

const bucketAndPrefix = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*))?$/;

const storePlace = z
  .string()
  .min(1)
  .refine(
    (text) => !/^[a-z][a-z0-9+-]*:\//.test(text) || bucketAndPrefix.test(text),
    'must be a folder or s3://bucket/prefix',
  );

/** Names are permanent: deployments set them. */
const environmentSchema = z
  .object({
    BESPOKE_WORKSPACE: z.string().min(1).default('.bespoke'),
    // Read where templates are looked for, which needs no other setting.
    BESPOKE_TEMPLATES: z.string().min(1).optional(),
    REDIS_URL: url('redis:', 'rediss:').optional(),
    DATABASE_URL: url('postgres:', 'postgresql:').optional(),
    BESPOKE_STORE: storePlace.optional(),
    BESPOKE_SECRET: z.string().min(1).optional(),
    BESPOKE_BROWSER: z.string().min(1).optional(),
    BESPOKE_IMAGE_ORIGINS: z.string().default(''),
    BESPOKE_WEBHOOK_ORIGINS: z.string().default(''),
    BESPOKE_LINK_ORIGINS: z
      .string()
      .default('')
      .refine(
        (text) => listOf(text).every(isLinkOrigin),
        'must list origins such as https://shop.example.com, tel: or mailto:, separated by commas',
      ),
    BESPOKE_PUBLIC_URL: baseUrl.optional(),
    BESPOKE_LINK_DAYS: count(36_500).default(365),
    BESPOKE_UPLOAD_LIMIT_MB: count(10_000).default(200),
    BESPOKE_RATE_LIMIT: count(1_000_000).default(600),
    BESPOKE_S3_ENDPOINT: baseUrl.optional(),
    BESPOKE_S3_PUBLIC_ENDPOINT: baseUrl.optional(),
    BESPOKE_S3_REGION: z.string().min(1).default('us-east-1'),
    BESPOKE_S3_ACCESS_KEY_ID: z.string().min(1).optional(),
    BESPOKE_S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
    BESPOKE_S3_CACHE_MB: count(10_000_000).default(10_000),
    BESPOKE_CONCURRENCY: count(64).optional(),
    BESPOKE_CLIP_TIMEOUT_S: count(3600).default(300),
    BESPOKE_SPEECH: z.enum(['espeak-ng', 'openai', 'azure'], 'must be espeak-ng, openai or azure').optional(),
    BESPOKE_SPEECH_URL: baseUrl.optional(),
    BESPOKE_SPEECH_KEY: z.string().min(1).optional(),
    BESPOKE_SPEECH_MODEL: z.string().min(1).default('tts-1'),
    BESPOKE_SPEECH_VOICE: z.string().default(''),
    BESPOKE_SPEECH_PRICE: z.coerce
      .number('must be the price of a million characters, such as 15')
      .min(0, 'must be the price of a million characters, such as 15')
      .optional(),
    REMOTION_LICENSE_KEY: z.string().min(1).optional(),
    HTTPS_PROXY: proxyUrl.optional(),
    NO_PROXY: z.string().default(''),
  })
  .refine((env) => env.DATABASE_URL === undefined || env.REDIS_URL !== undefined, {
    path: ['DATABASE_URL'],
    message: 'requires REDIS_URL, because machines that share tables share the queue too',
  })
  .refine((env) => env.DATABASE_URL === undefined || env.BESPOKE_STORE !== undefined, {
    path: ['BESPOKE_STORE'],
    message: 'must be a folder or S3 bucket that all machines share, because DATABASE_URL is set',
  })
  .refine((env) => env.DATABASE_URL === undefined || env.BESPOKE_SECRET !== undefined, {
    path: ['BESPOKE_SECRET'],
    message: 'must be set, to the same value on all machines, because DATABASE_URL is set',
  })
  .refine(
    (env) =>
      (env.BESPOKE_S3_ACCESS_KEY_ID === undefined) === (env.BESPOKE_S3_SECRET_ACCESS_KEY === undefined),
    {
      path: ['BESPOKE_S3_SECRET_ACCESS_KEY'],
      message: 'and BESPOKE_S3_ACCESS_KEY_ID must both be set, or neither',
    },
  )
  .superRefine((env, context) => withAzure(env, context));

/** What an Azure service cannot do without. */
function withAzure(env: Readonly<Record<string, unknown>>, context: z.RefinementCtx): void {
  if (env['BESPOKE_SPEECH'] !== 'azure') return;
  for (const name of ['BESPOKE_SPEECH_URL', 'BESPOKE_SPEECH_KEY', 'BESPOKE_SPEECH_VOICE']) {
    if ((env[name] ?? '') !== '') continue;
    context.addIssue({
      code: 'custom',
      path: [name],
      message: 'must be set, because BESPOKE_SPEECH is azure',
    });
  }
}

/** Every variable that is read. */
export const environmentNames: readonly string[] = Object.keys(environmentSchema.shape);

/** Where clips and videos are kept. */
export type StoreConfig =
  | { readonly kind: 'folder'; /** Absolute. */ readonly folder: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Starts every object's name; empty, or with a slash at its end. */
      readonly prefix: string;
      /** Unset: Amazon's own. */
      readonly endpoint: string | undefined;
      /** The service's address for viewers' browsers; unset: the same. */
      readonly publicEndpoint: string | undefined;
      readonly region: string;
      /** Unset: the AWS SDK looks for them. */
      readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
      /** Size of the copies that this machine keeps. */
      readonly cacheBytes: number;
    };

/** The voice of scenes that speak. */
export interface SpeechConfig {
  readonly engine: 'espeak-ng' | 'openai' | 'azure';
  /** Where a service is, without the path that all services of its form have. */
  readonly url: string;
  readonly key: string | undefined;
  readonly model: string;
  /** One voice, or one for each language: `en=…,de=…`. Empty: the engine's own. */
  readonly voices: string;
  readonly pricePerMillion: number | undefined;
}

/** The settings of this deployment. */
export interface Config {
  /** Absolute. For what one machine keeps: cache, logs and, with embedded engines, all state. */
  readonly workspace: string;
  /** Unset: the queue is embedded in this process. */
  readonly redisUrl: string | undefined;
  /** Unset: the database is embedded in the workspace, which then has one owner. */
  readonly databaseUrl: string | undefined;
  readonly store: StoreConfig;
  readonly secret: string | undefined;
  readonly browser: string | undefined;
  /** Origins such as `http://localhost:8788` from which images may be fetched although they are not public. */
  readonly imageOrigins: readonly string[];
  /** Origins to which webhooks may go although they are not public `https`. */
  readonly webhookOrigins: readonly string[];
  /** Origins, `tel:` and `mailto:`, to which addresses of records may lead. */
  readonly linkOrigins: readonly string[];
  /** The address of `serve` from outside, without a slash at its end; unset: where it listens. */
  readonly publicUrl: string | undefined;
  /** How long a link to a video works after the video is done. */
  readonly linkDays: number;
  readonly uploadLimitBytes: number;
  /** Requests a minute that one API key may make. */
  readonly rateLimit: number;
  /** Clips rendered at a time by this process; unset: by the number of cores. */
  readonly concurrency: number | undefined;
  readonly clipTimeoutMs: number;
  /** Unset: templates whose scenes speak cannot be used. */
  readonly speech: SpeechConfig | undefined;
  readonly remotionLicenseKey: string | undefined;
  /** How public addresses are reached; unset: directly. */
  readonly proxy: { readonly url: string; readonly noProxy: string } | undefined;
}

/** Whether the workspace has embedded engines, and so one process that owns it. */
export const isOwned = ({ redisUrl, databaseUrl }: Pick<Config, 'redisUrl' | 'databaseUrl'>): boolean =>
  redisUrl === undefined || databaseUrl === undefined;

function storeOf(env: z.infer<typeof environmentSchema>, workspace: string): StoreConfig {
  const place = env.BESPOKE_STORE;
  if (place === undefined) return { kind: 'folder', folder: path.join(workspace, 'store') };
  const parts = bucketAndPrefix.exec(place);
  if (parts === null) return { kind: 'folder', folder: path.resolve(place) };
  const [, bucket = '', prefix = ''] = parts;
  const { BESPOKE_S3_ACCESS_KEY_ID: accessKeyId, BESPOKE_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  return {
    kind: 's3',
    bucket,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    endpoint: env.BESPOKE_S3_ENDPOINT,
    publicEndpoint: env.BESPOKE_S3_PUBLIC_ENDPOINT,
    region: env.BESPOKE_S3_REGION,
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey },
    cacheBytes: env.BESPOKE_S3_CACHE_MB * 1_000_000,
  };
}

const speechOf = (env: z.infer<typeof environmentSchema>): SpeechConfig | undefined =>
  env.BESPOKE_SPEECH && {
    engine: env.BESPOKE_SPEECH,
    url: env.BESPOKE_SPEECH_URL ?? 'https://api.openai.com',
    key: env.BESPOKE_SPEECH_KEY,
    model: env.BESPOKE_SPEECH_MODEL,
    voices: env.BESPOKE_SPEECH_VOICE,
    pricePerMillion: env.BESPOKE_SPEECH_PRICE,
  };

/**
 * Reads variables; empty ones count as unset.
 *
 * @throws BespokeError `config-invalid` naming every variable that is wrong; values are not repeated.
 */
export function readEnvironment<S extends z.ZodType>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<S> {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  throw errors.environmentInvalid({
    problems: parsed.error.issues.map(({ path: [name], message }) => `${String(name)} ${message}`),
  });
}

/**
 * Reads the environment, once.
 *
 * @throws BespokeError `config-invalid` naming every variable that is wrong; values are not repeated.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const { https_proxy: proxy, no_proxy: noProxy } = environment;
  const env = readEnvironment(environmentSchema, {
    ...environment,
    // Programs read these in small letters too.
    HTTPS_PROXY: proxy || environment.HTTPS_PROXY,
    NO_PROXY: noProxy || environment.NO_PROXY,
  });
  const workspace = path.resolve(env.BESPOKE_WORKSPACE);
  return {
    workspace,
    redisUrl: env.REDIS_URL,
    databaseUrl: env.DATABASE_URL,
    store: storeOf(env, workspace),
    secret: env.BESPOKE_SECRET,
    browser: env.BESPOKE_BROWSER,
    imageOrigins: listOf(env.BESPOKE_IMAGE_ORIGINS),
    webhookOrigins: listOf(env.BESPOKE_WEBHOOK_ORIGINS),
    linkOrigins: listOf(env.BESPOKE_LINK_ORIGINS),
    publicUrl: env.BESPOKE_PUBLIC_URL?.replace(/\/+$/, ''),
    linkDays: env.BESPOKE_LINK_DAYS,
    uploadLimitBytes: env.BESPOKE_UPLOAD_LIMIT_MB * 1_000_000,
    rateLimit: env.BESPOKE_RATE_LIMIT,
    concurrency: env.BESPOKE_CONCURRENCY,
    clipTimeoutMs: env.BESPOKE_CLIP_TIMEOUT_S * 1000,
    speech: speechOf(env),
    remotionLicenseKey: env.REMOTION_LICENSE_KEY,
    proxy: env.HTTPS_PROXY === undefined ? undefined : { url: env.HTTPS_PROXY, noProxy: env.NO_PROXY },
  };
}
