import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { query } from '../../worker/adapters/database/database.ts';
import type { Idempotency, Orders } from '../../worker/core/orders.ts';
import { keysOf } from './ledger-bench.ts';
import { orderDraft, renderDraft, tableBackends, type TablesBackend } from './orders-bench.ts';

describe.each(tableBackends)('orders on %s', (_database, openBackend) => {
  let backend: TablesBackend;
  let orders: Orders;

  beforeAll(async () => {
    backend = await openBackend();
    orders = backend.orders;
  });
  afterAll(() => backend.close());

  const newKey = (fingerprint = 'f'): Idempotency => ({ ...keysOf('key', 'apiKey'), fingerprint });

  /** As if a request had come so long ago. */
  const age = (key: Idempotency, days: number): Promise<unknown> =>
    backend.connection.database.execute(
      sql`update bespoke.idempotency set created_at = now() - ${`${days} days`}::interval where key = ${key.key}`,
    );

  const countKeys = async (): Promise<number> =>
    (
      await query(
        backend.connection.database,
        z.object({ key: z.string() }),
        sql`select key from bespoke.idempotency`,
      )
    ).length;

  it('gives orders back as they were placed', async () => {
    const csv = orderDraft({
      rows: 3,
      metadata: { campaign: 'Spring \u0000 \u{1f338}', '': 'empty name' },
      source: {
        kind: 'csv',
        file: 'abc.csv',
        fileName: '../\u202efdp.csv',
        map: [{ column: 'First Name', field: 'firstName' }],
        idColumn: 'id',
      },
    });
    const record = renderDraft({
      source: { kind: 'record', record: { name: 'Zoë \u0000\ud83d', deep: [{ a: null }] } },
      webhookUrl: undefined,
      quality: 'high',
      priority: 1,
      format: '9:16',
    });
    for (const order of [csv, record]) {
      const entry = { ...order, status: { state: 'planning' }, cancelling: false };
      expect(await orders.place(order, undefined)).toEqual({ outcome: 'placed', order: entry });
      expect(await orders.find(order.id)).toEqual(entry);
      expect(await orders.place(order, undefined)).toEqual({ outcome: 'placed', order: entry });
    }
    expect(await orders.find('unknown')).toBeUndefined();
  });

  it('does not continue another campaign that a client gave the same identity', async () => {
    const [first, second] = [orderDraft({ identity: 'same' }), orderDraft({ identity: 'same' })];
    await orders.place(first, undefined);
    expect(await orders.place(second, undefined)).toMatchObject({
      outcome: 'placed',
      order: { id: second.id },
    });
  });

  it('places one order for one idempotency key', async () => {
    const key = newKey();
    const first = orderDraft();
    const placed = await orders.place(first, key);
    expect(placed.outcome).toBe('placed');
    expect(await orders.place(orderDraft(), key)).toEqual({
      outcome: 'repeated',
      order: await orders.find(first.id),
    });
    expect(await orders.place(orderDraft(), { ...key, fingerprint: 'other' })).toEqual({
      outcome: 'conflict',
    });
    const elsewhere = orderDraft();
    expect(await orders.place(elsewhere, { ...key, apiKey: 'another client' })).toMatchObject({
      outcome: 'placed',
      order: { id: elsewhere.id },
    });
  });

  it('places one order when requests with one key race', async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = newKey();
      const placed = await Promise.all(
        ['f', 'f', 'other', 'f', 'other'].map((fingerprint) =>
          orders.place(orderDraft({ metadata: { fingerprint } }), { ...key, fingerprint }),
        ),
      );
      expect(placed.filter(({ outcome }) => outcome === 'placed')).toHaveLength(1);
      const found = placed.flatMap((each) => (each.outcome === 'conflict' ? [] : [each.order]));
      expect(new Set(found.map(({ id }) => id)).size).toBe(1);
      const fingerprints = new Set(found.map(({ metadata }) => metadata['fingerprint']));
      expect(fingerprints.size).toBe(1);
      expect(found).toHaveLength(fingerprints.has('f') ? 3 : 2);
    }
  });

  it('leaves nothing behind when placing fails, so that the key can be used', async () => {
    const key = newKey();
    const invalid = orderDraft({ rows: 2 ** 40 });
    await expect(orders.place(invalid, key)).rejects.toThrow();
    expect(await orders.find(invalid.id)).toBeUndefined();
    expect((await orders.place(orderDraft(), { ...key, fingerprint: 'another' })).outcome).toBe('placed');
  });

  it('lets a key be used again after seven days, by one of those who race', async () => {
    const [recent, old] = [newKey(), newKey()];
    const first = orderDraft();
    await orders.place(first, recent);
    await orders.place(orderDraft(), old);
    await age(recent, 6.9);
    await age(old, 7.1);
    expect((await orders.place(orderDraft(), { ...recent, fingerprint: 'g' })).outcome).toBe('conflict');
    const again = [1, 2, 3].map(() => orderDraft());
    const placed = await Promise.all(again.map((order) => orders.place(order, { ...old, fingerprint: 'g' })));
    expect(placed.map(({ outcome }) => outcome).toSorted()).toEqual(['placed', 'repeated', 'repeated']);
    expect(await orders.place(orderDraft(), { ...recent, fingerprint: 'f' })).toMatchObject({
      outcome: 'repeated',
      order: { id: first.id },
    });
  });

  it('forgets old keys by and by', async () => {
    const old = newKey();
    await orders.place(orderDraft(), old);
    await age(old, 8);
    const before = await countKeys();
    for (let request = 0; request < 100; request += 1) await orders.place(orderDraft(), newKey());
    expect(await countKeys()).toBe(before - 1 + 100);
  });

  it('lists orders of a kind newest first, in pages', async () => {
    const placed = [1, 2, 3, 4, 5].map(() => renderDraft());
    for (const order of placed) await orders.place(order, undefined);
    await orders.place(orderDraft(), undefined);
    const first = await orders.list('render', undefined, 2);
    const later = renderDraft();
    await orders.place(later, undefined);
    const second = await orders.list('render', first.next, 3);
    expect([...first.orders, ...second.orders].map(({ id }) => id)).toEqual(
      placed.map(({ id }) => id).toReversed(),
    );
    expect((await orders.list('render', undefined, 1)).orders[0]?.id).toBe(later.id);
    const all = await orders.list('render', undefined, 1_000);
    expect(all.next).toBeUndefined();
    expect(all.orders.every(({ kind }) => kind === 'render')).toBe(true);
    await expect(orders.list('render', 'x; drop', 1)).rejects.toMatchObject({ code: 'request-invalid' });
  });

  it('pages through all that is not settled, oldest first', async () => {
    const [planning, rendering, ended] = [orderDraft(), orderDraft({ rows: 0 }), orderDraft({ rows: 0 })];
    for (const order of [planning, rendering, ended]) await orders.place(order, undefined);
    await orders.planned(rendering.id);
    await orders.planned(ended.id);
    await orders.settle([ended.id]);
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await orders.unsettled(after, 2);
      ids.push(...page.orders.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(ids.slice(-2)).toEqual([planning.id, rendering.id]);
    expect(ids).not.toContain(ended.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
