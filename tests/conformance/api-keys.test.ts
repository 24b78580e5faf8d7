import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey, ApiKeys } from '../../worker/core/api-keys.ts';
import { tableBackends, type TablesBackend } from './orders-bench.ts';

const newKey = (changes: Partial<ApiKey> = {}): Omit<ApiKey, 'createdAt' | 'revokedAt'> => ({
  id: randomBytes(8).toString('hex'),
  name: 'CRM',
  scopes: ['render', 'read'],
  hash: randomBytes(32).toString('hex'),
  ...changes,
});

describe.each(tableBackends)('API keys on %s', (_database, openBackend) => {
  let backend: TablesBackend;
  let apiKeys: ApiKeys;

  beforeAll(async () => {
    backend = await openBackend();
    apiKeys = backend.apiKeys;
  });
  afterAll(() => backend.close());

  it('make one first key, however many start at once, and none later', async () => {
    const fresh = await openBackend();
    try {
      const wishes = [1, 2, 3, 4].map(() => newKey({ scopes: ['admin'] }));
      const made = await Promise.all(wishes.map((wish) => fresh.apiKeys.addFirst(wish)));
      expect(made.filter(Boolean)).toHaveLength(1);
      const listed = await fresh.apiKeys.list();
      expect(listed).toHaveLength(1);
      const winner = wishes[made.indexOf(true)] ?? newKey();
      expect(listed[0]).toMatchObject({ id: winner.id, hash: winner.hash });
      expect(await fresh.apiKeys.addFirst(winner)).toBe(true);
      await fresh.apiKeys.revoke(winner.id);
      expect(await fresh.apiKeys.addFirst(newKey())).toBe(false);
    } finally {
      await fresh.close();
    }
  });

  it('are given back as they were added, oldest first', async () => {
    const [first, second] = [newKey({ name: 'Zoë \u{1f511}' }), newKey({ scopes: ['admin'] })];
    const added = [await apiKeys.add(first), await apiKeys.add(second)];
    expect(added[0]).toEqual({ ...first, createdAt: added[0]?.createdAt, revokedAt: undefined });
    expect(Math.abs(Date.now() - (added[0]?.createdAt.getTime() ?? 0))).toBeLessThan(60_000);
    expect(await apiKeys.find(first.id)).toEqual(added[0]);
    expect(await apiKeys.find('unknown')).toBeUndefined();
    expect((await apiKeys.list()).slice(-2)).toEqual(added);
    expect(await apiKeys.add(first)).toEqual(added[0]);
    await expect(apiKeys.add(newKey({ id: first.id }))).rejects.toThrow('another API key');
  });

  it('are revoked once, and stay known', async () => {
    const { id } = await apiKeys.add(newKey());
    expect(await apiKeys.revoke(id)).toBe(true);
    const revokedAt = (await apiKeys.find(id))?.revokedAt;
    expect(revokedAt).toBeInstanceOf(Date);
    expect(await apiKeys.revoke(id)).toBe(true);
    expect((await apiKeys.find(id))?.revokedAt).toEqual(revokedAt);
    expect((await apiKeys.list()).map((key) => key.id)).toContain(id);
    expect(await apiKeys.revoke('unknown')).toBe(false);
  });
});
