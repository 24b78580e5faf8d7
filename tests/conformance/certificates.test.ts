import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPostgresTables } from '../../worker/adapters/database/postgres.ts';
import { connectRedis } from '../../worker/adapters/queue/redis.ts';
import { makeCertificates, type Certificates } from '../container/certificates.ts';
import { startTestPostgres, type TestPostgres } from '../services/postgres-server.ts';
import { startTestRedis, type TestRedis } from '../services/redis-server.ts';
import { silent } from './queue-bench.ts';

describe('servers whose certificates are of an authority that this machine does not know', () => {
  let folder: string;
  let certificates: Certificates;
  let postgres: TestPostgres;
  let redis: TestRedis;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bespoke-certificates-'));
    certificates = await makeCertificates(folder);
    postgres = await startTestPostgres({ tls: certificates });
    redis = await startTestRedis({ tls: certificates });
  });
  afterAll(async () => {
    await Promise.all([postgres?.remove(), redis?.remove()]);
    await rm(folder, { recursive: true, force: true });
  });

  const open = (query: string, host = '127.0.0.1') => {
    const url = new URL(`${postgres.url}?${query}`);
    url.hostname = host;
    return connectPostgresTables({ url: url.href, log: silent, startupMs: 3_000 });
  };

  it.each(['require', 'verify-full'])(
    'PostgreSQL with sslmode=%s is refused with the setting that helps, at once',
    async (mode) => {
      const refused = open(`sslmode=${mode}`);
      await expect(refused).rejects.toMatchObject({ code: 'postgres-refused', retryable: false });
      await expect(refused).rejects.toThrow(/an authority that this machine does not trust \([A-Z_]+\)/);
      await expect(refused).rejects.toThrow(/NODE_EXTRA_CA_CERTS.*sslmode=require/);
    },
  );

  it('PostgreSQL is trusted with the authority in sslrootcert, and no warning is written', async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', note);
    const tables = await open(`sslmode=require&sslrootcert=${certificates.authority}`);
    await tables.close();
    await new Promise(setImmediate);
    process.off('warning', note);
    expect(warnings.filter((each) => /ssl/i.test(each))).toEqual([]);
  });

  it('a certificate for another name is told from one of another authority', async () => {
    const refused = open(`sslmode=verify-full&sslrootcert=${certificates.authority}`, 'localhost');
    await expect(refused).rejects.toThrow(
      /is for another name \(ERR_TLS_CERT_ALTNAME_INVALID\).*DATABASE_URL/,
    );
  });

  it('a certificate file that is not there is named', async () => {
    const refused = open('sslmode=verify-full&sslrootcert=/nowhere/ca.pem');
    await expect(refused).rejects.toMatchObject({ code: 'postgres-refused' });
    await expect(refused).rejects.toThrow('/nowhere/ca.pem (ENOENT)');
  });

  it('Redis is refused with the setting that helps', async () => {
    const refused = connectRedis({ url: redis.url, log: silent, startupMs: 3_000 });
    await expect(refused).rejects.toMatchObject({ code: 'redis-refused' });
    await expect(refused).rejects.toThrow(/does not trust.*NODE_EXTRA_CA_CERTS/);
  });
});
