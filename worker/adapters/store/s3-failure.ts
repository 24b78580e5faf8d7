import { BespokeError } from '../../../errors/bespoke-error.ts';
import { errors } from '../../../errors/messages.ts';
import { findCertificateTrouble } from '../tls-failure.ts';
import type { S3Config } from './s3-client.ts';
import { isOfThisDisk, storageError } from './storage-error.ts';

interface Facts {
  /** The error's name, from the store or the SDK. */
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

/** Whether the store answered that a condition of the request does not hold, or no longer holds. */
export function isOvertaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, status } = factsOf(error);
  return status === 412 || status === 409 || name === 'NoSuchUpload';
}

/** Whether the store denied this to the key; without the right to list, it also denies absent objects. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && factsOf(error).status === 403;
}

/** Whether the store does not support a header of the request. */
export function isNotImplemented(error: unknown): boolean {
  return error instanceof Error && factsOf(error).status === 501;
}

/** The error for a refusal that lasts until a setting of the store or of Bespoke changes. */
function refusal(
  { name, code, status }: Facts,
  { bucket, region }: S3Config,
  cause: Error,
): BespokeError | undefined {
  if (name === 'NoSuchBucket' || name === 'InvalidBucketName') {
    return errors.bucketUnknown({ bucket }, { cause });
  }
  if (name === 'CredentialsProviderError') return errors.credentialsMissing(undefined, { cause });
  if (name === 'RequestTimeTooSkewed') return errors.clockSkewed(undefined, { cause });
  if (name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed' || status === 301) {
    return errors.bucketElsewhere({ bucket, region }, { cause });
  }
  if (status === 401 || status === 403) return errors.bucketDenied({ bucket, why: name }, { cause });
  const certificate = findCertificateTrouble(cause);
  if (certificate !== undefined) return errors.certificateUntrusted(certificate, { cause });
  if (code === 'EPROTO') return errors.storeWithoutTls(undefined, { cause });
  if (status !== undefined && status >= 400 && status < 500 && status !== 409 && status !== 429) {
    return errors.storeRequestRefused({ why: `${name}, ${status}` }, { cause });
  }
  return undefined;
}

const isConnectionTrouble = ({ code, name }: Facts): boolean =>
  name === 'TimeoutError' || (code !== undefined && /^(E[A-Z]+|ERR_(STREAM|HTTP|SSL)\w*)$/.test(code));

/**
 * The error for a remote store's failure, without the store's text, which may contain keys or credentials. Errors
 * that are neither the store's nor a disk's are returned as they are.
 */
export function s3Failure(error: unknown, config: S3Config, cacheFolder: string): unknown {
  if (!(error instanceof Error) || error instanceof BespokeError) return error;
  if (isOfThisDisk(error)) return storageError(error, cacheFolder);
  const facts = factsOf(error);
  const refused = refusal(facts, config, error);
  if (refused !== undefined) return refused;
  const answered = facts.status !== undefined;
  if (!answered && !isConnectionTrouble(facts)) return error;
  const where = config.endpoint === undefined ? 'Amazon S3' : new URL(config.endpoint).host;
  const why = answered ? `${facts.name}, ${facts.status}` : (facts.code ?? facts.name);
  return errors.storeFailing({ store: where, answered, why }, { cause: error });
}
