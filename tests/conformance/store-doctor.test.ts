import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { guarded, type Finding } from '../../cli/machine-checks.ts';
import { checkStore } from '../../cli/machine-checks.ts';
import type { StoreConfig } from '../../worker/config.ts';
import { s3Config, silent } from './store-kinds.ts';

let cacheFolder: string;
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'bespoke-doctor-'));
});
afterEach(() => rm(cacheFolder, { recursive: true, force: true }));

const check = (store: StoreConfig, publicUrl?: string): Promise<Finding> =>
  guarded('Store', () => checkStore({ store, publicUrl }, { cacheFolder, log: silent }));

const bucket = (changes = {}) => s3Config(inject('s3'), { prefix: 'live/', ...changes });

it('tells which bucket it has written to, read from and tidied', async () => {
  const finding = await check(bucket());
  expect(finding).toMatchObject({ state: 'ok', advice: null });
  expect(finding.found).toMatch(/^s3:\/\/bespoke-test\/live\/ at 127\.0\.0\.1:\d+; written, .* \d+ ms$/);
});

it('tells where files lie without a bucket', async () => {
  const folder = join(cacheFolder, 'store');
  expect(await check({ kind: 'folder', folder })).toMatchObject({ state: 'ok', found: folder });
  expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.probe'))).toEqual([]);
});

it.each([
  ['a bucket that is not there', { bucket: 'elsewhere' }, /no bucket "elsewhere"/, /bucket, region/],
  [
    'credentials that are wrong',
    { credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'wrong' } },
    /denies access .*\((SignatureDoesNotMatch|403|Forbidden|Unknown\w*)\)/,
    /credentials/,
  ],
  ['nobody there', { endpoint: 'http://127.0.0.1:9' }, /127\.0\.0\.1:9 does not answer/, /can reach it/],
])('says what to do about %s', async (_case, changes, found, advice) => {
  const finding = await check(bucket(changes));
  expect(finding.state).toBe('fail');
  expect(finding.found).toMatch(found);
  expect(finding.advice).toMatch(advice);
});

it('warns when viewers would be sent where they cannot go', async () => {
  const outside = 'https://video.example.com';
  const inside = await check(bucket(), outside);
  expect(inside).toMatchObject({ state: 'warn' });
  expect(inside.advice).toMatch(/BESPOKE_S3_PUBLIC_ENDPOINT to its address for browsers/);
  const insecure = await check(bucket({ publicEndpoint: 'http://media.example.com' }), outside);
  expect(insecure.advice).toMatch(/do not load http files on an https page/);
  expect(await check(bucket({ publicEndpoint: 'https://media.example.com' }), outside)).toMatchObject({
    state: 'ok',
  });
  expect(await check(bucket(), 'http://127.0.0.1:8787')).toMatchObject({ state: 'ok' });
});
