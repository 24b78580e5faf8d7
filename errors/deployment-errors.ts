import { defineError, list, listOr } from './define-error.ts';

/** A server. */
export interface Address {
  /** Host and port, never a password. */
  readonly address: string;
}

/** A bucket. */
export interface Bucket {
  readonly bucket: string;
}

/** Why the certificate of a server was refused, as Node reports it. */
export interface Certificate {
  readonly kind: 'authority' | 'name' | 'time';
  /** Node's code. */
  readonly why: string;
}

/** @param setting that holds the server's address. */
const describeCertificate = (server: string, setting: string, { kind, why }: Certificate): string => {
  switch (kind) {
    case 'authority':
      return `The certificate of ${server} is signed by an authority that this machine does not trust (${why}). Set NODE_EXTRA_CA_CERTS to a file with the certificate of that authority.`;
    case 'name':
      return `The certificate of ${server} is for another name (${why}). Use the name in the certificate in ${setting}.`;
    case 'time':
      return `The certificate of ${server} is not valid today (${why}). Renew it, or set the clock of this machine.`;
    default:
      return kind satisfies never;
  }
};

/** The workspace and its settings. */
const settings = {
  /** Each problem is a predicate that follows the variable's name: `REDIS_URL must be …`. */
  environmentInvalid: defineError(
    'config-invalid',
    ({ problems }: { readonly problems: readonly string[] }) => `${problems.join('. ')}.`,
  ),
  secretShort: defineError(
    'secret-invalid',
    (facts: { readonly source: string; readonly length: number; readonly least: number }) =>
      `${facts.source} has ${facts.length} characters. At least ${facts.least} are required, so that nobody can guess links and keys.`,
  ),
  workspaceHeld: defineError(
    'workspace-held',
    (facts: {
      readonly workspace: string;
      /** `undefined` where the process did not answer. */
      readonly holder: { readonly pid: number; readonly command: string; readonly since: string } | undefined;
    }) => {
      const { workspace, holder } = facts;
      const who =
        holder === undefined
          ? 'Another process, which is too busy to answer,'
          : `Process ${holder.pid} (${holder.command}, since ${holder.since})`;
      return `${who} uses the workspace ${workspace}. Its embedded queue and database serve one process at a time.`;
    },
  ),
};

/** The queue. */
const queue = {
  redisUrlInvalid: defineError(
    'redis-refused',
    () => 'REDIS_URL must have the form redis://host:6379 or rediss://host:6379.',
  ),
  redisRefused: defineError(
    'redis-refused',
    ({ address, why }: Address & { readonly why: string }) =>
      `Redis at ${address} refuses the connection: ${why}.`,
  ),
  redisCertificate: defineError('redis-refused', ({ address, ...certificate }: Address & Certificate) =>
    describeCertificate(`Redis at ${address}`, 'REDIS_URL', certificate),
  ),
  redisClusterApart: defineError(
    'redis-away',
    ({ address, seconds, why }: Address & { readonly seconds: number; readonly why: string }) =>
      `Redis at ${address} is part of a cluster, and its other nodes did not answer within ${seconds} s under the addresses that it reports (${why}). Every machine must reach every node of the cluster. See cluster-announce-ip in redis.conf.`,
  ),
  redisSilent: defineError(
    'redis-away',
    ({ address, seconds, why }: Address & { readonly seconds: number; readonly why: string }) =>
      `Redis at ${address} did not answer within ${seconds} s (${why}).`,
  ),
  redisStopped: defineError(
    'redis-away',
    ({ address, doing }: Address & { readonly doing: string }) =>
      `Redis at ${address} stopped answering while ${doing}.`,
  ),
  redisEvicts: defineError(
    'redis-evicts',
    ({ address, policy }: Address & { readonly policy: string }) =>
      `Redis at ${address} has the maxmemory-policy ${policy}. When memory runs short it drops jobs, and their videos are never finished.`,
  ),
  redisRefusesWrites: defineError(
    'redis-refuses-writes',
    ({ address, why }: Address & { readonly why: string }) =>
      `Redis at ${address} accepts no writes (${why}).`,
  ),
  embeddedQueueSilent: defineError(
    'internal',
    ({ doing }: { readonly doing: string }) => `The embedded queue did not answer while ${doing}.`,
  ),
};

/** The database. */
const database = {
  secretMismatch: defineError(
    'secret-mismatch',
    () =>
      'This database was created with another BESPOKE_SECRET. With this one, cached clips and existing links would stop working.',
  ),
  databaseNewer: defineError(
    'database-newer',
    () => 'A newer version of Bespoke has changed the tables of this database.',
  ),
  databaseOlder: defineError(
    'database-older',
    () => 'An older version of Bespoke created this database in a form that this version cannot read.',
  ),
  postgresUrlInvalid: defineError(
    'postgres-refused',
    () => 'DATABASE_URL must have the form postgres://user@host:5432/database.',
  ),
  postgresRefused: defineError(
    'postgres-refused',
    ({ address }: Address) => `PostgreSQL at ${address} refuses this user.`,
  ),
  postgresCertificate: defineError(
    'postgres-refused',
    ({ address, ...certificate }: Address & Certificate) =>
      `${describeCertificate(`PostgreSQL at ${address}`, 'DATABASE_URL', certificate)} Unlike psql, Bespoke also checks the certificate with sslmode=require.`,
  ),
  postgresCertificateFile: defineError(
    'postgres-refused',
    ({ file, why }: { readonly file: string; readonly why: string }) =>
      `A certificate file in DATABASE_URL cannot be read: ${file} (${why}).`,
  ),
  postgresSilent: defineError(
    'postgres-away',
    /** @param why the pooler's or the server's last words; `undefined` where it said nothing. */
    (facts: Address & { readonly seconds: number; readonly why: string | undefined }) =>
      `PostgreSQL at ${facts.address} did not answer for ${facts.seconds} s${facts.why === undefined ? '' : ` (${facts.why})`}.`,
  ),
  postgresSlow: defineError(
    'postgres-slow',
    ({ address, statement }: Address & { readonly statement: string | undefined }) =>
      `PostgreSQL at ${address} answers, but took too long for one statement${statement === undefined ? '' : ` (${statement})`}.`,
  ),
  postgresFull: defineError(
    'disk-full',
    ({ address }: Address) => `The database at ${address} has no space left.`,
  ),
};

/** The store of files, in a folder or a bucket. */
const store = {
  storedFileMissing: defineError(
    'stored-file-missing',
    ({ file }: { readonly file: string }) => `The file ${file} is missing from the store.`,
  ),
  storeFailing: defineError(
    'store-away',
    ({
      store: name,
      answered,
      why,
    }: {
      readonly store: string;
      readonly answered: boolean;
      readonly why: string;
    }) => `The store at ${name} ${answered ? 'answers with an error' : 'does not answer'} (${why}).`,
  ),
  storeAltersFiles: defineError(
    'store-away',
    ({ bucket }: Bucket) => `The bucket "${bucket}" returned other bytes than were written.`,
  ),
  downloadIncomplete: defineError(
    'store-away',
    ({ arrived, whole }: { readonly arrived: number; readonly whole: number }) =>
      `The store sent ${arrived} of ${whole} bytes.`,
  ),
  bucketUnknown: defineError('store-refused', ({ bucket }: Bucket) => `There is no bucket "${bucket}".`),
  bucketElsewhere: defineError(
    'store-refused',
    ({ bucket, region }: Bucket & { readonly region: string }) =>
      `The bucket "${bucket}" is not in the region "${region}". Set BESPOKE_S3_REGION to its region.`,
  ),
  bucketDenied: defineError(
    'store-refused',
    ({ bucket, why }: Bucket & { readonly why: string }) =>
      `The store denies access to the bucket "${bucket}" (${why}).`,
  ),
  bucketListingDenied: defineError(
    'store-refused',
    ({ bucket }: Bucket) =>
      `The access key may not list the bucket "${bucket}" (s3:ListBucket). Without that right the store does not report which files are missing.`,
  ),
  credentialsMissing: defineError(
    'store-refused',
    () =>
      'There are no credentials for the store. Set BESPOKE_S3_ACCESS_KEY_ID and BESPOKE_S3_SECRET_ACCESS_KEY, or give this machine a role.',
  ),
  clockSkewed: defineError(
    'store-refused',
    () => "This machine's clock differs too much from the store's. Set the clock.",
  ),
  certificateUntrusted: defineError('store-refused', (certificate: Certificate) =>
    describeCertificate('the store', 'BESPOKE_S3_ENDPOINT', certificate),
  ),
  storeWithoutTls: defineError(
    'store-refused',
    () => 'The store does not use TLS. Let BESPOKE_S3_ENDPOINT start with http://.',
  ),
  storeRequestRefused: defineError(
    'store-refused',
    ({ why }: { readonly why: string }) => `The store does not accept the request (${why}).`,
  ),
};

/** Parts of a deployment that do not answer or do not fit together. */
const parts = {
  /** @param own and others parts of an engine, such as `Remotion 4.0.527`, in which they differ. */
  enginesDiffer: defineError(
    'engine-mismatch',
    ({ own, others }: { readonly own: string; readonly others: string }) =>
      `This worker has ${own}; the other workers have ${others}. Their clips cannot be joined.`,
  ),
  engineUnknown: defineError(
    'engine-unknown',
    () =>
      'No worker has started in this deployment yet, so the versions of Remotion and of the browser are not known.',
  ),
  templateBroken: defineError(
    'template-broken',
    (facts: {
      readonly id: string;
      readonly reason: string;
      readonly file?: string | undefined;
      readonly line?: number | undefined;
    }) => {
      const { id, reason, file, line } = facts;
      const place = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}: `;
      return `Template ${id} cannot be loaded: ${place}${reason}`;
    },
  ),
  templateTwice: defineError(
    'template-broken',
    ({ id, folders }: { readonly id: string; readonly folders: readonly string[] }) =>
      `Two folders hold a template "${id}", and ids must differ: ${list(folders)}.`,
  ),
  templatesFolderMissing: defineError(
    'templates-missing',
    ({ folder }: { readonly folder: string }) =>
      `The folder ${folder} does not exist. Templates are looked for there.`,
  ),
  templatesFolderEmpty: defineError(
    'templates-missing',
    ({ folders }: { readonly folders: readonly string[] }) =>
      `No template is in ${listOr(folders)}: no folder there has a file template.ts.`,
  ),
  templatePackageMissing: defineError(
    'templates-missing',
    ({ name, file }: { readonly name: string; readonly file: string }) =>
      `${file} names the package ${name} under "bespoke", but it is not installed. Run \`npm install\`.`,
  ),
  templateSettingsInvalid: defineError(
    'config-invalid',
    ({ file }: { readonly file: string }) =>
      `"bespoke" in ${file} must be like { "templates": ["./templates", "a-package"] }.`,
  ),
  templateNotHere: defineError(
    'template-unknown',
    ({ template }: { readonly template: string }) => `This worker has no template "${template}".`,
  ),
  codeMismatch: defineError(
    'code-mismatch',
    ({ scene, template }: { readonly scene: string; readonly template: string }) =>
      `Scene "${scene}" of ${template} was planned with other code than this worker has.`,
  ),
  partSilent: defineError(
    'service-unavailable',
    ({ part, seconds }: { readonly part: string; readonly seconds: number }) =>
      `${part} did not answer within ${seconds} s.`,
  ),
};

/** What the browser and the encoder need of the machine. */
const tools = {
  browserBroken: defineError(
    'browser-missing',
    ({ browser }: { readonly browser: string }) =>
      `BESPOKE_BROWSER is set to ${browser}, which does not run.`,
  ),
  browserMissing: defineError(
    'browser-missing',
    ({ names }: { readonly names: readonly string[] }) =>
      `None of ${list(names)} is on the PATH, the browser in the npm package does not run on this system, and Remotion could not download one.`,
  ),
  ffmpegMissing: defineError(
    'ffmpeg-missing',
    ({ platform, arch }: { readonly platform: string; readonly arch: string }) =>
      `Remotion's ffmpeg was not found. Either npm left out optional dependencies, or Remotion has no ffmpeg for ${platform} on ${arch}.`,
  ),
};

/** Settings of a deployment, and the engines and tools behind it. */
export const deploymentErrors = { ...settings, ...queue, ...database, ...store, ...parts, ...tools };
