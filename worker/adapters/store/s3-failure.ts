import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { S3Config } from './s3-client.ts';
import { isOfThisDisk, storageError } from './storage-error.ts';

const certificateTrouble = new Set([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

interface Facts {
  /** The store's or the SDK's name for it. */
  readonly name: string;
  /** Node's code of a connection that failed. */
  readonly code: string | undefined;
  readonly status: number | undefined;
}

function factsOf(error: Error): Facts {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return {
    name: error.name,
    code,
    status: typeof status === 'number' ? status : undefined,
  };
}

/** Whether the store answered that there is no such object. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, status } = factsOf(error);
  return name === 'NoSuchKey' || name === 'NotFound' || (status === 404 && name !== 'NoSuchBucket');
}

/** Whether the store answered that a condition of the request does not hold, or not any more. */
export function isOvertaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, status } = factsOf(error);
  return status === 412 || status === 409 || name === 'NoSuchUpload';
}

/** Whether the store answered that this key may not do it; without the right to list, absence too. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && factsOf(error).status === 403;
}

/** Whether the store does not know what a header of the request asks for. */
export function isNotImplemented(error: unknown): boolean {
  return error instanceof Error && factsOf(error).status === 501;
}

function refusal({ name, code, status }: Facts, { bucket, region }: S3Config): string | undefined {
  if (name === 'NoSuchBucket' || name === 'InvalidBucketName') return `There is no bucket "${bucket}".`;
  if (name === 'CredentialsProviderError') return 'No credentials for the store were found.';
  if (name === 'RequestTimeTooSkewed') return "This machine's clock differs too much from the store's.";
  if (name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed' || status === 301) {
    return `The bucket "${bucket}" is not in the region "${region}".`;
  }
  if (status === 401 || status === 403) return `The store denies access to the bucket "${bucket}" (${name}).`;
  if (code !== undefined && certificateTrouble.has(code)) {
    return `The store's certificate is not trusted (${code}); NODE_EXTRA_CA_CERTS can name its authority.`;
  }
  if (code === 'EPROTO') return 'The store does not speak TLS; its endpoint begins with http://.';
  if (status !== undefined && status >= 400 && status < 500 && status !== 409 && status !== 429) {
    return `The store does not accept the request (${name}, ${status}).`;
  }
  return undefined;
}

const isConnectionTrouble = ({ code, name }: Facts): boolean =>
  name === 'TimeoutError' || (code !== undefined && /^(E[A-Z]+|ERR_(STREAM|HTTP|SSL)\w*)$/.test(code));

/**
 * Says what a remote store's failure means to a person, without anything that the store said of keys
 * or credentials. Errors that are neither the store's nor a disk's are returned as they are.
 */
export function s3Failure(error: unknown, config: S3Config, cacheFolder: string): unknown {
  if (!(error instanceof Error) || error instanceof BespokeError) return error;
  if (isOfThisDisk(error)) return storageError(error, cacheFolder);
  const facts = factsOf(error);
  const refused = refusal(facts, config);
  if (refused !== undefined) return new BespokeError('store-refused', refused, { cause: error });
  const answered = facts.status !== undefined;
  if (!answered && !isConnectionTrouble(facts)) return error;
  const where = config.endpoint === undefined ? 'Amazon S3' : new URL(config.endpoint).host;
  const why = answered ? `${facts.name}, ${facts.status}` : (facts.code ?? facts.name);
  return new BespokeError('store-away', `The store at ${where} does not answer as it should (${why}).`, {
    cause: error,
  });
}
