import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey } from '../../worker/core/keys.ts';
import { type TablesBackend, tableBackends } from './tables-bench.ts';

const newKey = (changes: Partial<ApiKey> = {}): Omit<ApiKey, 'createdAt' | 'revokedAt'> => ({
  id: randomBytes(8).toString('hex'),
  name: 'CRM',
  scopes: ['render', 'read'],
  hash: randomBytes(32).toString('hex'),
  ...changes,
});

describe.each(tableBackends)('API keys on %s', (_database, openBackend) => {
  let db: TablesBackend;

  beforeAll(async () => {
    db = await openBackend();
  });
  afterAll(() => db.close());

  it('make one first key, however many start at once, and none later', async () => {
    const fresh = await openBackend();
    try {
      const wishes = [1, 2, 3, 4].map(() => newKey({ scopes: ['admin'] }));
      const made = await Promise.all(wishes.map((wish) => fresh.keys.addFirst(wish)));
      expect(made.filter(Boolean)).toHaveLength(1);
      const listed = await fresh.keys.list();
      expect(listed).toHaveLength(1);
      const winner = wishes[made.indexOf(true)] ?? newKey();
      expect(listed[0]).toMatchObject({ id: winner.id, hash: winner.hash });
      expect(await fresh.keys.addFirst(winner)).toBe(true);
      await fresh.keys.revoke(winner.id);
      expect(await fresh.keys.addFirst(newKey())).toBe(false);
    } finally {
      await fresh.close();
    }
  });

  it('are given back as they were added, oldest first', async () => {
    const [first, second] = [newKey({ name: 'Zoë \u{1f511}' }), newKey({ scopes: ['admin'] })];
    const added = [await db.keys.add(first), await db.keys.add(second)];
    expect(added[0]).toEqual({ ...first, createdAt: added[0]?.createdAt, revokedAt: undefined });
    expect(Math.abs(Date.now() - (added[0]?.createdAt.getTime() ?? 0))).toBeLessThan(60_000);
    expect(await db.keys.find(first.id)).toEqual(added[0]);
    expect(await db.keys.find('unknown')).toBeUndefined();
    expect((await db.keys.list()).slice(-2)).toEqual(added);
    expect(await db.keys.add(first)).toEqual(added[0]);
    await expect(db.keys.add(newKey({ id: first.id }))).rejects.toThrow('another API key');
  });

  it('are revoked once, and stay known', async () => {
    const { id } = await db.keys.add(newKey());
    expect(await db.keys.revoke(id)).toBe(true);
    const revokedAt = (await db.keys.find(id))?.revokedAt;
    expect(revokedAt).toBeInstanceOf(Date);
    expect(await db.keys.revoke(id)).toBe(true);
    expect((await db.keys.find(id))?.revokedAt).toEqual(revokedAt);
    expect((await db.keys.list()).map((key) => key.id)).toContain(id);
    expect(await db.keys.revoke('unknown')).toBe(false);
  });
});
