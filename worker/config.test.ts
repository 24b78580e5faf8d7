import { expect, it } from 'vitest';
import { parseConfig } from './config.ts';

const key = { BESPOKE_S3_ACCESS_KEY_ID: 'id', BESPOKE_S3_SECRET_ACCESS_KEY: 'secret' };

it('keeps files in the workspace unless BESPOKE_STORE names another place', () => {
  expect(parseConfig({ BESPOKE_WORKSPACE: '/w' }).store).toEqual({ kind: 'folder', folder: '/w/store' });
  expect(parseConfig({ BESPOKE_STORE: '/mnt/s3' }).store).toEqual({ kind: 'folder', folder: '/mnt/s3' });
});

it('reads a bucket with its prefix, endpoint, region and credentials', () => {
  const settings = {
    BESPOKE_STORE: 's3://our-videos/live/eu',
    BESPOKE_S3_ENDPOINT: 'http://minio:9000',
    BESPOKE_S3_PUBLIC_ENDPOINT: 'https://media.example.com',
    BESPOKE_S3_REGION: 'eu-central-1',
    BESPOKE_S3_CACHE_MB: '500',
    ...key,
  };
  expect(parseConfig(settings).store).toEqual({
    kind: 's3',
    bucket: 'our-videos',
    prefix: 'live/eu/',
    endpoint: 'http://minio:9000',
    publicEndpoint: 'https://media.example.com',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    cacheBytes: 500_000_000,
  });
});

it.each(['s3://our-videos', 's3://our-videos/'])('knows that %s has no prefix', (BESPOKE_STORE) => {
  expect(parseConfig({ BESPOKE_STORE }).store).toMatchObject({ bucket: 'our-videos', prefix: '' });
});

it('leaves credentials to the SDK when none are given', () => {
  expect(parseConfig({ BESPOKE_STORE: 's3://our-videos' }).store).toMatchObject({ credentials: undefined });
});

it.each([
  's3://',
  's3:/our-videos',
  's3://Our_Videos',
  's3://our-videos/a b',
  'gs://our-videos',
  'https://x/y',
])('does not take %s for a place', (BESPOKE_STORE) => {
  expect(() => parseConfig({ BESPOKE_STORE })).toThrow(/BESPOKE_STORE must be a folder or s3:/);
});

it.each(Object.keys(key))('does not take %s alone, and repeats no value', (name) => {
  const alone = { BESPOKE_STORE: 's3://our-videos', [name]: 'a-value' };
  expect(() => parseConfig(alone)).toThrow(/must both be set, or neither/);
  expect(() => parseConfig(alone)).not.toThrow(/a-value/);
});

it.each([
  ['https://video.example.com/?a=1', 'a query'],
  ['https://video.example.com?', 'a query'],
  ['https://video.example.com/#top', 'a fragment'],
  ['https://video.example.com/#', 'a fragment'],
  ['https://me@video.example.com', 'a user or password'],
  ['https://:hush@video.example.com', 'a user or password'],
])('does not build links on %s, and says why without repeating it', (address, what) => {
  for (const name of ['BESPOKE_PUBLIC_URL', 'BESPOKE_S3_ENDPOINT', 'BESPOKE_S3_PUBLIC_ENDPOINT']) {
    expect(() => parseConfig({ [name]: address })).toThrow(`${name} must be an address without ${what}`);
    expect(() => parseConfig({ [name]: address })).not.toThrow(/hush|me@|a=1/);
  }
});

it('takes a path for part of the public address', () => {
  expect(parseConfig({ BESPOKE_PUBLIC_URL: 'https://example.com/videos/' }).publicUrl).toBe(
    'https://example.com/videos',
  );
});

it('has no voice unless one is named, and knows what each requires', () => {
  expect(parseConfig({}).speech).toBeUndefined();
  expect(parseConfig({ BESPOKE_SPEECH: 'openai', BESPOKE_SPEECH_PRICE: '15.5' }).speech).toEqual({
    ...{ engine: 'openai', url: 'https://api.openai.com', key: undefined, model: 'tts-1', voices: '' },
    pricePerMillion: 15.5,
  });
  expect(() => parseConfig({ BESPOKE_SPEECH: 'siri' })).toThrow(
    /BESPOKE_SPEECH must be espeak-ng, openai or/,
  );
  expect(() => parseConfig({ BESPOKE_SPEECH_PRICE: 'ten' })).toThrow(
    /BESPOKE_SPEECH_PRICE must be the price/,
  );
  const alone = { BESPOKE_SPEECH: 'azure', BESPOKE_SPEECH_KEY: 'a-value' };
  expect(() => parseConfig(alone)).toThrow(
    /BESPOKE_SPEECH_URL must be set.*BESPOKE_SPEECH_VOICE must be set/s,
  );
  expect(() => parseConfig(alone)).not.toThrow(/a-value|BESPOKE_SPEECH_KEY/);
});
