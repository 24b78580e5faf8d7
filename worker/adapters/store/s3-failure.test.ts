import { describe, expect, it } from 'vitest';
import { BespokeError } from '../../../errors/bespoke-error.ts';
import type { S3Config } from './s3-client.ts';
import { isAbsent, isNotImplemented, isOvertaken, s3Failure } from './s3-failure.ts';

const config: S3Config = {
  kind: 's3',
  bucket: 'our-videos',
  prefix: '',
  endpoint: 'http://minio:9000',
  publicEndpoint: undefined,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDENT', secretAccessKey: 'HUSH' },
  cacheBytes: 1,
};

const answered = (status: number, name: string): Error =>
  Object.assign(new Error(`said of AKIDENT and HUSH`), { name, $metadata: { httpStatusCode: status } });
const broken = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'connect' });

const meaning = (error: unknown) => s3Failure(error, config, '/cache');

describe('what a failure of the store means', () => {
  it.each([
    [answered(404, 'NoSuchBucket'), /no bucket "our-videos"/],
    [answered(403, 'SignatureDoesNotMatch'), /denies access/],
    [answered(403, '403'), /denies access/],
    [answered(403, 'RequestTimeTooSkewed'), /clock/],
    [answered(301, 'PermanentRedirect'), /not in the region "eu-central-1"/],
    [answered(400, 'AuthorizationHeaderMalformed'), /not in the region/],
    [answered(400, 'InvalidRequest'), /does not accept the request \(InvalidRequest, 400\)/],
    [Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), /no credentials/],
    [broken('DEPTH_ZERO_SELF_SIGNED_CERT'), /NODE_EXTRA_CA_CERTS/],
    [broken('EPROTO'), /http:/],
  ])('%s is a refusal', (error, message) => {
    const failure = meaning(error);
    expect(failure).toMatchObject({ code: 'store-refused', retryable: false });
    expect(String(failure)).toMatch(message);
    expect(String(failure)).not.toMatch(/AKIDENT|HUSH/);
  });

  it.each([
    answered(500, 'InternalError'),
    answered(503, 'SlowDown'),
    answered(429, 'TooManyRequests'),
    answered(409, 'ConditionalRequestConflict'),
    broken('ECONNREFUSED'),
    broken('ECONNRESET'),
    broken('ENOTFOUND'),
    Object.assign(new Error('silence'), { name: 'TimeoutError' }),
    Object.assign(new Error('cut'), { code: 'ERR_STREAM_PREMATURE_CLOSE' }),
  ])('%s is an absence', (error) => {
    expect(meaning(error)).toMatchObject({ code: 'store-away', retryable: true });
  });

  it("tells this machine's disk from the store", () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
    expect(meaning(full)).toMatchObject({ code: 'disk-full' });
    const denied = Object.assign(new Error('no'), { code: 'EACCES', syscall: 'open', path: '/cache/x' });
    expect(meaning(denied)).toMatchObject({ code: 'directory-not-writable' });
  });

  it('leaves alone what it does not know', () => {
    const bug = new TypeError('undefined is not a function');
    expect(meaning(bug)).toBe(bug);
    const said = new BespokeError('stored-file-missing', 'gone');
    expect(meaning(said)).toBe(said);
  });
});

it('tells an absent object from an absent bucket', () => {
  expect(isAbsent(answered(404, 'NotFound'))).toBe(true);
  expect(isAbsent(answered(404, 'NoSuchKey'))).toBe(true);
  expect(isAbsent(answered(404, 'NoSuchBucket'))).toBe(false);
  expect(isAbsent(answered(403, 'AccessDenied'))).toBe(false);
});

it('knows the answers to a conditional write', () => {
  expect(isOvertaken(answered(412, 'PreconditionFailed'))).toBe(true);
  expect(isOvertaken(answered(404, 'NoSuchUpload'))).toBe(true);
  expect(isOvertaken(answered(403, 'AccessDenied'))).toBe(false);
  expect(isNotImplemented(answered(501, 'NotImplemented'))).toBe(true);
});
